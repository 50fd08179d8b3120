"""Periods are half-open, tile the calendar, and keep their day through short months and leap years."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.billing.period import BillingPeriod, add_months, months_between

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
lengths = st.sampled_from([1, 3, 6, 12])


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 15), 1, date(2026, 2, 15)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
    ],
)
def test_adds_months(day: date, months: int, later: date) -> None:
    assert add_months(day, months) == later


def test_finds_back_to_the_anchor_day() -> None:
    assert add_months(date(2026, 2, 28), 1, anchor_day=31) == date(2026, 3, 31)
    assert add_months(date(2026, 3, 31), 1, anchor_day=31) == date(2026, 4, 30)


@given(days, st.integers(-120, 120), st.integers(-120, 120))
def test_adding_twice_is_adding_the_sum(day: date, first: int, second: int) -> None:
    """If the anchor day is kept in mind; without it, the 31st would become the 28th for good."""
    assert add_months(add_months(day, first), second, day.day) == add_months(day, first + second)


def test_a_period_includes_its_start_and_not_its_end() -> None:
    july = BillingPeriod(date(2026, 7, 1), date(2026, 8, 1))
    assert july.contains(date(2026, 7, 1)) and july.contains(july.last_day)
    assert not july.contains(date(2026, 8, 1))
    assert july.last_day == date(2026, 7, 31)
    assert str(july) == "2026-07-01/2026-08-01"


@pytest.mark.parametrize("end", [date(2026, 7, 1), date(2026, 6, 30)])
def test_refuses_an_empty_period(end: date) -> None:
    with pytest.raises(ValueError, match="has no days"):
        BillingPeriod(date(2026, 7, 1), end)


def test_periods_are_ordered() -> None:
    first = BillingPeriod(date(2026, 1, 1), date(2026, 7, 1))
    assert first < first.next(6)


@given(days, lengths)
def test_periods_tile_the_years(start: date, months: int) -> None:
    """Every day of the coming years lies in one period, and each begins on the anchor day if it can."""
    periods = [BillingPeriod.of(start, months)]
    while len(periods) < 48 // months:
        periods.append(periods[-1].next(months, start.day))
    for before, after in pairwise(periods):
        assert before.end == after.start
        assert after.start == add_months(start, months * periods.index(after))
    assert periods[-1].end == add_months(start, 48)


@given(days.filter(lambda day: day.day <= 28), lengths)
def test_a_period_knows_its_anchor_day(start: date, months: int) -> None:
    assert BillingPeriod.of(start, months).anchor_day == start.day


@given(days)
def test_monthly_periods_never_lose_the_anchor_day(start: date) -> None:
    period = BillingPeriod.of(start, 1)
    for number in range(1, 30):
        period = period.next(1)
        assert period.start == add_months(start, number)


def test_a_short_first_period_does_not_set_the_anchor_day() -> None:
    first = BillingPeriod(date(2026, 3, 15), date(2026, 4, 1))
    assert first.next(1) == BillingPeriod(date(2026, 4, 1), date(2026, 5, 1))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 1, 1), date(2026, 7, 1), "6"),
        (date(2026, 3, 1), date(2026, 7, 1), "4"),
        (date(2026, 3, 16), date(2026, 7, 1), "3.52"),  # 16 of the 31 days of March, and three months
        (date(2026, 6, 30), date(2026, 7, 1), "0.03"),  # one of 30 days
        (date(2026, 4, 16), date(2026, 5, 1), "0.5"),  # 15 of 30 days
        (date(2026, 7, 1), date(2026, 7, 1), "0"),
    ],
)
def test_counts_months_between(start: date, end: date, months: str) -> None:
    assert months_between(start, end) == Decimal(months)


@given(days, st.integers(0, 60))
def test_whole_months_count_whole(start: date, months: int) -> None:
    assert months_between(start, add_months(start, months), start.day) == months


@given(days, st.integers(0, 800))
def test_a_later_start_never_counts_more(start: date, length: int) -> None:
    end = start + timedelta(days=length)
    assert months_between(start, end) >= months_between(min(start + timedelta(days=1), end), end)
