"""Reads from a message what was asked: which invoice, and how many licences more or fewer.

Between the NLU, which finds entities, and the billing rules, which know nothing of either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Money
from saldo.nlu.change_pieces import MOST_LICENCES, direction
from saldo.nlu.cues import Cue, by_language, says
from saldo.nlu.named_changes import with_changes
from saldo.nlu.numbers import whole_number
from saldo.nlu.understanding import Entity
from saldo.yaml_files import Expression, Strict, read_yaml

WORDS = Path(__file__).parent / "words" / "query.yml"


def read_query(text: str, entities: Iterable[Entity], language: str) -> InvoiceQuery:
    """What a message names: of entities, as the NLU finds them, the first of each kind; and the changes it tells of."""
    found = list(entities)
    change = direction(text, language)
    amount, licences = _first(found, "amount"), _first(found, "licences", "count", "users")
    if licences is None and change is not None:
        licences = _changed_by(text, found, language)
    quantity = _first(found, "count", "licences") or (None if change else _bare_number(text, found, language))
    named = InvoiceQuery(
        invoice=_first(found, "invoice_number"),
        quantity=_likely(quantity),
        date=_first(found, "date"),
        amount=None if amount is None else Money(int(amount)),
        place=place(text, language),
        licences=_likely(licences),
        change=change,
        months=_first(found, "months"),
    )
    return with_changes(named, text, found, language)


def _first(entities: list[Entity], *names: str) -> Any:
    """The first value of the first kind that there is; None if there is none."""
    values = (one.value for name in names for one in entities if one.entity == name)
    return next(values, None)


def place(text: str, language: str) -> Literal["latest", "previous"] | None:
    """Which invoice a text means by its place: "the last invoice", "and the previous one?"; None if it says none."""
    if _says("previous", text, language):
        return "previous"
    return "latest" if _says("latest", text, language) else None


def _bare_number(text: str, entities: list[Entity], language: str) -> int | None:
    """A number with no noun beside it, as in "and if I take 3 more?", outside whatever else was found."""
    taken = {place for one in entities for place in range(one.start, one.end)}
    words = (word for word in re.finditer(r"[\w:]+", text) if word.start() not in taken)
    numbers = (whole_number(word.group(), language) for word in words)
    return next((number for number in numbers if number is not None), None)


def _changed_by(text: str, entities: list[Entity], language: str) -> int | None:
    """A bare number of licences more or fewer, not one that counts what is said of itself: "Two questions."

    In a sentence that tells neither more nor fewer it must come last ("And three?").
    """

    def heard(sentence: re.Match[str]) -> str:
        last = (re.findall(r"[\w:]+", sentence.group()) or [""])[-1]
        counts = direction(sentence.group(), language) is not None
        return sentence.group() if counts or whole_number(last, language) is not None else " " * len(sentence.group())

    return _bare_number(re.sub(r"[^.?!:\n]+", heard, text), entities, language)


def _likely(licences: Any) -> int | None:
    return int(licences) if licences is not None and 0 < int(licences) <= MOST_LICENCES else None


def _says(what: str, text: str, language: str) -> bool:
    return says(_cues().get((language, what), ()), text.lower())


class QueryExpressions(Strict):
    """One language of the word file."""

    latest: list[Expression]
    previous: list[Expression]


@cache
def word_lists() -> dict[str, QueryExpressions]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, QueryExpressions])


@cache
def _cues() -> Mapping[tuple[str, str], tuple[Cue, ...]]:
    return by_language(word_lists())
