"""Which invoice a question means: by number, day or month, amount, quantity, or its place in the row.

A number that is nobody's is compared with the customer's own numbers only, and what is like it is asked back,
never assumed. No article speaks of this; it is how people name an invoice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from saldo.billing.account_state import active_users, invoices_by_date
from saldo.billing.explanation import NOTHING_NAMED, Fact, InvoiceQuery
from saldo.billing.model import Account, Invoice, Money
from saldo.billing.period import BillingPeriod, add_months
from saldo.billing.rules.result import INVOICES, Findings, by_invoice, combined, finding

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

    def next_from(self, day: date) -> date | None:
        """The first day from then on that fits; None for a year that is past."""
        for year in [self.year] if self.year else [day.year, day.year + 1]:
            first = self._from(year)
            if first is not None and first.end > day:
                return max(first.start, day) if self.day is None else first.start
        return None

    def last_until(self, day: date) -> date | None:
        """The latest first day that fits and is not after that one; None for what is all to come."""
        for year in [self.year] if self.year else range(day.year, day.year - 9, -1):
            first = self._from(year)
            if first is not None and first.start <= day:
                return first.start
        return None

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


SLIPS = 2
"""So many slips of the keyboard in a number of eight characters or more; one in a shorter one."""
LONG_NUMBER = 8
SHORTEST_ENDING = 3
MOST_CHOICES = 3
MOST_TOLD = 2
"""So many invoices are told in full; of more that fit, the latest."""


NOTHING = Findings()
OF_NO_INVOICE = ("licences", "change", "target", "months", "point", "counts", "other", "than", "year")
"""What a question may name without meaning an invoice by it."""


@dataclass(frozen=True)
class InvoiceReference:
    """The invoices to tell of, and what to say first; `sure` is False if they are not what was asked for."""

    invoices: tuple[Invoice, ...] = ()
    notice: Findings = NOTHING
    sure: bool = True


def referenced(account: Account, query: InvoiceQuery) -> InvoiceReference:
    """The invoices that the question means; the latest if it names none, or one that is not there."""
    invoices = invoices_by_date(account)
    if not invoices:
        return InvoiceReference(sure=False)
    if query.invoice:
        return _by_number(invoices, query.invoice)
    return _told(invoices, _fitting(invoices, query), query)


def named(account: Account, query: InvoiceQuery) -> Invoice | None:
    """The one invoice the question surely means; None if it names none, or not exactly one."""
    if not any(query.quantity in quantities(invoice) for invoice in account.invoices):
        query = replace(query, quantity=None)  # it counts something else
    if query == replace(NOTHING_NAMED, **{name: getattr(query, name) for name in OF_NO_INVOICE}):
        return None
    found = referenced(account, query)
    return found.invoices[0] if found.sure and len(found.invoices) == 1 and not found.notice.sentences else None


def find_invoice(account: Account, number: str | None) -> Invoice | None:
    """This customer's invoice of that number, however it was typed; nobody else's."""
    wanted = _plain(number or "")
    return next((one for one in invoices_by_date(account) if _plain(one.number) == wanted), None)


def not_found(account: Account, query: InvoiceQuery) -> Findings:
    """What to say of a number that is none of the customer's: the one that is meant perhaps, or that it is unknown."""
    if not query.invoice or not account.knows("invoices") or find_invoice(account, query.invoice):
        return Findings()
    alike = _alike(invoices_by_date(account), query.invoice)
    return _did_you_mean(alike[0]) if len(alike) == 1 else finding("unknown_invoice")


def quantities(invoice: Invoice) -> list[Decimal]:
    """The quantity of each line, and of all together."""
    each = [line.quantity for line in invoice.lines]
    return [*each, sum(each, Decimal(0))]


def counted(account: Account, query: InvoiceQuery) -> InvoiceQuery:
    """The query with the number that counts items on an invoice, of several numbers in a question.

    One that is the licences of an invoice is not meant, and one that is on an invoice is meant before others, unless
    it is asked whether a number is right.
    """
    if query.change or not query.counts:
        return query
    billed = {each for invoice in account.invoices for each in quantities(invoice)}
    licences = {line.licences for invoice in account.invoices for line in invoice.lines}
    others = [each for each in query.counts if each in billed or each not in licences]
    if query.point != "is_right":
        others = [each for each in others if each in billed] or others
    return replace(query, quantity=others[0]) if others else query


def is_of_invoice(account: Account, query: InvoiceQuery) -> bool:
    """Whether the number in the question is a quantity on one of the invoices, and more than there are licences."""
    licences = [line.licences for invoice in account.invoices for line in invoice.lines]
    licences += [active_users(account), sum(one.licences for one in account.licence_changes)]
    on_one = any(query.quantity in quantities(invoice) for invoice in account.invoices)
    return bool(query.counts) and on_one and query.quantity is not None and query.quantity > max(licences)


