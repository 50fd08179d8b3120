"""The shipped intent model on MASSIVE, a public benchmark: 60 intents, 11,514 questions to learn, 2,974 to test."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from saldo.errors import UnusableFile
from saldo.evaluation.labelled import Labelled
from saldo.evaluation.report import cell
from saldo.evaluation.scores import Outcome, Share, f1
from saldo.nlu.decision import Decision
from saldo.nlu.model import Example, IntentModel

FILES = {"nl": "nl-NL.jsonl", "fi": "fi-FI.jsonl"}


@dataclass(frozen=True)
class MassiveScore:
    """Accuracy and macro F1 on the test part, and how long learning and one question took."""

    language: str
    accuracy: Share
    macro_f1: float
    learning_seconds: float
    milliseconds: float


PUBLISHED = {"nl": "mT5-base 0.878 (arXiv 2408.03900, Table 6)", "fi": "none found for a fine-tuned model"}


def table(folder: Path) -> Table:
    """The figures of both languages, beside the best published ones we know."""
    made = Table("MASSIVE", "test accuracy", "macro F1", "learned in", "a question", "published accuracy")
    for language in FILES:
        found = measure(folder, language)
        made.add_row(
            language,
            cell(found.accuracy),
            f"{found.macro_f1:.3f}",
            f"{found.learning_seconds:.0f} s",
            f"{found.milliseconds:.1f} ms",
            PUBLISHED[language],
        )
    return made


def measure(folder: Path, language: str) -> MassiveScore:
    """Learns from the train part and answers the test part; the likeliest intent counts, nothing is refused."""
    parts = list(_rows(folder / FILES[language], language))
    test = [row for part, row in parts if part == "test"]
    started = time.perf_counter()
    model = IntentModel.learn([Example(row.text, row.label) for part, row in parts if part == "train"])
    learned = time.perf_counter()
    outcomes = [Outcome(row, _best(model, row.text)) for row in test]
    asked = time.perf_counter()
    labels = {outcome.asked.label for outcome in outcomes}
    return MassiveScore(
        language,
        Share(sum(outcome.right for outcome in outcomes), len(outcomes)),
        sum(f1(outcomes, label) for label in labels) / len(labels),
        learned - started,
        1000 * (asked - learned) / len(outcomes),
    )


def _best(model: IntentModel, text: str) -> Decision:
    label, weight = model.glance(text)
    return Decision("answer", label, weight, ((label, weight),))


def _rows(path: Path, language: str) -> Iterator[tuple[str, Labelled]]:
    if not path.exists():
        raise UnusableFile(path, "there is no such file; MASSIVE's nl-NL.jsonl and fi-FI.jsonl are expected")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["partition"], Labelled(row["utt"], row["intent"], language)
