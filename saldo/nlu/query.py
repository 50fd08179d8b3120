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
from saldo.nlu.numbers import whole_number
from saldo.nlu.understanding import Entity
from saldo.yaml_files import Expression, Strict, read_yaml

WORDS = Path(__file__).parent / "words" / "query.yml"
MOST_LICENCES = 9999
"""A larger number in a question counts something else."""


def read_query(text: str, entities: Iterable[Entity], language: str) -> InvoiceQuery:
    """What a message names; entities as the NLU finds them, the first of each kind."""
    found = list(entities)
    change = direction(text, language)
    licences = _first(found, "licences", "count", "users")
    amount, target = _first(found, "amount"), target_of(text, language)
    if target is not None:
        licences = None
    return InvoiceQuery(
        invoice=_first(found, "invoice_number"),
        quantity=_likely(
            _first(found, "count", "licences") or (None if change else _bare_number(text, found, language))
        ),
        date=_first(found, "date"),
        amount=None if amount is None else Money(int(amount)),
        place=place(text, language),
        licences=_likely(
            licences
            if licences is not None or change is None or target is not None
            else _bare_number(text, found, language)
        ),
        change=change,
        target=target,
        months=_first(found, "months"),
    )


def target_of(text: str, language: str) -> int | None:
    """How many licences there are to be: "terug naar 8", "kymmeneen"; None if no number is aimed at."""
    for expression in _expressions().get((language, "target"), ()):
        if found := expression.search(text.lower()):
            number = whole_number(found.group("number"), language)
            if number is not None and 0 <= number <= MOST_LICENCES:
                return number
    return None


def _first(entities: list[Entity], *names: str) -> Any:
    """The first value of the first kind that there is; None if there is none."""
    values = (one.value for name in names for one in entities if one.entity == name)
    return next(values, None)


def place(text: str, language: str) -> Literal["latest", "previous"] | None:
    """Which invoice a text means by its place: "the last invoice", "and the previous one?"; None if it says none."""
    if _says("previous", text, language):
        return "previous"
    return "latest" if _says("latest", text, language) else None


def direction(text: str, language: str) -> Literal["add", "remove"] | None:
    """Whether licences are to be added or removed; None if none is said, or both are."""
    adding, removing = _says("add", text, language), _says("remove", text, language)
    if adding == removing:
        return None
    return "add" if adding else "remove"


def _bare_number(text: str, entities: list[Entity], language: str) -> int | None:
    """A number with no noun beside it, as in "and if I take 3 more?", outside whatever else was found."""
    taken = [range(one.start, one.end) for one in entities]
    words = (word for word in re.finditer(r"[\w:]+", text) if not any(word.start() in span for span in taken))
    numbers = (whole_number(word.group(), language) for word in words)
    return next((number for number in numbers if number is not None), None)


def _likely(licences: Any) -> int | None:
    return int(licences) if licences is not None and 0 < int(licences) <= MOST_LICENCES else None


def _says(what: str, text: str, language: str) -> bool:
    return any(expression.search(text.lower()) for expression in _expressions().get((language, what), ()))


class QueryExpressions(Strict):
    """One language of the word file."""

    latest: list[Expression]
    previous: list[Expression]
    add: list[Expression]
    remove: list[Expression]
    target: list[Expression]


@cache
def word_lists() -> dict[str, QueryExpressions]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, QueryExpressions])


@cache
def _expressions() -> Mapping[tuple[str, str], tuple[re.Pattern[str], ...]]:
    return {
        (language, what): tuple(map(re.compile, expressions))
        for language, kinds in word_lists().items()
        for what, expressions in kinds
    }
