"""The pieces of a message, each with the number and the day in it, and what its words say of licences.

Pieces end at signs and at words like "en"; the word file says at which, and what each of its lists is for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from saldo.billing.explanation import Direction
from saldo.nlu.cues import Cue, says
from saldo.nlu.numbers import whole_number
from saldo.nlu.understanding import Entity
from saldo.yaml_files import Expression, Strict, read_yaml

WORDS = Path(__file__).parent / "words" / "changes.yml"
MOST_LICENCES = 9999
"""A larger number in a message counts something else."""
COUNTED = frozenset({"licences", "users", "count"})
"""The entities whose number may be one of licences; another's digits count something else."""
FEW_WORDS = 4
LONGEST = 400
"""No piece has more characters, so that looking through a message takes a time that grows with its length alone."""
MOST = 64
"""Pieces that are looked at."""
DAY, OTHER = "\ufffc", "\ufffd"
"""Stand for a date and for any other entity, so that its words and digits are nothing else."""


class ChangeWords(Strict):
    """One language of the word file, which says what each list is for."""

    cuts: list[Expression]
    add: list[Expression]
    join: list[Expression]
    remove: list[Expression]
    leave: list[Expression]
    again: list[Expression]
    one: list[Expression]
    other: Expression
    made: list[Expression]
    unreal: list[Expression]
    denied: list[Expression]
    change: list[Expression]
    arrived: list[Expression]
    bill: list[Expression]
    open: list[Expression]
    how: list[Expression]
    asks: list[Expression]
    target: list[Expression]


@dataclass(frozen=True)
class Piece:
    """A piece of a message, in lower case, and what it says of licences."""

    text: str
    language: str
    number: int | None
    date: str | None
    day_first: bool
    """Whether its day stands before its number: "per 1 maart 2 eraf"."""

    def has(self, what: str) -> bool:
        """Whether one of the word file's expressions of that list is in it."""
        return says(_cues(self.language, what), self.text)

    @property
    def way(self) -> Direction | None:
        """Whether licences come or go; None if neither is said, or both are."""
        adding, removing = self.has("add"), self.has("remove")
        if self.number and not adding and not removing:
            adding, removing = self.has("join"), self.has("leave")
        if adding == removing:
            return None
        return "add" if adding else "remove"

    @property
    def is_short(self) -> bool:
        """Whether there is room for little but a number and a day."""
        return len(self.text.split()) <= FEW_WORDS

    @property
    def asks_for_it(self) -> bool:
        """Whether it asks if a change is in the records."""
        return self.has("arrived") and not self.has("bill")

    @property
    def made(self) -> bool:
        """Whether it tells of what was done."""
        return self.has("made") and not self.has("unreal")


def without_entities(text: str, entities: Sequence[Entity]) -> str:
    """A message in lower case, with a sign for each character of what it names, but for numbers of licences."""
    lower = text.lower()
    if len(lower) != len(text):  # a letter whose small form is longer would move what follows
        lower = text
    parts, end = [], 0
    for one in sorted(entities, key=lambda one: one.start):
        if one.entity not in COUNTED:
            sign = DAY if one.entity == "date" else OTHER
            parts += [lower[end : one.start], sign * (one.end - max(one.start, end))]
            end = max(one.end, end)
    return "".join([*parts, lower[end:]])


def pieces_of(text: str, entities: Sequence[Entity], language: str) -> Iterator[Piece]:
    """The pieces of a message in their order."""
    lower = without_entities(text, entities)
    spans = [found.span() for cut in expressions(language, "cuts") for found in cut.finditer(lower)]
    spans += [(place, place) for place in range(LONGEST, len(lower), LONGEST)]
    ends = sorted({(0, 0), *spans, (len(lower), len(lower))})
    whole = [(start, end) for (_, start), (end, _) in pairwise(ends) if start < end]
    for start, end in whole[:MOST]:
        piece = lower[start:end]
        dates = [str(one.value) for one in entities if one.entity == "date" and start <= one.start < end]
        number, place = _number(piece, language)
        yield Piece(piece, language, number, next(iter(dates), None), DAY in piece[:place])


def _number(piece: str, language: str) -> tuple[int | None, int]:
    """The first number in a piece that may count licences, and where it stands; None and nowhere if there is none."""
    (other,) = expressions(language, "other")
    for word in re.finditer(r"(?<![\w/.,-])[\w:]+(?![/.,-]\d)", piece):
        one = any(expression.search(word.group()) for expression in expressions(language, "one"))
        number = 1 if one else whole_number(word.group(), language)
        if number and number <= MOST_LICENCES and not other.match(piece, word.end()):
            return number, word.start()
    return None, 0


def direction(text: str, language: str) -> Direction | None:
    """Whether licences are to be added or removed; None if none is said, or both are."""
    adding, removing = (language in word_lists() and _says(way, text, language) for way in ("add", "remove"))
    if adding == removing:
        return None
    return "add" if adding else "remove"


def _says(what: str, text: str, language: str) -> bool:
    return says(_cues(language, what), text.lower())


def asks_how(text: str, language: str) -> bool:
    """Whether a message asks for the steps of a change."""
    return _says("how", text, language)


@cache
def word_lists() -> dict[str, ChangeWords]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, ChangeWords])


@cache
def expressions(language: str, what: str) -> tuple[re.Pattern[str], ...]:
    """One list of a language of the word file."""
    return tuple(map(re.compile, _listed(language, what)))


@cache
def _cues(language: str, what: str) -> tuple[Cue, ...]:
    """The same, where only whether one stands there is wanted."""
    return tuple(map(Cue.compile, _listed(language, what)))


def _listed(language: str, what: str) -> list[str]:
    words = getattr(word_lists()[language], what)
    return [words] if isinstance(words, str) else words
