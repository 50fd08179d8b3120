"""What each part of the reading is worth: asked topics on messages of hands that were left out, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rich.table import Table

from saldo.evaluation.labelled import read_labelled
from saldo.evaluation.report import cell
from saldo.evaluation.scores import Share
from saldo.nlu.crossfit import Fold, Found, acted_examples, asked_examples, crossfit, judged_unseen
from saldo.nlu.decision import Thresholds, answered, best_thresholds, is_topic
from saldo.nlu.evidence import Evidence
from saldo.nlu.features import Vocabulary
from saldo.nlu.messages import ACTS, read_all_messages
from saldo.nlu.model import Example

EVERYTHING = "everything"
_OF_ACTS = ("most ", "asked in all", "ask ", "closed ")
"""What the columns begin with that acts speak in, besides those named after an act."""
LEFT_OUT: dict[str, Callable[[str], bool]] = {
    EVERYTHING: lambda name: False,
    "without acts": lambda name: name.split("'s ")[-1] in ACTS or name.startswith(_OF_ACTS),
    "without the whole message": lambda name: name in ("whole", "rival in whole", "outside whole", "score"),
    "without what whole messages ask": lambda name: name.endswith("by the whole"),
    "without what asks, joined": lambda name: "asking" in name,
    "without neighbours": lambda name: "before best" in name or "after" in name or name.startswith(("vague", "with ")),
    "without rivals": lambda name: "rival" in name,
    "without what is none of ours": lambda name: name.startswith("outside") or name == "small talk",
    "without the thread": lambda name: name in ("leaning", "is before", "has before"),
}
"""Parts of the evidence that are taken away, by the columns' names."""
ASKS = 0.5  # how likely a segment asks that the first way below answers


@dataclass(frozen=True)
class Worth:
    """Of the messages of hands left out: asked topics exactly right, and an article that was not asked for."""

    name: str
    exact: Share
    extra: Share


def ablate(home: Path) -> list[Worth]:
    """Trains once without each fold of hands and measures every variant on what was left out (some minutes)."""
    examples = [Example(one.text, one.label) for one in read_labelled([home / "data" / "nl", home / "data" / "fi"])]
    messages = read_all_messages(home / "data" / "messages")
    texts = [text for text, _ in {*examples, *asked_examples(messages), *acted_examples(examples, messages)}]
    folds = crossfit(examples, messages, Vocabulary.learn(texts)).folds
    found = [fold.in_messages for fold in folds]
    return [_segments_alone(folds), *(_without(name, found) for name in LEFT_OUT)]


def ablation_table(found: Iterable[Worth]) -> Table:
    """One row for each way."""
    table = Table("way", "asked topics exact", "an article too many", title="Messages of hands left out")
    for worth in found:
        table.add_row(worth.name, cell(worth.exact), cell(worth.extra))
    return table


def _segments_alone(folds: Iterable[Fold]) -> Worth:
    """The first way: each segment whose act is asking is answered with its likeliest intent."""
    pairs = []
    for fold in folds:
        intent, acts, _ = fold.models
        for message in fold.messages:
            segments = acts.segments(message.text, intent.glance, message.mail, message.before)
            got = {intent.glance(one.text)[0] for one in segments if one.acts["ask"] >= ASKS}
            pairs.append(({*message.asked}, got))
    return _worth("segments and acts alone", pairs)


def _without(name: str, found: Sequence[Sequence[Found]]) -> Worth:
    """The second way, a decision per topic, with some of the evidence taken away."""
    taken = [place for place, column in enumerate(_columns(found)) if LEFT_OUT[name](column)]
    reduced = [[Found(_blanked(one, taken), one.wanted) for one in fold] for fold in found]
    judged = judged_unseen(reduced)
    limits: Thresholds = best_thresholds(judged)
    return _worth(name, [({*one.wanted}, {*answered(one.asked, limits, one.rival)}) for one in judged])


def _blanked(one: Found, taken: Sequence[int]) -> Evidence:
    rows = one.evidence.rows.copy()
    if len(rows):
        rows[:, list(taken)] = 0
    return replace(one.evidence, rows=rows.astype(np.float32))


def _columns(found: Sequence[Sequence[Found]]) -> tuple[str, ...]:
    return next(one.evidence.columns for fold in found for one in fold if one.evidence.topics)


def _worth(name: str, pairs: Sequence[tuple[set[str], set[str]]]) -> Worth:
    ours = [({*filter(is_topic, wanted)}, {*filter(is_topic, got)}) for wanted, got in pairs]
    exact = sum(wanted == got for wanted, got in ours)
    return Worth(name, Share(exact, len(ours)), Share(sum(bool(got - wanted) for wanted, got in ours), len(ours)))
