"""How values are written at a source, and how they become ours: text of either country, or a database's own types."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal

from babel.dates import get_month_names

from saldo.billing.intake.csv_format import read_cell
from saldo.billing.model import Money
from saldo.billing.store.records import Column

DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
DAY_AND_NAME = re.compile(r"(\d{1,2})\.?\s+([^\W\d]+)\.?\s+(\d{4})")
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
    language: Literal["nl", "fi"] | None = None
    """Of day-first dates and the names of months: 1-7-2026, 1.7.2026, 1 juli 2026, 1. heinäkuuta 2026."""
    yes: frozenset[str] = frozenset({"yes"})
    no: frozenset[str] = frozenset({"no"})


@dataclass(frozen=True)
class Field:
    """Where one column of ours comes from."""

    column: str = ""
    """Its name at the source; empty: `value` in every row."""
    value: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands at the source, and what it means here."""
    last_day: bool = False
    """The source holds the last day of a period; ours is the first day after it."""
    cents: bool = False
    """The source holds an amount as a whole number of cents."""


def reader_of(column: Column, field: Field, style: Style) -> Callable[[Any], Any]:
    """Turns what stands at the source into the column's value; raises ValueError with what would be right."""
    as_ours = style == Style() and not (field.values or field.last_day or field.cents)

    def read(found: Any) -> Any:
        if as_ours and type(found) is str:  # our own files, of which there may be millions of rows
            return read_cell(column, found)
        text = _text(found, column.kind, field.cents)
        text = field.values.get(text, text)
        if isinstance(found, str) and text and not field.cents:
            text = _ours(text, column.kind, style)
        value = read_cell(column, text)
        return value + timedelta(days=1) if field.last_day and value is not None else value

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
    if isinstance(found, datetime):
        return found.date().isoformat()
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


def _ours(text: str, kind: type, style: Style) -> str:
    """The text as our own files would write it; as it stands where that is not clear, so that it is told as it is."""
    if kind is bool:
        word = text.casefold()
        return "yes" if word in style.yes else "no" if word in style.no else text
    if kind is date and style.language:
        return _date(text, style.language)
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


@lru_cache(maxsize=4096)
def _date(text: str, language: str) -> str:
    found = DAY_FIRST.fullmatch(text)
    if found:
        day, month, year = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    found = DAY_AND_NAME.fullmatch(text)
    if found and (number := _months(language).get(found[2].casefold())):
        return f"{found[3]}-{number:02}-{int(found[1]):02}"
    return text


@lru_cache(maxsize=2)
def _months(language: str) -> Mapping[str, int]:
    """The number of each month by its names: in full or cut short, as in a date and as on a calendar."""
    names: dict[str, int] = {}
    for width in ("wide", "abbreviated"):
        for context in ("format", "stand-alone"):
            for number, name in get_month_names(width, context, language).items():
                names[name.casefold().rstrip(".")] = number
    return names
