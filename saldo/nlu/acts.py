"""Reads which clauses of a message make one segment and what its writer does there: asks, tells, negates, … .

A linear-chain conditional random field over the clauses: each is labelled with its act and with whether a segment
begins there, and the whole message is decoded at once. Its features name no word of our own choosing: they are the
clause's and its neighbours' words, endings (Finnish asks by its clitic), signs and places, what the intent model makes
of each, and what a linear model of acts makes of it alone and together with its neighbour.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pycrfsuite

from saldo.nlu.clauses import Clause, Openers, clauses
from saldo.nlu.decision import OUT_OF_SCOPE, SMALL_TALK
from saldo.nlu.messages import ACTS, CLOSING, Act, MarkedMessage
from saldo.nlu.model import Example, IntentModel
from saldo.text import fold

Glance = Callable[[str], tuple[str, float]]
"""The likeliest intent of a text, and its weight (0 to 1)."""
Features = dict[str, float]

MODESTY = 3.0
"""What large weights cost (c2): from 3 to 10 it hardly tells; at 0.3 what single hands wrote is learnt by heart."""


@dataclass(frozen=True)
class Segment:
    """Clauses that belong together: where they stand (characters), and how likely each act is."""

    text: str
    start: int
    end: int
    acts: Mapping[Act, float]
    asks: bool
    """Whether a question mark ends one of its clauses."""

    @cached_property
    def act(self) -> Act:
        """The likeliest act."""
        return max(self.acts, key=lambda act: (self.acts[act], act))

    @property
    def closes(self) -> float:
        """How likely it takes back or settles what was said before it."""
        return sum(self.acts[act] for act in CLOSING)


class Shown(NamedTuple):
    """A message to learn from: the features of its clauses, and their labels."""

    message: MarkedMessage
    rows: Sequence[Features]
    labels: list[str]


class ActModel:
    """The trained field, the words before which a clause may begin, and what weighs the acts of a single segment."""

    def __init__(self, content: bytes, openers: Openers, single: IntentModel) -> None:
        self.content = content
        self.openers = openers
        self.single = single
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(content)
        labels = frozenset(self._tagger.labels())
        self._labels = [(act, [f"{mark}-{act}" for mark in "BI" if f"{mark}-{act}" in labels]) for act in ACTS]

    def segments(self, text: str, glance: Glance, mail: bool = False, before: str | None = None) -> list[Segment]:
        """The segments of a message in their order."""
        found = clauses(text, self.openers)
        if not found:
            return []
        rows = features(text, found, mail, before, glance, self.single)
        self._tagger.set(pycrfsuite.ItemSequence(rows))
        labels = self._tagger.tag()
        runs: list[list[int]] = []
        for place, label in enumerate(labels):
            if label[0] == "B" or not runs or labels[runs[-1][-1]][2:] != label[2:]:
                runs.append([])
            runs[-1].append(place)
        return [self._segment(text, found, run) for run in runs]

    def _segment(self, text: str, found: Sequence[Clause], run: Sequence[int]) -> Segment:
        marginal = self._tagger.marginal
        acts = {
            act: sum([marginal(label, place) for label in labels for place in run]) / len(run)
            for act, labels in self._labels
        }
        start, end = found[run[0]].start, found[run[-1]].end
        return Segment(text[start:end], start, end, acts, any(found[place].asks for place in run))


def learn_field(shown: Sequence[Shown]) -> bytes:
    """The content of a field; the same messages give the same."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    trainer.set_params(
        {"c1": 0, "c2": MODESTY, "max_iterations": 50, "feature.minfreq": 2, "feature.possible_transitions": True}
    )
    for _, rows, labels in shown:
        trainer.append(rows, labels)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "acts"
        trainer.train(str(path))
        return path.read_bytes()


def show(message: MarkedMessage, openers: Openers, glance: Glance, single: IntentModel) -> Shown:
    """A message to learn from, read with two models that have not seen it: of intents, and of acts."""
    found = clauses(message.text, openers)
    rows = features(message.text, found, message.mail, message.before, glance, single)
    return Shown(message, rows, gold_labels(message, found))


def gold_labels(message: MarkedMessage, found: Sequence[Clause]) -> list[str]:
    """Each clause's label: the act of the segment that its middle stands in, B where it is the segment's first."""
    labels, last = [], -1
    for clause in found:
        middle = (clause.start + clause.end) // 2
        own = next((n for n, one in enumerate(message.segments) if middle < one.end), len(message.segments) - 1)
        labels.append(f"{'B' if own != last else 'I'}-{message.segments[own].act}")
        last = own
    return labels


