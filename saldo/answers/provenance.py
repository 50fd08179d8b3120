"""The provenance gate: no digit leaves in an answer unless a fact or the reviewed text accounts for it.

Dates and amounts count by value, in whatever formatting; a customer's or an invoice's own number counts as it is
written. What cannot be accounted for is handed back, so that the caller can withhold the figures. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from babel.dates import get_month_names

from saldo.answers.formats import LOCALES
from saldo.billing.explanation import Fact, Value
from saldo.billing.model import Money
from saldo.billing.period import BillingPeriod

SILENT = frozenset({"type", "url", "email", "file", "id", "days", "change_day", "from_day", "to_day"})
"""Parts of a block that no one reads: addresses, identifiers, places on a line."""
NUMBER = re.compile(r"\d+(?:[.,  \u00a0\u202f]\d+)*")
BREAK = re.compile(r"[ \u00a0\u202f]")


@dataclass
class Accounted:
    """The values that may stand in an answer."""

    dates: set[date] = field(default_factory=set)
    numbers: set[Decimal] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)

    def add(self, value: Value) -> None:
        """A value as it may be written; of a period its first and its last day."""
        if isinstance(value, Money):
            self.numbers.add(abs(Decimal(value.cents)) / 100)
        elif isinstance(value, BillingPeriod):
            self.dates |= {value.start, value.last_day}
        elif isinstance(value, date):
            self.dates.add(value)
        elif isinstance(value, (int, Decimal)):
            self.numbers.add(abs(Decimal(value)))
        elif _has_digit(value):
            self.texts.add(value)


def unaccounted(block: Mapping[str, Any], facts: Sequence[Fact], reviewed: Iterable[str] = ()) -> list[str]:
    """The figures of a block, in its JSON form, that neither the facts nor the reviewed texts account for."""
    accounted = _accounted(facts)
    allowed = sorted([*filter(_has_digit, reviewed), *accounted.texts], key=len, reverse=True)
    return [stray for text in _texts(block) if _has_digit(text) for stray in _strays(text, accounted, allowed)]


def _accounted(facts: Sequence[Fact]) -> Accounted:
    accounted = Accounted()
    for fact in facts:
        inputs = fact.formula.inputs.values() if fact.formula else ()
        for value in (fact.value, *inputs, *fact.source.values.values()):
            accounted.add(value)
    return accounted


def _texts(part: Any) -> Iterator[str]:
    """Every text and number of a block that a person reads."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from () if key in SILENT else _texts(value)
    elif isinstance(part, (list, tuple)):
        for value in part:
            yield from _texts(value)
    elif part is not None and not isinstance(part, bool):
        yield str(part)


def _strays(text: str, accounted: Accounted, allowed: Sequence[str]) -> Iterator[str]:
    for one in allowed:
        text = re.sub(rf"(?<!\d){re.escape(one)}(?!\d)", " ", text)
    text = yield from _stray_dates(text, accounted)
    for found in NUMBER.finditer(text):
        if not _is_known(found.group(), accounted):
            yield found.group()


def _stray_dates(text: str, accounted: Accounted) -> Any:
    """Yields the dates that are not known; returns the text without any dates."""
    for pattern in _date_patterns():
        for found in pattern.finditer(text):
            for day in _days(found.groupdict()):
                if day not in accounted.dates:
                    yield found.group()
        text = pattern.sub(" ", text)
    return text


def _is_known(written: str, accounted: Accounted) -> bool:
    """A number by value; two that only a space parts may be two."""
    if _value(written) in accounted.numbers:
        return True
    parts = BREAK.split(written)
    return len(parts) > 1 and all(_value(part) in accounted.numbers for part in parts)


def _value(written: str) -> Decimal | None:
    """A number of Dutch, Finnish or plain notation: the last separator is a decimal one unless three digits follow."""
    digits = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", BREAK.sub("", written)).replace(",", ".")
    return Decimal(digits) if digits.count(".") <= 1 else None


def _days(parts: Mapping[str, str | None]) -> Iterator[date | None]:
    """The date, and before it the first day of an interval that names month and year only once; None: no such day."""
    year, month = parts["year"], parts["month"]
    yield _day(year, month, parts["day"])
    if parts.get("first_day"):
        yield _day(parts.get("first_year") or year, parts.get("first_month") or month, parts["first_day"])


def _day(year: str | None, month: str | None, day: str | None) -> date | None:
    assert year and month and day
    number = int(month) if month.isdigit() else _months()[month.rstrip(".").lower()]
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


@cache
def _months() -> Mapping[str, int]:
    """Month names of all languages, long and short, also as they are bent within a date."""
    return {
        name.rstrip(".").lower(): number
        for locale in LOCALES.values()
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, locale).items()
    }


@cache
def _date_patterns() -> tuple[re.Pattern[str], ...]:
    """Dates as ISO 8601, as names and as digits; the last two with the first day of an interval before them."""
    name = "|".join(sorted(map(re.escape, _months()), key=len, reverse=True))
    dash = r"\s*(?:[–-]|tot en met)\s*"
    return (
        re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?!\d)"),
        re.compile(
            rf"(?:(?<!\d)(?P<first_day>\d{{1,2}})(?: (?P<first_month>{name})\.?)?(?: (?P<first_year>\d{{4}}))?{dash})?"
            rf"(?<!\d)(?P<day>\d{{1,2}})\.? (?P<month>{name})\.? (?P<year>\d{{4}})(?!\d)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"(?:(?<!\d)(?P<first_day>\d{{1,2}})\.(?:(?P<first_month>\d{{1,2}})\.)?(?P<first_year>\d{{4}})?{dash})?"
            r"(?<!\d)(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})(?!\d)"
        ),
    )


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))
