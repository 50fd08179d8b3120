"""The same share of the examples for each pipeline, asked in processes of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from benchmarks.peers import Contender, Steps, table, write_share
from saldo.evaluation import Labelled, read_labelled
from tests.support import CHECKOUT

ASKED = [
    Labelled("Hoe zeg ik het abonnement op?", "cancel_service", "nl"),
    Labelled("Miten irtisanon palvelun?", "cancel_service", "fi"),
    Labelled("Wat voor weer wordt het?", "out_of_scope", "nl"),
    Labelled("Millainen sää huomenna on?", "out_of_scope", "fi"),
]


def test_a_share_has_some_of_each_intent_and_is_always_the_same(tmp_path: Path) -> None:
    examples = [Labelled(f"vraag {number}", label, "nl") for label in ("greet", "thank") for number in range(30)]
    first, second = (read_labelled([write_share(examples, 0.1, tmp_path / name)]) for name in "ab")
    assert [(one.text, one.label) for one in first] == [(one.text, one.label) for one in second]
    assert {label: sum(one.label == label for one in first) for label in ("greet", "thank")} == {"greet": 3, "thank": 3}


@pytest.mark.parametrize("runner", ["planned", "dask"])
def test_a_pipeline_is_asked_and_its_answers_counted(model: Path, tmp_path: Path, runner: str) -> None:
    steps = Steps(CHECKOUT, tmp_path, ASKED, bool)
    asked = Contender("Saldo", CHECKOUT / "config.yml", model, frozenset({"out_of_scope"}), runner)
    found = steps.ask(asked, training_seconds=1.0)
    assert {language: share.value for language, share in found.right.items()} == {"nl": 1.0, "fi": 1.0}
    assert {language: share.value for language, share in found.refused.items()} == {"nl": 1.0, "fi": 1.0}
    assert 0 < found.median_milliseconds <= found.slow_milliseconds
    console = Console(record=True, width=100)
    console.print(table([found]))
    assert "a question, median" in console.export_text()
