"""A day or a month as a customer says it: with or without the year, with or without the day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from saldo.billing.period import BillingPeriod, add_months

WRITTEN = re.compile(r"(\d{4}|-)-(\d\d)(?:-(\d\d))?")


@dataclass(frozen=True)
class PartialDate:
    """What was said of a date; None for what was left out."""

    year: int | None
    month: int
    day: int | None

    @classmethod
    def read(cls, text: str) -> PartialDate | None:
        """From ISO 8601 with parts left out (2026-07-01, --07-01, 2026-03, --03); None if it is no such text."""
        found = WRITTEN.fullmatch(text)
        if found is None:
            return None
        year, month, day = found.groups()
        return cls(None if year == "-" else int(year), int(month), int(day) if day else None)

    def fits(self, day: date) -> bool:
        """Whether the day is the one that was said, or lies in the month that was."""
        return self.month == day.month and self.year in (None, day.year) and self.day in (None, day.day)

    def lies_in(self, period: BillingPeriod) -> date | None:
        """The first day of the period that fits; None if none does."""
        years = [self.year] if self.year else range(period.start.year, period.last_day.year + 1)
        for year in years:
            first = self._from(year)
            if first is not None and first.start < period.end and period.start < first.end:
                return max(first.start, period.start)
        return None

    def _from(self, year: int) -> BillingPeriod | None:
        """The day or the month in that year; None for a 29 February that the year lacks."""
        try:
            start = date(year, self.month, self.day or 1)
        except ValueError:
            return None
        return BillingPeriod(start, start + timedelta(days=1) if self.day else add_months(start, 1))
