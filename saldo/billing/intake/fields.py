"""How values are written at a source, and how they become ours: text of either country, or a database's own types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

from saldo.billing.intake.csv_format import read_cell
from saldo.billing.model import Money
from saldo.billing.store.records import Column

DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
DAY_AND_NAME = re.compile(r"(\d{1,2})\.?[\s-]+([^\W\d]+)\.?[\s-]+(\d{4})")
MOMENT = re.compile(
    r"(?P<day>.+?)(?:T|,?\s+(?:klo\s+)?)"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
"""A day and a time of day, with or without the zone they are told in."""
LONGEST_DATE = len("2026-07-01")
CURRENCY = re.compile(r"^(?:€|EUR)\s*|\s*(?:€|EUR)$")
GROUPS = r"[-−]?(?:[0-9]+|[0-9]{{1,3}}(?:[{thousands} \u00a0\u202f’'][0-9]{{3}})+)(?:{mark}[0-9]+)?"
NUMBERS = {
    ",": re.compile(GROUPS.format(thousands=".", mark=",")),
    ".": re.compile(GROUPS.format(thousands=",", mark=r"\.")),
}
"""By the mark before the decimals; thousands may be parted by the other mark or a space, of which there are three."""


@dataclass(frozen=True)
class Style:
    """How a source writes. Dates are day first where a language is given, 2026-07-01 always; never month first."""

    decimal: Literal[".", ","] | None = None
    """The mark before the cents; None: exactly as our own files write numbers, 1250.00."""
    language: Literal["nl", "fi", "en"] | None = None
    """Of day-first dates and the names of months: 1-7-2026, 1.7.2026, 1 juli 2026, 1. heinäkuuta 2026.

    English dates count with the month's name only, 01-Jul-2026: in figures they may be month first.
    """
    yes: frozenset[str] = frozenset({"yes"})
    no: frozenset[str] = frozenset({"no"})
    zone: str = "Europe/Amsterdam"
    """Whose day it is at a moment that is told with a time zone."""


@dataclass(frozen=True)
class Field:
    """Where one column of ours comes from."""

    column: str = ""
    """Its name at the source; empty: `value` in every row, or reckoned from the period."""
    otherwise: str = ""
    """The column at the source that counts where the first is empty."""
    value: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands at the source, and what it means here."""
    last_day: bool = False
    """The source holds the last day of a period; ours is the first day after it."""
    cents: bool = False
    """The source holds an amount as a whole number of cents."""
    negated: bool = False
    """The source holds it with the other sign, as a credit note's total is below zero in a list of invoices."""
    zone: str = ""
    """The time zone of date-times that name none."""
    divided_by: str = ""
    """What the source's number is divided by: another of our columns in the row, or a whole number."""
    times: str = ""
    """What the source's number is multiplied with, likewise."""
    of_period: bool = False
    """Reckoned: the months from `period_start` to `period_end`."""


def reader_of(column: Column, field: Field, style: Style) -> Callable[[Any], Any]:
    """Turns what stands at the source into the column's value; raises ValueError with what would be right."""
    as_ours = style == Style() and field == Field(field.column, value=field.value)
    longest = LONGEST_DATE if column.kind is date else None

    def read(found: Any) -> Any:
        if as_ours and type(found) is str and (longest is None or len(found) <= longest):
            return read_cell(column, found)  # our own files, of which there may be millions of rows
        if isinstance(found, datetime):
            found = _day_of(found, field.zone, style.zone)
        text = _text(found, column.kind, field.cents)
        text = field.values.get(text, text)
        if isinstance(found, str) and text and not field.cents:
            text = _ours(text, column.kind, style, field.zone)
        value = read_cell(column, text)
        if value is None:
            return None
        if field.negated:
            return Money(-value.cents, value.currency) if isinstance(value, Money) else -value
        return value + timedelta(days=1) if field.last_day else value

    return read


