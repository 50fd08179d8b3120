"""How a cell is read and written, and what is said of one that cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from saldo.billing.intake.csv_format import FILES, read_cell, write_cell
from saldo.billing.model import Money
from saldo.billing.store.records import Column


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10", 10),
        ("-2", -2),
        ("3.52", Decimal("3.52")),
        ("2026-07-01", date(2026, 7, 1)),
        ("1250.00", Money(125000)),
        ("-0.05", Money(-5)),
        ("yes", True),
        ("no", False),
        ("Jansen, Bakker & Zn", "Jansen, Bakker & Zn"),
    ],
)
def test_a_cell_is_written_as_it_is_read(text: str, value: Any) -> None:
    assert read_cell(Column("any", type(value)), text) == value
    assert write_cell(value) == text


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (int, "ten", "'ten' is not a whole number; write it as 10"),
        (int, "10.5", "whole number"),
        (int, "９", "whole number"),
        (int, "1" * 10, "whole number"),
        (Decimal, "3,52", "'3,52' is not a number with at most two decimals; write it as 7.04"),
        (Decimal, "NaN", "at most two decimals"),
        (Decimal, "1e3", "at most two decimals"),
        (date, "01-07-2026", "'01-07-2026' is not a date; write it as 2026-07-01"),
        (date, "2026-02-30", "'2026-02-30' is not a date"),
        (date, "0206-07-01", "'0206-07-01' is not a likely date; the year is to be 1990 to 2199"),
        (Money, "1.250,00", "'1.250,00' is not an amount; write it as 1250.00"),
        (Money, "€ 5.00", "is not an amount"),
        (bool, "true", "'true' is not yes or no"),
        (str, "", "is empty"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_would_be_right(kind: type, text: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        read_cell(Column("any", kind), text)
    assert said in str(caught.value)


def test_only_some_words_are_allowed() -> None:
    with pytest.raises(ValueError, match="'BE' is not one of NL, FI"):
        read_cell(Column("country", str, allowed=("NL", "FI")), "BE")


def test_an_optional_cell_may_be_empty() -> None:
    assert read_cell(Column("cancelled_on", date, optional=True), "") is None
    assert write_cell(None) == ""


def test_the_files_hold_euros() -> None:
    with pytest.raises(ValueError, match=r"5\.00 SEK is not in euros"):
        write_cell(Money(500, "SEK"))


def test_there_is_a_file_for_every_kind_of_record() -> None:
    assert [file.name.removesuffix(".csv") for file in FILES] == [
        "customers",
        "contacts",
        "subscriptions",
        "licence_changes",
        "users",
        "invoices",
        "invoice_lines",
        "payments",
        "reminders",
        "collections",
        "refunds",
        "credit_notes",
    ]
