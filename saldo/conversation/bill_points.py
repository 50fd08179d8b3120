"""What is asked of one's own bill that no point was learnt for: a comparison, a day that is past, a year, a price.

Few ask it, and in few words, so it is told from these words beside what the NLU found; and only for a customer whose
records answer it. Whoever is not known gets the answer that the NLU chose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from saldo.billing.explanation import InvoiceQuery
from saldo.nlu.change_pieces import MOST_LICENCES
from saldo.nlu.cues import Cue, by_language, says
from saldo.nlu.numbers import whole_number
from saldo.nlu.understanding import Entity, Question
from saldo.yaml_files import Expression, Strict, read_yaml

WORDS = Path(__file__).parent / "words" / "bill.yml"
COUNTED = ("count", "licences", "users")
YEARS = range(1900, 2100)
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖ])|\n+")
MOST_SENTENCES = 32
"""Sentences that are looked at."""
COMPARED = frozenset({"invoice_status", "invoice_quantity", "seat_count"})
COUNTED_IN = COMPARED | {"licence_change", "manage_licences"}
"""The topics that what is asked of a bill is taken for; another that is clearly meant is left alone."""
POINTS = frozenset(
    {"comparison", "whether_higher", "past", "billed", "total", "total_paid", "price", "late", "any_open", "cost"}
)
"""All points that are told here and were not learnt."""


@dataclass(frozen=True)
class BillPoint:
    """What is asked, and the topic that it belongs to."""

    topic: str
    point: str


def bill_point(question: Question, query: InvoiceQuery, language: str) -> BillPoint | None:
    """The point that one sentence of a question tells by its words; None if none does."""
    if question.decision.status == "answer" and question.decision.topic not in COUNTED_IN:
        return None
    sentences = SENTENCE.split(question.text)[:MOST_SENTENCES]
    found = (_point(each.lower(), question, query, language) for each in sentences)
    return next((point for point in found if point), None)


def _point(text: str, question: Question, query: InvoiceQuery, language: str) -> BillPoint | None:
    def hears(*names: str) -> bool:
        return all(_says(name, text, language) for name in names)

    status, topic = question.decision.status, question.decision.topic
    if status != "answer" or topic in COMPARED:
        differs = hears("higher") or hears("lower") or hears("different")
        if differs and (query.other or hears("bill", "before")) and not hears("to_come"):
            return BillPoint("invoice_status", "whether_higher" if hears("whether") else "comparison")
        time = query.year is not None or hears("all_told") or (query.months is not None and hears("last_months"))
        named = query.invoice or query.date or query.amount
        if time and hears("summed", "asks_sum") and not named and not hears("not_summed"):
            return BillPoint("invoice_status", "total_paid" if hears("paid") else "total")
    to_come = hears("to_come") or hears("planned") or query.change is not None
    if hears("price") and not to_come and not hears("elses"):
        return BillPoint("invoice_status", "price")
    if status == "out_of_scope":
        return None
    if hears("licences", "how_many") and query.change is None:
        dated = query.date and (hears("had") or not query.date.startswith("-"))
        if dated and not hears("bill"):
            return BillPoint("seat_count", "past")
        if (query.date or query.invoice) and hears("bill", "had"):
            return BillPoint("seat_count", "billed")
    if hears("any_open") or (topic, question.point, question.facet) == ("invoice_status", "open", "whether"):
        return BillPoint("invoice_status", "any_open")
    if status == "answer" and topic == "invoice_status" and hears("days_late"):
        return BillPoint("invoice_status", "late")
    if status == "answer" and topic == "licence_change" and question.point is None and hears("cost"):
        return BillPoint("licence_change", "cost")
    return None


def named_of_bill(query: InvoiceQuery, text: str, entities: Iterable[Entity], language: str) -> InvoiceQuery:
    """The query with what is named of bills beside: a second invoice, a year, all numbers of items."""
    found = list(entities)
    numbers = [str(one.value) for one in found if one.entity == "invoice_number"]
    counts = tuple(_counts(text, found, language))
    higher, lower = (_says(name, text.lower(), language) for name in ("higher", "lower"))
    return replace(
        query,
        counts=counts,
        quantity=None if query.quantity in YEARS and query.quantity not in counts else query.quantity,
        other=next((one for one in numbers if one != query.invoice), None),
        than=None if higher == lower else "higher" if higher else "lower",
        year=_year(text.lower(), language),
    )


def _counts(text: str, entities: list[Entity], language: str) -> Iterator[int]:
    """The numbers in their order: those with a noun of ours, and bare ones; a year is none."""
    taken = {place for one in entities for place in range(one.start, one.end)}
    placed = [(one.start, int(one.value)) for one in entities if one.entity in COUNTED]
    for found in re.finditer(r"[\w:]+", text):
        value = whole_number(found.group(), language)
        if value is not None and value not in YEARS and found.start() not in taken:
            placed.append((found.start(), value))
    return (value for _, value in sorted(placed) if 0 < value <= MOST_LICENCES)


def _year(text: str, language: str) -> Any:
    for expression in _years()[language]:
        if found := expression.search(text):
            return int(found["year"])
    return next((name for name in ("this", "previous", "last") if _says(f"{name}_year", text, language)), None)


def _says(name: str, text: str, language: str) -> bool:
    return says(_cues()[language, name], text)


class BillExpressions(Strict):
    """One language of the word file."""

    bill: list[Expression]
    higher: list[Expression]
    lower: list[Expression]
    different: list[Expression]
    before: list[Expression]
    to_come: list[Expression]
    planned: list[Expression]
    licences: list[Expression]
    had: list[Expression]
    how_many: list[Expression]
    summed: list[Expression]
    paid: list[Expression]
    asks_sum: list[Expression]
    not_summed: list[Expression]
    all_told: list[Expression]
    year: list[Expression]
    this_year: list[Expression]
    previous_year: list[Expression]
    last_year: list[Expression]
    last_months: list[Expression]
    price: list[Expression]
    elses: list[Expression]
    whether: list[Expression]
    any_open: list[Expression]
    cost: list[Expression]
    days_late: list[Expression]


@cache
def word_lists() -> dict[str, BillExpressions]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, BillExpressions])


@cache
def _years() -> Mapping[str, tuple[re.Pattern[str], ...]]:
    return {language: tuple(map(re.compile, lists.year)) for language, lists in word_lists().items()}


@cache
def _cues() -> Mapping[tuple[str, str], tuple[Cue, ...]]:
    return by_language(word_lists())
