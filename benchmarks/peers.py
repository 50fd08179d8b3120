"""Saldo's pipeline beside stock Rasa's: the same examples, the same questions, one after the other in one run."""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.table import Table

from saldo.errors import SaldoError
from saldo.evaluation.labelled import Labelled, read_labelled
from saldo.evaluation.report import cell
from saldo.evaluation.scores import Share
from saldo.language import LANGUAGES
from saldo.nlu.decision import OUT_OF_SCOPE, is_topic

STOCK = Path(__file__).with_name("stock.yml")
FALLBACK = "nlu_fallback"
Tell = Callable[[str], object]
"""Called with what is being done."""


@dataclass(frozen=True)
class Standing:
    """How one pipeline did."""

    name: str
    right: dict[str, Share]
    """Topic questions understood as their topic, per language."""
    wrong: Share
    """Topic questions understood as another topic."""
    refused: dict[str, Share]
    """Out-of-scope questions understood as such, per language; of stock Rasa its fallback counts as well."""
    median_milliseconds: float
    slow_milliseconds: float
    """What 99 of 100 questions stay below."""
    training_seconds: float
    start_seconds: float
    """From an empty process to a loaded model."""
    megabytes: float
    """The most memory that answering took."""


@dataclass(frozen=True)
class Contender:
    """A pipeline: how it is configured, where its model goes, which intents are a refusal, and how its graph is run."""

    name: str
    config: Path
    model: Path
    refusing: frozenset[str]
    runner: str


def compare(home: Path, questions: Sequence[Labelled], share: float, finding: Tell = bool) -> list[Standing]:
    """Trains both on the same share of each intent's examples and asks both the same, each in processes of its own.

    They are asked one right after the other, so that the machine is as busy for both.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = write_share(read_labelled([home / "data" / code for code in LANGUAGES]), share, folder / "data")
        steps = Steps(home, data, questions, finding)
        config, refusing = _stock_home(folder / "stock", home), frozenset({OUT_OF_SCOPE, FALLBACK})
        both = (
            Contender("Saldo", home / "config.yml", folder / "saldo.tar.gz", frozenset({OUT_OF_SCOPE}), "planned"),
            Contender("stock Rasa (DIET)", config, folder / "stock.tar.gz", refusing, "dask"),
        )
        trained = [steps.train(each) for each in both]
        return [steps.ask(each, seconds) for each, seconds in zip(both, trained, strict=True)]


def write_share(examples: Sequence[Labelled], share: float, folder: Path) -> Path:
    """The folder, with so much of each intent's examples in each language as Rasa's NLU data; always the same ones."""
    grouped: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for one in examples:
        grouped[one.language, one.label].append(one.text)
    for (language, label), texts in grouped.items():
        sampled = random.Random(0).sample(texts, max(2, round(share * len(texts))))
        lines = "".join(f"- {text}\n" for text in sorted(sampled))
        content = {"version": "3.1", "nlu": [{"intent": label, "examples": lines}]}
        path = folder / language / f"{label}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def _stock_home(stock: Path, home: Path) -> Path:
    """A project like ours but for its pipeline, in a folder of its own; gives its `config.yml`."""
    stock.mkdir()
    for name in ("data", "faq"):
        (stock / name).symlink_to(home / name)
    (stock / "config.yml").write_text(STOCK.read_text(encoding="utf-8"), encoding="utf-8")
    return stock / "config.yml"


def table(standings: Iterable[Standing]) -> Table:
    """A row per measure, a column per pipeline."""
    rows = list(standings)
    made = Table("", title="On the same examples and questions, in one run")
    for each in rows:
        made.add_column(each.name, justify="right")
    for language in rows[0].right:
        made.add_row(f"{language}: topic questions right", *(cell(each.right[language]) for each in rows))
    for language in rows[0].refused:
        made.add_row(f"{language}: out of scope refused", *(cell(each.refused[language]) for each in rows))
    made.add_row("answered with a wrong article", *(cell(each.wrong) for each in rows))
    made.add_row("a question, median", *(f"{each.median_milliseconds:.1f} ms" for each in rows))
    made.add_row("a question, 99 of 100 below", *(f"{each.slow_milliseconds:.1f} ms" for each in rows))
    made.add_row("training", *(f"{each.training_seconds:.0f} s" for each in rows))
    made.add_row("start, model and all", *(f"{each.start_seconds:.1f} s" for each in rows))
    made.add_row("memory", *(f"{each.megabytes:.0f} MB" for each in rows))
    return made


def as_json(standings: Iterable[Standing]) -> list[dict[str, Any]]:
    """The same as plain values."""
    return [asdict(each) for each in standings]


@dataclass(frozen=True)
class Steps:
    """What both pipelines go through."""

    home: Path
    data: Path
    questions: Sequence[Labelled]
    finding: Tell

    def train(self, one: Contender) -> float:
        """The seconds that learning took."""
        self.finding(f"{one.name}: training …")
        found = _run(one.config.parent, self.home, "train", str(one.config), str(self.data), str(one.model))
        return float(found["seconds"])

    def ask(self, asked: Contender, training_seconds: float) -> Standing:
        """Ask, and count."""
        self.finding(f"{asked.name}: {len(self.questions)} questions …")
        lines = "".join(json.dumps(one.text) + "\n" for one in self.questions)
        found = _run(asked.config.parent, self.home, "parse", str(asked.model), asked.runner, stdin=lines)
        times = sorted(each["milliseconds"] for each in found["parsed"])
        intents = [each["intent"] for each in found["parsed"]]
        topics = [pair for pair in zip(self.questions, intents, strict=True) if is_topic(pair[0].label)]
        outside = [pair for pair in zip(self.questions, intents, strict=True) if pair[0].label == OUT_OF_SCOPE]
        return Standing(
            asked.name,
            right=_shares(topics, lambda one, intent: intent == one.label),
            wrong=_share(topics, lambda one, intent: intent not in (one.label, FALLBACK) and is_topic(intent)),
            refused=_shares(outside, lambda _, intent: intent in asked.refusing),
            median_milliseconds=statistics.median(times),
            slow_milliseconds=times[int(0.99 * (len(times) - 1))],
            training_seconds=training_seconds,
            start_seconds=found["start"],
            megabytes=found["megabytes"],
        )


MailUnderstanding = Sequence[tuple[Labelled, str]]


def _shares(understood: MailUnderstanding, right: Callable[[Labelled, str], bool]) -> dict[str, Share]:
    languages = sorted({one.language for one, _ in understood})
    return {each: _share([pair for pair in understood if pair[0].language == each], right) for each in languages}


def _share(understood: MailUnderstanding, right: Callable[[Labelled, str], bool]) -> Share:
    return Share(sum(right(one, intent) for one, intent in understood), len(understood))


def _run(config_home: Path, home: Path, *arguments: str, stdin: str = "") -> dict[str, Any]:
    """One step of the contender; its home tells Saldo's own start-up which pipeline to expect."""
    environment = {**os.environ, "SALDO_HOME": str(config_home)}
    command = [sys.executable, "-m", "benchmarks.worker", *arguments]
    ran = subprocess.run(command, cwd=home, env=environment, input=stdin, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise SaldoError(f"The benchmark stopped: {ran.stderr.strip().splitlines()[-1:] or ['no reason given']}")
    return json.loads(ran.stdout)  # type: ignore[no-any-return]
