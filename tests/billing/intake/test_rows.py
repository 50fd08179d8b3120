"""Which rows count and what is reckoned from what, as a mapping says it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from saldo.billing.intake.fields import Field, Style
from saldo.billing.intake.mapping import MappedTable, read_mapping
from saldo.billing.intake.rows import RowReader
from saldo.billing.intake.source import Incoming
from saldo.billing.model import Money
from saldo.errors import FaultyFiles

LINE = {"period_start": Field("from"), "period_end": Field("until"), "months": Field(of_period=True)}
QUANTITY = {"licences": Field("quantity", divided_by="months"), "quantity": Field("quantity")}
SEATS = {
    "licences": Field("quantity"),
    "quantity": Field("quantity", times="months"),
    "unit_price": Field("price", divided_by="months"),
}
COLUMNS = ("from", "until", "quantity", "price", "kind")


def reader(fields: dict[str, Field], **more: Any) -> RowReader:
    places = {name: place for place, name in enumerate(COLUMNS)}
    return RowReader("invoice_lines", MappedTable("lines.csv", {**LINE, **fields}, **more), Style(), places)


def read(fields: dict[str, Field], row: Sequence[str], **more: Any) -> Incoming:
    incoming = reader(fields, **more).read(2, row)
    assert incoming is not None
    return incoming


@pytest.mark.parametrize(
    ("start", "end", "quantity", "licences", "months"),
    [
        ("2026-07-01", "2027-01-01", "60", 10, "6"),
        ("2026-03-16", "2026-07-01", "10.56", 3, "3.52"),
        ("2026-03-16", "2026-07-01", "10.55", 3, "3.52"),
        ("2026-01-31", "2026-02-28", "5", 5, "1"),
    ],
)
def test_licences_are_the_quantity_by_the_months_of_the_period(
    start: str, end: str, quantity: str, licences: int, months: str
) -> None:
    values = read(QUANTITY, [start, end, quantity, "", ""]).values
    assert (values["licences"], values["months"], values["quantity"]) == (licences, Decimal(months), Decimal(quantity))


def test_what_does_not_divide_is_told_and_not_rounded() -> None:
    assert read(QUANTITY, ["2026-07-01", "2027-01-01", "61", "", ""]).mistakes == {
        "licences": "61 ÷ 6 is not a whole number",
        **dict.fromkeys(["invoice", "number", "unit_price"], "is empty"),
    }


def test_seats_and_a_price_for_the_period() -> None:
    values = read(SEATS, ["2026-07-01", "2027-01-01", "10", "207.00", ""]).values
    assert (values["licences"], values["quantity"], values["unit_price"]) == (10, Decimal(60), Money(3450))


def test_of_a_wrong_date_nothing_is_reckoned_and_one_mistake_told() -> None:
    mistakes = read(QUANTITY, ["soon", "2027-01-01", "60", "", ""]).mistakes
    assert mistakes["period_start"].startswith("'soon' is not a date")
    assert (mistakes["months"], mistakes["licences"]) == ("", "")


@pytest.mark.parametrize(
    ("kind", "where", "skip", "counts"),
    [
        ("Lasku", {"kind": ("lasku", "invoice")}, {}, True),
        ("Hyvitys", {"kind": ("lasku", "invoice")}, {}, False),
        ("Hyvitys", {}, {"kind": ("hyvitys",)}, False),
        ("", {}, {"kind": ("",)}, False),
        (" Lasku ", {"kind": ("Lasku",), "quantity": ("60",)}, {}, True),
        ("Lasku", {"kind": ("Lasku",), "quantity": ("61",)}, {}, False),
    ],
)
def test_a_row_counts_by_what_stands_in_it(kind: str, where: Any, skip: Any, counts: bool) -> None:
    incoming = read(QUANTITY, ["2026-07-01", "2027-01-01", "60", "", kind], where=where, skip=skip)
    assert incoming.left_out is not counts


def test_a_row_that_repeats_counts_once() -> None:
    rows = reader(QUANTITY, repeats=True)
    row = ["2026-07-01", "2027-01-01", "60", "", "a"]
    found = [rows.read(1, row), rows.read(2, [*row[:-1], "b"]), rows.read(3, [*row[:2], "66", "", "a"])]
    assert [one is not None for one in found] == [True, False, True]


MAPPING = """
source: csv
tables:
  customers: {file: c.csv, columns: {id: a, name: a, country: a, language: a, business_id: a}}
  subscriptions:
    file: s.csv
    where: {status: [active]}
    columns: {id: a, customer: b, package: c, months: {of_period: true}, period_start: d, period_end: e}
"""


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("of_period: true", "of_period: true, cents: true", "only a `column` can have"),
        ("of_period: true", "column: a, of_period: true", "give either `column`"),
        ("package: c", "package: {of_period: true}", "subscriptions.package: only the months"),
        ("of_period: true", "column: a, divided_by: package", "package is neither a whole number nor a column"),
        ("of_period: true", "column: a, divided_by: months", "months are reckoned from each other"),
        ("of_period: true", "column: a, times: '2', divided_by: '3'", "either `divided_by` or `times`"),
        ("period_start: d", "period_start: {column: d, zone: Mars}", "'Mars' is no time zone"),
        ("source: csv", "source: csv\ntimezone: Mars", "'Mars' is no time zone"),
        ("[active]", "[]", "give per column of the source a word or a list of words"),
        ("period_start: d", "period_start: {column: d, negated: true}", "is no number; it cannot be negated"),
    ],
)
def test_a_mistake_in_the_mapping_is_told(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in MAPPING
    (tmp_path / "m.yml").write_text(MAPPING.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FaultyFiles) as caught:
        read_mapping(tmp_path / "m.yml")
    assert told in str(caught.value)


def test_the_mapping_of_these_tests_is_right(tmp_path: Path) -> None:
    (tmp_path / "m.yml").write_text(MAPPING, encoding="utf-8")
    table = read_mapping(tmp_path / "m.yml").tables["subscriptions"]
    assert table.where == {"status": ("active",)} and table.fields["months"].of_period
