"""Rows of a source as rows of ours: which count, what their columns mean, and what is reckoned from others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from saldo.billing.intake.checks import is_product
from saldo.billing.intake.fields import Field, Style, reader_of
from saldo.billing.intake.mapping import MappedTable
from saldo.billing.intake.source import TABLES, Incoming
from saldo.billing.model import Money
from saldo.billing.period import BillingPeriod, months_between
from saldo.billing.store.records import Column


@dataclass(frozen=True)
class Cell:
    """One column of ours: the places of its cells in a row, or the text that every row has."""

    name: str
    place: int | None
    otherwise: int | None
    value: str | None
    read: Callable[[Any], Any]

    def of(self, row: Sequence[Any]) -> Any:
        """The column's value; ValueError with what would be right."""
        if self.place is None:
            return self.read(self.value)
        found = row[self.place]
        return self.read(row[self.otherwise] if self.otherwise is not None and found in (None, "") else found)


@dataclass(frozen=True)
class Reckoned:
    """One column of ours that is reckoned from others of its row."""

    name: str
    needs: frozenset[str]
    reckon: Callable[[Mapping[str, Any]], Any]


class RowReader:
    """Reads the rows of one table."""

    def __init__(self, table: str, mapped: MappedTable, style: Style, places: Mapping[str, int]) -> None:
        """`places`: where each of the source's columns stands in a row; all that the mapping names are in it."""
        self._cells: list[Cell] = []
        self._reckoned: list[Reckoned] = []
        for column in TABLES[table].columns:
            field = mapped.fields.get(column.name, Field(value=""))
            if field.of_period:
                self._reckoned.append(Reckoned(column.name, PERIOD, partial(_months_of_period, column.kind)))
                continue
            scaled = field.divided_by or field.times
            kind = Decimal if scaled and column.kind is int else column.kind
            read = reader_of(replace(column, kind=kind), field, style if field.column else Style())
            place, otherwise = (places[name] if name else None for name in (field.column, field.otherwise))
            self._cells.append(Cell(column.name, place, otherwise, field.value, read))
            if scaled:
                needs = frozenset({column.name} if scaled.isdigit() else {column.name, scaled})
                self._reckoned.append(Reckoned(column.name, needs, partial(_scaled, column, field)))
        self._where = _conditions(mapped.where, places)
        self._skip = _conditions(mapped.skip, places)
        self._seen: set[int] | None = set() if mapped.repeats else None

    def read(self, place: int, row: Sequence[Any]) -> Incoming | None:
        """The row at that place of the source; None if it only repeats one before it, where repeats are expected."""
        values: dict[str, Any] = {}
        mistakes: dict[str, str] = {}
        for cell in self._cells:
            try:
                values[cell.name] = cell.of(row)
            except ValueError as error:
                mistakes[cell.name] = str(error)
        self._reckon(values, mistakes)
        left_out = bool(self._where or self._skip) and self._leaves_out(row)
        if self._seen is not None:
            known = hash((left_out, *values.items(), *mistakes.items()))
            if known in self._seen:
                return None
            self._seen.add(known)
        return Incoming(place, values, mistakes, left_out)

    def _reckon(self, values: dict[str, Any], mistakes: dict[str, str]) -> None:
        """Adds what is reckoned, each once what it needs is there; an empty mistake where that is wrong itself."""
        waiting = list(self._reckoned)
        while waiting:
            names = {one.name for one in waiting}
            ready = [one for one in waiting if not (one.needs - {one.name}) & names]
            for one in ready:
                if all(values.get(need) is not None for need in one.needs):
                    try:
                        values[one.name] = one.reckon(values)
                    except ValueError as error:
                        values.pop(one.name, None)
                        mistakes[one.name] = str(error)
                else:
                    values.pop(one.name, None)
                    mistakes.setdefault(one.name, "")
            waiting = [one for one in waiting if one not in ready]

    def _leaves_out(self, row: Sequence[Any]) -> bool:
        """Whether `where` or `skip` say that the row does not count."""
        return any(_word(row[place]) not in words for place, words in self._where) or any(
            _word(row[place]) in words for place, words in self._skip
        )


PERIOD = frozenset({"period_start", "period_end"})


def _conditions(wanted: Mapping[str, Iterable[str]], places: Mapping[str, int]) -> list[tuple[int, frozenset[str]]]:
    return [(places[name], frozenset(map(_word, words))) for name, words in wanted.items()]


def _word(found: Any) -> str:
    return "" if found is None else str(found).strip().casefold()


def _months_of_period(kind: type, values: Mapping[str, Any]) -> int | Decimal:
    """The months of a row's period: a whole number, or for a line with hundredths."""
    start, end = values["period_start"], values["period_end"]
    if end <= start:
        raise ValueError(f"cannot be reckoned: the period's end, {end}, is not after its start, {start}")
    months = months_between(start, end, BillingPeriod(start, end).anchor_day)
    if kind is Decimal:
        return months
    if months != int(months):
        raise ValueError(f"cannot be reckoned: from {start} to {end} are {months} months, not a whole number")
    return int(months)


def _scaled(column: Column, field: Field, values: Mapping[str, Any]) -> Any:
    """What the source has, divided by or multiplied with another number; money is rounded half up to the cent."""
    found, name = values[column.name], field.divided_by or field.times
    factor = Decimal(name) if name.isdigit() else Decimal(values[name])
    if field.divided_by and factor == 0:
        raise ValueError(f"cannot be divided by {name}, which is 0")
    if isinstance(found, Money):
        return found.times(1 / factor if field.divided_by else factor)
    number = found / factor if field.divided_by else found * factor
    if column.kind is Decimal:
        return number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole = int(number.to_integral_value(ROUND_HALF_UP))
    if not is_product(found, whole, factor) if field.divided_by else number != whole:
        sign = "÷" if field.divided_by else "×"
        raise ValueError(f"{found.normalize():f} {sign} {factor.normalize():f} is not a whole number")
    return whole
