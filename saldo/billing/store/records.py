"""The model's records as flat columns, for the database and for CSV files alike.

A billing period becomes two columns, `period_start` and `period_end`; a field that is itself a list of
records (an invoice's lines) is left out: those are records of their own.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache
from types import UnionType
from typing import Any, Literal, TypeVar, cast, get_args, get_origin, get_type_hints

from saldo.billing.period import BillingPeriod

Record = TypeVar("Record")


@dataclass(frozen=True)
class Column:
    """One column: its name, the Python type of its values, whether it may be empty, which words it allows."""

    name: str
    kind: type
    optional: bool = False
    allowed: tuple[str, ...] = ()


def columns(record: type) -> tuple[Column, ...]:
    """The columns of a record type, in the order of its fields."""
    return _all_columns(cast(Hashable, record))  # mypy does not see that a class is hashable


def flatten(record: object) -> dict[str, Any]:
    """A record's values by column."""
    assert is_dataclass(record)
    period = getattr(record, "period", None)
    ends = {"period_start": period.start, "period_end": period.end} if period else {}
    return {
        one.name: ends[one.name] if one.name in ends else getattr(record, one.name) for one in columns(type(record))
    }


def assemble(record: type[Record], values: Mapping[str, Any], **lists: Any) -> Record:
    """The record with these values by column, and its lists of records. ValueError if its period is empty."""
    own = {column.name: values[column.name] for column in columns(record)}
    if "period_start" in own:
        own["period"] = BillingPeriod(own.pop("period_start"), own.pop("period_end"))
    return record(**own, **lists)


@cache
def _all_columns(record: Any) -> tuple[Column, ...]:
    hints = get_type_hints(record)
    return tuple(column for field in fields(record) for column in _columns(field.name, hints[field.name]))


def _columns(name: str, hint: Any) -> tuple[Column, ...]:
    origin, inner = get_origin(hint), get_args(hint)
    if hint is BillingPeriod:
        return Column(f"{name}_start", date), Column(f"{name}_end", date)
    if origin is tuple:
        return ()
    if origin is UnionType:
        return (Column(name, inner[0], optional=True),)
    if origin is Literal:
        return (Column(name, str, allowed=inner),)
    return (Column(name, hint),)
