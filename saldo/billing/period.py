"""Billing periods: intervals of days, start included and end excluded, so that they tile without gaps.

Months follow the calendar: a period that begins on the 31st ends on the last day of a shorter month and finds
its way back to the 31st afterwards. The day it finds back to is the *anchor day*.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


def add_months(day: date, months: int, anchor_day: int | None = None) -> date:
    """So many months later (or earlier), on `anchor_day` (default: its own day) or a short month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(anchor_day or day.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date, anchor_day: int | None = None) -> Decimal:
    """Months from `start` to `end`, rounded half up to hundredths.

    Whole ones are counted back from `end`, the rest is the days' part of the month they lie in.
    From 16 March to 1 July: April, May, June, and 16 of the 31 days of March: 3.52.
    """
    whole = 0
    while (before := add_months(end, -whole - 1, anchor_day)) >= start:
        whole += 1
    after = add_months(end, -whole, anchor_day)
    part = Decimal((after - start).days) / (after - before).days
    return (whole + part).quantize(HUNDREDTH, ROUND_HALF_UP)


@dataclass(frozen=True, order=True, slots=True)
class BillingPeriod:
    """The days from `start` up to, not including, `end`. Raises ValueError if there are none."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a period from {self.start} to {self.end} has no days")

    def __str__(self) -> str:
        """For machines, as an ISO 8601 interval: ``2026-01-01/2026-07-01``; the end is excluded."""
        return f"{self.start}/{self.end}"

    @classmethod
    def of(cls, start: date, months: int, anchor_day: int | None = None) -> BillingPeriod:
        """The period of so many months that begins on `start`."""
        return cls(start, add_months(start, months, anchor_day))

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def anchor_day(self) -> int:
        """The day of the month the periods begin on, as far as this one shows it.

        A period that ends on a month's last day only because the month is too short keeps its start's day.
        (From 30 November to 28 February hides whether it was the 30th or the 31st; it counts as the 30th.)
        """
        cut_short = (self.end + timedelta(days=1)).day == 1 and self.start.day > self.end.day
        return self.start.day if cut_short else self.end.day

    def contains(self, day: date) -> bool:
        return self.start <= day < self.end

    def next(self, months: int, anchor_day: int | None = None) -> BillingPeriod:
        """The period of so many months that begins where this one ends."""
        return BillingPeriod.of(self.end, months, anchor_day or self.anchor_day)
