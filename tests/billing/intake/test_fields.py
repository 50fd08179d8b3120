"""What stands at a source becomes our value, whoever wrote it; what is unclear is told, never guessed."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.answers.formats import write
from saldo.billing.intake.fields import Field, Style, reader_of
from saldo.billing.model import Money
from saldo.billing.store.records import Column

DUTCH = Style(",", "nl", frozenset({"ja"}), frozenset({"nee"}))
FINNISH = Style(",", "fi", frozenset({"kyllä"}), frozenset({"ei"}))
PLAIN = Field("any")


def read(kind: type, found: Any, style: Style = DUTCH, field: Field = PLAIN, optional: bool = False) -> Any:
    return reader_of(Column("any", kind, optional), field, style)(found)


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (DUTCH, "1-7-2026"),
        (DUTCH, "01-07-2026"),
        (DUTCH, "1/7/2026"),
        (DUTCH, "1 juli 2026"),
        (DUTCH, "1 jul. 2026"),
        (DUTCH, "1 JULI 2026"),
        (DUTCH, "2026-07-01"),
        (FINNISH, "1.7.2026"),
        (FINNISH, "01.07.2026"),
        (FINNISH, "1. heinäkuuta 2026"),
        (FINNISH, "1 heinäkuu 2026"),
    ],
)
def test_dates_of_both_countries(style: Style, text: str) -> None:
    assert read(date, text, style) == date(2026, 7, 1)


@pytest.mark.parametrize("text", ["1-7-26", "7/13/2026", "31-02-2026", "1 heinäkuuta 2026", "1 juli", "juli 2026"])
def test_a_date_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        read(date, text)


@pytest.mark.parametrize(
    ("text", "zone", "language", "day"),
    [
        ("2026-06-30T22:30:00Z", "", None, 1),
        ("2026-06-30T21:30:00Z", "", None, 30),
        ("2026-06-30 22:30:00 UTC", "", None, 1),
        ("2026-07-01T00:30:00+02:00", "", None, 1),
        ("2026-07-01T00:30:00.123+0300", "", None, 30),
        ("2026-06-30 22:30", "UTC", None, 1),
        ("2026-06-30 22:30", "", None, 30),
        ("2026-06-30 23:30", "Europe/Helsinki", None, 30),
        ("1-7-2026 09:30", "", "nl", 1),
        ("1.7.2026 klo 9.30", "", "fi", 1),
        ("01-Jul-2026 00:30", "", "en", 1),
        ("30 June 2026, 22:30 UTC", "", "en", 1),
    ],
)
def test_a_moment_is_the_day_it_is_here(text: str, zone: str, language: Any, day: int) -> None:
    """In Amsterdam, unless the mapping says otherwise; without any zone the day counts as it is written."""
    expected = date(2026, 7, 1) if day == 1 else date(2026, 6, 30)
    assert read(date, text, Style(language=language), Field("any", zone=zone)) == expected


def test_a_moment_is_another_day_elsewhere() -> None:
    assert read(date, "2026-06-30T21:30:00Z", Style(zone="Europe/Helsinki")) == date(2026, 7, 1)


def test_a_databases_moment_is_the_day_it_is_here() -> None:
    late = datetime(2026, 6, 30, 22, 30)
    assert read(date, late.replace(tzinfo=timezone.utc)) == date(2026, 7, 1)
    assert read(date, late, field=Field("any", zone="UTC")) == date(2026, 7, 1)


@pytest.mark.parametrize("text", ["2026-07-01T25:00:00Z", "2026-07-01 noon", "2026-07-01 10:00 CEST", "7/1/2026 10:00"])
def test_a_moment_that_is_none_is_told(text: str) -> None:
    with pytest.raises(ValueError, match="is not a date"):
        read(date, text, Style(language="en"))


def test_the_other_sign() -> None:
    assert read(Money, "-34,50", field=Field("any", negated=True)) == Money(3450)


def test_a_period_told_by_its_last_day_ends_on_the_day_after() -> None:
    assert read(date, "31-12-2026", field=Field("any", last_day=True)) == date(2027, 1, 1)
    assert read(date, "", field=Field("any", last_day=True), optional=True) is None


@pytest.mark.parametrize(
    ("style", "text", "cents"),
    [
        (DUTCH, "1.250,00", 125000),
        (DUTCH, "€ 1.250,00", 125000),
        (DUTCH, "1250", 125000),
        (DUTCH, "1250,5", 125050),
        (DUTCH, "-0,05", -5),
        (DUTCH, "1.250", 125000),
        (FINNISH, "1 250,00", 125000),
        (FINNISH, "1\u00a0250,00 €", 125000),
        (FINNISH, "1\u202f250,00 EUR", 125000),
        (FINNISH, "\u22125,00", -500),
        (Style("."), "1,250.00", 125000),
        (Style(), "1250.00", 125000),
    ],
)
def test_amounts_of_both_countries(style: Style, text: str, cents: int) -> None:
    assert read(Money, text, style) == Money(cents)


@pytest.mark.parametrize(
    ("style", "text"),
    [(DUTCH, "1,250.00"), (DUTCH, "12.50"), (DUTCH, "1.25"), (DUTCH, "1,255"), (DUTCH, "much"), (Style(), "1250,00")],
)
def test_an_amount_that_could_be_another_is_told(style: Style, text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a|has more decimals"):
        read(Money, text, style)


@given(st.integers(-(10**10), 10**10), st.sampled_from([("nl", DUTCH), ("fi", FINNISH)]))
def test_what_saldo_writes_is_read_back(cents: int, style: tuple[str, Style]) -> None:
    assert read(Money, write(Money(cents), style[0]), style[1]) == Money(cents)


@pytest.mark.parametrize(
    ("kind", "found", "value"),
    [
        (str, 1042, "1042"),
        (str, " Jansen ", "Jansen"),
        (int, 10, 10),
        (int, Decimal("10.00"), 10),
        (bool, 1, True),
        (bool, 0, False),
        (bool, True, True),
        (bool, "Ja", True),
        (date, date(2026, 7, 1), date(2026, 7, 1)),
        (date, datetime(2026, 7, 1, 23, 59), date(2026, 7, 1)),
        (Decimal, Decimal("3.5200"), Decimal("3.52")),
        (Money, Decimal("1250.00"), Money(125000)),
        (Money, Decimal("1250.5000"), Money(125050)),
        (Money, 1250, Money(125000)),
    ],
)
def test_a_databases_own_types(kind: type, found: Any, value: Any) -> None:
    assert read(kind, found, Style(yes=frozenset({"ja"}))) == value


def test_a_whole_number_of_cents() -> None:
    assert read(Money, 125005, field=Field("any", cents=True)) == Money(125005)
    assert read(Money, "-5", field=Field("any", cents=True)) == Money(-5)
    with pytest.raises(ValueError, match="is not a whole number of cents"):
        read(Money, "12,50", field=Field("any", cents=True))


@pytest.mark.parametrize(
    ("kind", "found", "told"),
    [
        (Money, 12.5, "floating-point number; let a query cast it to DECIMAL"),
        (Money, Decimal("1.005"), "has parts of a cent"),
        (str, b"abc", "is binary"),
        (str, None, "is empty"),
        (bool, 2, "is not yes or no"),
        (int, Decimal("1.5"), "whole number"),
    ],
)
def test_a_type_that_would_lose_something_is_told(kind: type, found: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        read(kind, found, Style())


def test_words_of_the_source_have_a_meaning() -> None:
    field = Field("any", values={"Actief": "yes", "Gestopt": "no"})
    assert read(bool, "Actief", field=field) is True
    assert read(bool, "Gestopt", field=field) is False
