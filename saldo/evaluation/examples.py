"""Checks training examples: none twice, none nearly twice, none of the questions that understanding is measured on.

Examples are compared as the intent model sees them, so two that differ in a number or a date alone are one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from saldo.errors import Fault
from saldo.evaluation.labelled import Labelled
from saldo.nlu.decision import SMALL_TALK
from saldo.nlu.features import words

NEARLY = 94
"""From this likeness on, of 100, two examples teach the same."""
TOO_LIKE = 90
"""From this likeness on, of 100, an example gives a measuring question away."""
LONG = 16
"""Letters from which likeness says anything; shorter ones must be the same."""


def faults(examples: Sequence[Labelled], measuring: Sequence[Labelled]) -> list[Fault]:
    """All that is wrong with the examples; `measuring` are the questions they must not come near."""
    found: list[Fault] = []
    distinct = list(_distinct(examples, found))
    return [*found, *_alike(distinct), *_given_away(distinct, measuring)]


def _distinct(examples: Iterable[Labelled], found: list[Fault]) -> Iterator[Labelled]:
    """Each question once; the others become faults."""
    first: dict[tuple[str, str], Labelled] = {}
    for one in examples:
        other = first.setdefault((one.language, _seen(one)), one)
        if other is one:
            yield one
        elif other.label == one.label:
            found.append(_fault(one, f"the same as “{other.text}” in line {other.number}"))
        else:
            found.append(_fault(one, f"of two intents: it stands in {other.file}, line {other.number}, too"))


def _alike(examples: Sequence[Labelled]) -> Iterator[Fault]:
    for group in _by_language(examples).values():
        long = [one for one in group if len(_seen(one)) >= LONG]
        for row, column in zip(*np.nonzero(np.triu(_likeness(long, long, NEARLY), 1)), strict=True):
            yield _fault(long[column], f"nearly the same as “{long[row].text}” ({long[row].file}, {long[row].number})")


def _given_away(examples: Sequence[Labelled], measuring: Sequence[Labelled]) -> Iterator[Fault]:
    """Small talk is exempt where it is short: there are only so many ways to say hello."""
    asked = _by_language(measuring)
    for language, group in _by_language(examples).items():
        same = {_seen(one) for one in asked[language] if one.label not in SMALL_TALK}
        yield from (_fault(one, "a question that understanding is measured on") for one in group if _seen(one) in same)
        long = [one for one in group if len(_seen(one)) >= LONG and _seen(one) not in same]
        hidden = [one for one in asked[language] if len(_seen(one)) >= LONG]
        for row in np.flatnonzero(_likeness(long, hidden, TOO_LIKE).any(axis=1)):
            yield _fault(long[row], "nearly a question that understanding is measured on")


def _likeness(some: Sequence[Labelled], others: Sequence[Labelled], least: int) -> NDArray[np.uint8]:
    """How alike each two are, 0 to 100; 0 where it is below `least`."""
    if not some or not others:
        return np.zeros((len(some), len(others)), np.uint8)
    seen = [[_seen(one) for one in each] for each in (some, others)]
    return np.asarray(process.cdist(*seen, scorer=fuzz.ratio, score_cutoff=least, dtype=np.uint8, workers=-1))


def _by_language(examples: Iterable[Labelled]) -> defaultdict[str, list[Labelled]]:
    grouped: defaultdict[str, list[Labelled]] = defaultdict(list)
    for one in examples:
        grouped[one.language].append(one)
    return grouped


def _seen(one: Labelled) -> str:
    return " ".join(words(one.text)) or one.text


def _fault(one: Labelled, what: str) -> Fault:
    return Fault(one.file, one.number, f"“{one.text}” is {what}")
