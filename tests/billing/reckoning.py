"""A slow second opinion: walks through a history day by day, and shares no code with the rules."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

from saldo.billing.model import Account, Invoice, InvoiceLine

DAY = timedelta(days=1)


def licences_by_day(account: Account, first: date, last: date) -> dict[date, int]:
    """How many licences each day had, from the changes alone."""
    counts, day = {}, first
    while day <= last:
        counts[day] = sum(change.licences for change in account.licence_changes if change.effective_on <= day)
        day += DAY
    return counts


def days_billed(invoice: Invoice) -> Counter[date]:
    """How many licences an invoice bills for each day."""
    billed: Counter[date] = Counter()
    for line in invoice.lines:
        day = line.period.start
        while day < line.period.end:
            billed[day] += line.licences
            day += DAY
    return billed


def months_by_day(line: InvoiceLine) -> Fraction:
    """The months of a line, adding up day after day the part each is of the month of the period it lies in.

    The months are counted back from the period's end, each ending on the end's day or on a shorter month's last.
    """
    total, day = Fraction(0), line.period.start
    bounds = _month_bounds(line.period.start, line.period.end, line.period.anchor_day)
    while day < line.period.end:
        start = max(bound for bound in bounds if bound <= day)
        end = min(bound for bound in bounds if bound > day)
        total += Fraction(1, (end - start).days)
        day += DAY
    return total


def _month_bounds(start: date, end: date, anchor: int) -> list[date]:
    """The days on which a month of the period begins: those numbered `anchor`, or the last of a shorter month."""
    first = start - timedelta(days=62)
    days = [first + timedelta(days=count) for count in range((end - first).days + 63)]
    return [day for day in days if day.day == anchor or (day.day < anchor and (day + DAY).day == 1)]
