"""The intent component under Rasa: the checks that all our components share, and its own promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from saldo.rasa_runtime.components.intent import IntentComponent
from saldo.rasa_runtime.components.preprocessing import LanguageComponent
from tests.nlu.checks import CHECKS, Case, process

BEFORE = (LanguageComponent,)
QUICK = {"messages": str(Path(__file__).with_name("few_messages"))}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_component(check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALDO_HOME", str(tmp_path))
    check(Case(IntentComponent, tmp_path, BEFORE, QUICK))


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(IntentComponent, tmp_path_factory.mktemp("intent"), BEFORE, QUICK)


@pytest.fixture(scope="module")
def component(case: Case) -> Any:
    return case.trained()[0]


def test_each_question_carries_topic_status_ranking_and_language(case: Case, component: Any) -> None:
    (answer,) = case.answers(component, ("Ik heb dubbel betaald.",))
    (question,) = answer["questions"]
    assert set(question) == {
        "text", "start", "end", "topic", "confidence", "ranking", "status", "choices", "language", "act",
        "facet", "point",
    }  # fmt: skip
    assert question["language"] == "nl"
    assert len(question["ranking"]) <= 5


def test_a_tapped_choice_is_taken_at_its_word(component: Any) -> None:
    message = Message({"text": "Opzeggen", "metadata": {"option": "cancel_service"}})
    process(component, [message])
    assert message.get("intent") == {"name": "cancel_service", "confidence": 1.0}
    assert message.get("questions")[0]["status"] == "answer"


@pytest.mark.parametrize("text", ["How do I cancel my subscription today?", "Comment résilier mon abonnement ?"])
def test_another_language_is_out_of_scope(case: Case, component: Any, text: str) -> None:
    (answer,) = case.answers(component, (text,))
    assert answer["language"]["code"] == "other"
    assert answer["intent"]["name"] == "out_of_scope"


def test_an_empty_message_asks_nothing(case: Case, component: Any) -> None:
    (answer,) = case.answers(component, ("",))
    assert answer["questions"] == []
    assert answer["intent"]["name"] == "out_of_scope"


def test_other_messages_are_another_model_to_rasas_cache(tmp_path: Path) -> None:
    config = {"messages": str(tmp_path), "points": str(tmp_path)}
    before = IntentComponent.fingerprint_addon(config)
    (tmp_path / "nl.jsonl").write_text("{}", encoding="utf-8")
    assert IntentComponent.fingerprint_addon(config) != before