def _text(found: Any, kind: type, cents: bool) -> str:
    """A database's value as our own files would write it; text as it stands."""
    if found is None:
        return ""
    if isinstance(found, float):
        raise ValueError(f"{found!r} is a floating-point number; let a query cast it to DECIMAL")
    if isinstance(found, (bytes, bytearray, memoryview)):
        raise ValueError("is binary; let a query cast it to text")
    if kind is bool and found in (True, False) and not isinstance(found, str):
        return "yes" if found else "no"
    if kind is Money:
        return _amount(found, cents)
    if isinstance(found, Decimal):
        return f"{found.normalize():f}"
    return str(found).strip()


def _amount(found: Any, cents: bool) -> str:
    if cents:
        if re.fullmatch(r"-?[0-9]{1,12}", str(found).strip()) is None:
            raise ValueError(f"{str(found)!r} is not a whole number of cents")
        return str(Money(int(found))).removesuffix(" EUR")
    if isinstance(found, (int, Decimal)):
        if Decimal(found) * 100 != int(Decimal(found) * 100):
            raise ValueError(f"{found} has parts of a cent; round it in a query")
        return f"{Decimal(found):.2f}"
    return str(found).strip()


def _ours(text: str, kind: type, style: Style, zone: str) -> str:
    """The text as our own files would write it; as it stands where that is not clear, so that it is told as it is."""
    if kind is bool:
        word = text.casefold()
        return "yes" if word in style.yes else "no" if word in style.no else text
    if kind is date:
        return _date(text, style.language or "", zone, style.zone)
    if kind in (Money, Decimal, int) and style.decimal:
        return _number(text, kind, style.decimal)
    return text


def _number(text: str, kind: type, mark: str) -> str:
    number = CURRENCY.sub("", text) if kind is Money else text
    if NUMBERS[mark].fullmatch(number) is None:
        raise ValueError(f"{text!r} is not a number with {mark!r} before the decimals, such as 1250{mark}00")
    whole, _, part = number.replace("−", "-").partition(mark)
    whole = "".join(letter for letter in whole if letter.isdigit() or letter == "-")
    part = part.rstrip("0")
    if len(part) > 2 or (kind is int and part):
        raise ValueError(f"{text!r} has more decimals than belong here")
    if kind is Money:
        return f"{whole}.{part:0<2}"
    return f"{whole}.{part}" if part else whole


def _day_of(moment: datetime, zone: str, here: str) -> date:
    """The day at a moment where our customers are; as it stands where no zone is known."""
    if moment.tzinfo is None and zone:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return moment.astimezone(ZoneInfo(here)).date() if moment.tzinfo else moment.date()


@lru_cache(maxsize=4096)
def _date(text: str, language: str, zone: str, here: str) -> str:
    found = MOMENT.fullmatch(text)
    if found is None:
        return _day(text, language)
    try:
        day = date.fromisoformat(_day(found["day"].rstrip(), language))
        clock = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
        moment = datetime(day.year, day.month, day.day, *clock, tzinfo=_offset(found["zone"]))
        return _day_of(moment, zone, here).isoformat()
    except (ValueError, OverflowError):
        return text


def _offset(zone: str | None) -> tzinfo | None:
    """The zone of `Z`, `UTC`, `+02`, `+0200` or `+02:00`."""
    if zone is None or zone in ("Z", "UTC", "GMT"):
        return None if zone is None else timezone.utc
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def _day(text: str, language: str) -> str:
    """A day as our own files would write it; as it stands where that is not clear."""
    if not language:
        return text
    found = DAY_FIRST.fullmatch(text) if language != "en" else None
    if found:
        day, month, year = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    found = DAY_AND_NAME.fullmatch(text)
    if found and (number := _months(language).get(found[2].casefold())):
        return f"{found[3]}-{number:02}-{int(found[1]):02}"
    return text


@lru_cache(maxsize=3)
def _months(language: str) -> Mapping[str, int]:
    """The number of each month by its names: in full or cut short, as in a date and as on a calendar."""
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                names[name.casefold().rstrip(".")] = number
    return names
