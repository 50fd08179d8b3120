"""A slow second opinion: reckons from the raw records, day by day where it can, and shares no code with the rules."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations

from saldo.billing.model import Account, Invoice, InvoiceLine, LicenceChange, Subscription

DAY = timedelta(days=1)
YEARS = timedelta(days=1500)


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


class Reckoning:
    """What an account comes to on a day, from its raw records; what came later than the day is left out first."""

    def __init__(self, account: Account, on: date) -> None:
        self.account, self.on = account, on
        self.changes = [one for one in account.licence_changes if one.ordered_on <= on]
        self.invoices = [one for one in account.invoices if one.issued_on <= on]
        self.payments = [one for one in account.payments if one.paid_on <= on]
        self.refunds = [one for one in account.refunds if one.paid_on <= on]
        self.credit_notes = [one for one in account.credit_notes if one.issued_on <= on]
        self.reminders = [one for one in account.reminders if one.sent_on <= on]
        self.collections = [one for one in account.collections if one.transferred_on <= on]
        self._starts: dict[str, list[date]] = {}
        self.active = len([one for one in account.users if one.active])
        self.running = [one for one in account.subscriptions if self.runs(one, on)]

    def changes_of(self, one: Subscription) -> list[LicenceChange]:
        mine = [change for change in self.changes if change.subscription == one.id]
        return sorted(mine, key=lambda change: (change.effective_on, change.ordered_on))

    def begins(self, one: Subscription) -> date:
        """The day of its first licences, or of its recorded period if that is earlier."""
        return min([one.period.start, *(change.effective_on for change in self.changes_of(one)[:1])])

    def runs(self, one: Subscription, day: date) -> bool:
        return self.begins(one) <= day and (one.cancelled_on is None or day < one.cancelled_on)

    def licences(self, one: Subscription, day: date) -> int:
        return sum(change.licences for change in self.changes_of(one) if change.effective_on <= day)

    def licences_of_all(self, day: date) -> int:
        """Of whatever subscriptions ran on that day."""
        return sum(self.licences(one, day) for one in self.account.subscriptions if self.runs(one, day))

    def later(self) -> list[LicenceChange]:
        """All changes of the running subscriptions but the licences each began with."""
        return [change for one in self.running for change in self.changes_of(one)[1:]]

    def starts(self, one: Subscription) -> list[date]:
        """The first days of some years of periods, around the recorded one."""
        if one.id not in self._starts:
            first, last = one.period.start, one.period.end
            cut_short = (last + DAY).day == 1 and first.day > last.day
            anchor = first.day if cut_short else last.day
            bounds = _month_bounds(min(first, self.on) - YEARS, max(last, self.on) + YEARS, anchor)
            aligned = bounds[bounds.index(last) % one.months :: one.months]
            self._starts[one.id] = sorted({first, *(day for day in aligned if day < first or day >= last)})
        return self._starts[one.id]

    def period(self, one: Subscription, day: date) -> tuple[date, date]:
        """The first and the last day of the period around a day, within the subscription."""
        starts = self.starts(one)
        place = max(place for place, start in enumerate(starts) if start <= day)
        end = min(starts[place + 1], one.cancelled_on or date.max)
        return max(starts[place], self.begins(one)), end - DAY

    def to_invoice(self, one: Subscription, day: date) -> date | None:
        """The first day of a period after a day that no invoice bills and in which the subscription runs."""
        billed = [
            line.period.end for invoice in self.invoices if invoice.subscription == one.id for line in invoice.lines
        ]
        start = max([self.period(one, day)[1] + DAY, *billed])
        return None if one.cancelled_on is not None and one.cancelled_on <= start else start

    def next_invoice(self, one: Subscription) -> date | None:
        """The first day that the next invoice for a whole period bills: of the current one, if none bills it yet."""
        if one.cancelled_on is not None and one.cancelled_on <= self.on:
            return None
        first, last = self.period(one, max(self.on, self.begins(one)))
        billed = any(
            line.period.start <= last and first < line.period.end
            for invoice in self.invoices
            if invoice.subscription == one.id
            for line in invoice.lines
        )
        if not billed and (one.cancelled_on is None or first < one.cancelled_on):
            return first
        return self.to_invoice(one, max(self.on, self.begins(one)))

    def package(self, one: Subscription, day: date) -> str:
        changed = self.runs(one, one.period.end) and day >= one.period.end
        return one.next_package if changed and one.next_package else one.package

    def next_period(self, one: Subscription) -> date | None:
        """The first day of a period to come that an invoice is to come for: not if it is known to have no licence."""
        start = self.next_invoice(one)
        start = start if start is None or start > self.on else self.to_invoice(one, self.on)
        has_licences = start is not None and self.licences(one, start) > 0
        return start if has_licences or not self.changes_of(one) else None

    def paid(self, invoice: Invoice) -> int:
        return sum(one.amount.cents for one in self.payments if one.invoice == invoice.number)

    def refunded(self, invoice: Invoice) -> int:
        return sum(one.amount.cents for one in self.refunds if one.invoice == invoice.number)

    def credited(self, invoice: Invoice) -> int:
        return sum(one.amount.cents for one in self.credit_notes if one.invoice == invoice.number)

    def owed(self, invoice: Invoice) -> int:
        """What is neither paid nor credited; money paid back was paid too much, so it is no debt."""
        return max(invoice.total.cents - self.paid(invoice) - self.credited(invoice), 0)

    def surplus(self, invoice: Invoice) -> int:
        came = self.paid(invoice) + self.credited(invoice)
        return max(came - invoice.total.cents - self.refunded(invoice), 0)

    def open(self) -> list[Invoice]:
        return [one for one in self.invoices if self.owed(one)]

    def settled_on(self, invoice: Invoice) -> date | None:
        """The first day from which on nothing was open any more; None if something is."""
        first = min([invoice.issued_on, *(one.paid_on for one in self.payments)])
        days = [first + DAY * count for count in range((self.on - first).days + 1)]
        open_ = [day for day in days if self.came_by(invoice, day) < invoice.total.cents]
        return None if self.on in open_ else max([*open_, first - DAY]) + DAY

    def came_by(self, invoice: Invoice, day: date) -> int:
        """Payments and credit notes up to a day."""
        paid = sum(one.amount.cents for one in self.payments if one.invoice == invoice.number and one.paid_on <= day)
        notes = (one for one in self.credit_notes if one.invoice == invoice.number and one.issued_on <= day)
        return paid + sum(one.amount.cents for one in notes)

    def invoice(self, number: object) -> Invoice:
        """Raises StopIteration for an invoice that is not the customer's, or not issued yet."""
        return next(one for one in self.invoices if one.number == number)

    def added_in_period(self, invoice: Invoice, line: InvoiceLine) -> bool:
        """Whether the line bills what was added on its first day, alone or with more of that day."""
        one = next((one for one in self.account.subscriptions if one.id == invoice.subscription), None)
        if one is None or line.months >= one.months:
            return False
        counts = [
            change.licences
            for change in self.changes_of(one)[1:]
            if change.effective_on == line.period.start and change.licences > 0
        ]
        return any(
            line.licences == sum(some) for size in range(1, len(counts) + 1) for some in combinations(counts, size)
        )