def _by_number(invoices: list[Invoice], number: str) -> InvoiceReference:
    exact = [one for one in invoices if _plain(one.number) == _plain(number)]
    alike = exact or _alike(invoices, number)
    if exact:
        return InvoiceReference(tuple(exact))
    if len(alike) == 1:
        return InvoiceReference(tuple(alike), _did_you_mean(alike[0]), sure=False)
    if 1 < len(alike) <= MOST_CHOICES:
        return InvoiceReference((), finding("unknown_invoice") + combined(map(_could_be, alike)), sure=False)
    return _latest_instead(invoices)


def _told(invoices: list[Invoice], fitting: list[Invoice], query: InvoiceQuery) -> InvoiceReference:
    if not fitting:
        return _nothing_before(invoices[-1]) if _is_before_all(invoices, query) else _latest_instead(invoices)
    if query.date is None and query.amount is None:
        return InvoiceReference((fitting[0],))
    if len(fitting) <= MOST_TOLD:
        return InvoiceReference(tuple(reversed(fitting)))
    fact = Fact("invoices_found", len(fitting), INVOICES)
    return InvoiceReference((fitting[0],), finding("several", [fact], count=len(fitting), invoice=fitting[0].number))


def _latest_instead(invoices: list[Invoice]) -> InvoiceReference:
    return InvoiceReference((invoices[0],), finding("which_invoice", invoice=invoices[0].number), sure=False)


def _fitting(invoices: list[Invoice], query: InvoiceQuery) -> list[Invoice]:
    """Latest first. A quantity that no invoice has is passed over: it may count something else."""
    found = invoices
    if query.amount is not None:
        found = [one for one in found if _is_amount(one.total, query.amount)]
    if query.date is not None:
        found = _of_day(found, query.date)
    if query.date is None and query.amount is None and query.quantity is not None:
        found = [one for one in found if query.quantity in quantities(one)] or found
    if query.place == "previous":
        return _after(found, query.before)
    return found[:1] if query.place == "latest" else found


def _after(found: list[Invoice], number: str | None) -> list[Invoice]:
    """The one before that number in time, so the next in a row from the latest; the second if it is not there."""
    numbers = [one.number for one in found]
    place = numbers.index(number) + 1 if number in numbers else 1
    return found[place : place + 1]


def _is_before_all(invoices: list[Invoice], query: InvoiceQuery) -> bool:
    return query.place == "previous" and query.before == invoices[-1].number


def _nothing_before(invoice: Invoice) -> InvoiceReference:
    fact = Fact("invoice", invoice.number, by_invoice("invoice", invoice))
    return InvoiceReference((), finding("earliest", [fact], invoice=invoice.number), sure=False)


def _is_amount(total: Money, partial: Money) -> bool:
    """Whole euros may leave out the cents."""
    return total == partial or (partial.cents % 100 == 0 and total.cents // 100 == partial.cents // 100)


def _of_day(invoices: list[Invoice], text: str) -> list[Invoice]:
    """Issued then, else due then, else for a period around then; in the latest year if none was said."""
    partial = PartialDate.read(text)
    if partial is None:
        return []
    issued = [(one.issued_on, one) for one in invoices if partial.fits(one.issued_on)]
    due = [(one.due_date, one) for one in invoices if partial.day and partial.fits(one.due_date)]
    about = [
        (line.period.start, one)
        for one in invoices
        for line in one.lines[:1]
        if partial.lies_in(line.period) is not None
    ]
    return _of_latest_year(issued or due or about[:1])


def _of_latest_year(found: Sequence[tuple[date, Invoice]]) -> list[Invoice]:
    return [one for day, one in found if day.year == found[0][0].year]


def _alike(invoices: list[Invoice], number: str) -> list[Invoice]:
    """Those that end like it, else those that are nearest to it."""
    from rapidfuzz.distance import OSA  # here, for it takes a third of the time that all the rules take to load

    typed = _plain(number)
    ending = [one for one in invoices if len(typed) >= SHORTEST_ENDING and _plain(one.number).endswith(typed)]
    if ending:
        return ending
    allowed = SLIPS if len(typed) >= LONG_NUMBER else 1
    slips = {one.number: OSA.distance(_plain(one.number), typed) for one in invoices}
    nearest = min(slips.values(), default=allowed + 1)
    return [one for one in invoices if slips[one.number] == nearest <= allowed]


def _did_you_mean(invoice: Invoice) -> Findings:
    return finding(
        "did_you_mean", [Fact("invoice", invoice.number, by_invoice("invoice", invoice))], invoice=invoice.number
    )


def _could_be(invoice: Invoice) -> Findings:
    source = by_invoice("invoice", invoice)
    facts = [Fact("invoice", invoice.number, source), Fact("issued_on", invoice.issued_on, source)]
    return finding("could_be", facts, invoice=invoice.number, issued_on=invoice.issued_on)


def _plain(number: str) -> str:
    return "".join(number.split()).casefold()