def learn_openers(messages: Iterable[MarkedMessage], least: int = 2, share: float = 0.03) -> Openers:
    """The words that begin a segment without a sign before it, often enough."""
    begun, seen = Counter[str](), Counter[str]()
    for message in messages:
        found = clauses(message.text)
        starts = {one.start for one in message.segments} - {one.start for one in found}
        for clause in found:
            seen.update(clause.words)
        begun.update(word[0] for start in starts if (word := fold(message.text[start : start + 20]).split()))
    return frozenset(word for word, count in begun.items() if count >= least and count / max(seen[word], 1) >= share)


_BANDS = (0.3, 0.6, 0.85, 0.97)


def _read(text: str, glance: Glance) -> tuple[str, str, int]:
    """What the intent model makes of a text: the intent, its kind and how sure it is."""
    intent, weight = glance(text)
    kind = intent if intent in SMALL_TALK or intent == OUT_OF_SCOPE else "topic"
    return intent, kind, sum(weight >= band for band in _BANDS)


def act_examples(messages: Iterable[MarkedMessage]) -> list[Example]:
    """Every segment as an example of its act."""
    return [Example(one.text[each.start : each.end], each.act) for one in messages for each in one.segments]


def features(
    text: str, found: Sequence[Clause], mail: bool, before: str | None, glance: Glance, single: IntentModel
) -> list[Features]:
    """The features of each clause of a text."""
    reads = [_read(clause.text, glance) for clause in found]
    words = [clause.words for clause in found]
    own = [_own(clause, word, read) for clause, word, read in zip(found, words, reads, strict=True)]
    last = len(found) - 1
    acts = [single.weigh(clause.text)[0].tolist() for clause in found]
    joined = [single.weigh(text[one.start : two.end])[0].tolist() for one, two in pairwise(found)]
    asking = [place for place, clause in enumerate(found) if clause.asks]
    rows: list[Features] = []
    for place, clause in enumerate(found):
        row = [*own[place]]
        row.append(f"place={min(place, 3)}")
        row.append(f"left={min(last - place, 3)}")
        row.append(f"channel={'mail' if mail else 'chat'}")
        row.append(f"before={'yes' if before else 'no'}")
        if before and reads[place][0] == before:
            row.append("as_before")
        if not asking:
            row.append("nothing_asks")
        elif not clause.asks:
            row.append(f"asks_later={asking[-1] > place}")
            row.append(f"asked_earlier={asking[0] < place}")
        for step, mark in ((-1, "-"), (1, "+"), (-2, "--"), (2, "++")):
            if not 0 <= place + step <= last:
                row.append(f"{mark}none")
                continue
            near = found[place + step]
            row += [f"{mark}?={near.asks}", f"{mark}kind={reads[place + step][1]}"]
            if abs(step) == 1:
                row += [f"{mark}{one}" for one in own[place + step] if one[:2] in ("f=", "l=")]
                same = reads[place][0] == reads[place + step][0]
                row.append(f"{mark}same={same}/{min(reads[place][2], reads[place + step][2])}")
                row.append(f"{mark}?{clause.asks}{near.asks}/{same}")
                if step == 1:
                    row.append(f"+cut={near.cut}")
        valued = dict.fromkeys(map(sys.intern, row), 1.0)  # one string for all that have a feature
        for mark, weights in (
            ("", acts[place]),
            ("-", acts[place - 1] if place else None),
            ("+", acts[place + 1] if place < last else None),
            ("-join", joined[place - 1] if place else None),
            ("+join", joined[place] if place < last else None),
        ):
            if weights:
                valued |= {f"{mark}act:{act}": weight for act, weight in zip(single.labels, weights, strict=True)}
        rows.append(valued)
    return rows


def _own(clause: Clause, words: Sequence[str], read: tuple[str, str, int]) -> list[str]:
    row = ["bias", f"cut={clause.cut}", f"asks={clause.asks}", f"length={min(len(words), 12) // 3}"]
    row += [f"end={clause.text[-1] if not clause.text[-1].isalnum() else ''}"]
    row += [f"intent={read[0]}/{min(read[2], 2)}", f"kind={read[1]}/{read[2]}"]
    row += [f"w={word}" for word in dict.fromkeys(words)]
    row += [f"s={word[-size:]}" for word in words for size in (2, 3) if len(word) > size + 1]
    if words:
        row += [f"f={words[0]}", f"f2={' '.join(words[:2])}", f"l={words[-1]}"]
        row += [f"fs={words[0][-2:]}", f"fc={clause.cut}/{words[0]}"]
    else:
        row.append("no words")
    return row
