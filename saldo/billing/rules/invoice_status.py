"""The customer's invoices as such: what is open, paid and due, when the next comes and for how long it is.

Articles: "Waarom komt het aantal gebruikers op mijn factuur niet overeen met het aantal actieve gebruikers?" /
"Miksi laskulla näkyvä käyttäjämäärä ei vastaa aktiivisten käyttäjien määrää?": billed in advance, a whole period at a
time, for the licences in the subscription then. When the next invoice is issued is in no record, so only the period it
is for is told; what a price will be is never promised.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from saldo.billing.account_state import (
    added_up,
    balance,
    begun_on,
    current_period,
    ends_on,
    invoices_by_date,
    licences_on,
    next_to_invoice,
    running,
    still_due,
)
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Value
from saldo.billing.model import Account, Invoice, Subscription
from saldo.billing.period import BillingPeriod
from saldo.billing.rules.comparison import comparison
from saldo.billing.rules.invoice_reference import named, not_found
from saldo.billing.rules.open_invoices import open_invoices, paid_in_full, told_open
from saldo.billing.rules.period_facts import period_fact
from saldo.billing.rules.prices import price
from saldo.billing.rules.result import (
    INVOICES,
    RECKONED,
    SUBSCRIPTION,
    TODAY,
    Findings,
    Rule,
    by_invoice,
    combined,
    each_told,
    finding,
)
from saldo.billing.rules.totals import total

OWN_RULES: Mapping[str, Rule] = {
    "comparison": comparison,
    "whether_higher": comparison,
    "total": total,
    "total_paid": total,
    "price": price,
}
"""The points that have a rule of their own."""


def invoice_status(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What was asked of the invoice that is named, else of all: `query.point` says what."""
    if query.point in ("period", "advance"):
        return each_told(running(account, on), on, lambda one: _period(account, one, on))
    if query.point == "next":
        return each_told(running(account, on), on, lambda one: _next(account, one, on))
    if own := OWN_RULES.get(query.point or ""):
        return own(account, on, query)
    unknown, wanted = not_found(account, query), named(account, query)
    if unknown.sentences or query.point == "copy":
        return unknown  # and no other invoice is told in its stead
    return _state(account, wanted, on, query) if wanted else _all(account, on, query)


def _all(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What is open, the earliest due first; where nothing is, what became of the latest."""
    invoices = open_invoices(account, query)
    latest = invoices_by_date(account)[:1]
    if not invoices:
        nothing = Findings() if query.point in ("paid", "due") else finding("nothing_open")
        return nothing + combined(paid_in_full(account, one) for one in latest)
    late, told = _late(invoices[0], on), told_open(account, invoices, on)
    return late + told if query.point == "late" else _sum(account, invoices) + told + late


def _state(account: Account, invoice: Invoice, on: date, query: InvoiceQuery) -> Findings:
    if balance(account, invoice).cents >= 0:
        paid = paid_in_full(account, invoice)
        return (_was_due(invoice) if query.point == "due" else Findings()) + paid
    late, told = _late(invoice, on), told_open(account, [invoice], on)
    return late + told if query.point == "late" else told + late


def _was_due(invoice: Invoice) -> Findings:
    """The due date of an invoice of which nothing is open."""
    source = by_invoice("invoice", invoice)
    facts = [Fact("invoice", invoice.number, source), Fact("due_date", invoice.due_date, source)]
    return finding("was_due", facts, invoice=invoice.number, due_date=invoice.due_date)


def _sum(account: Account, invoices: list[Invoice]) -> Findings:
    """How many are open and what they come to, if there are several."""
    if len(invoices) < 2:
        return Findings()
    due = [still_due(account, one) for one in invoices]
    inputs: dict[str, Value] = {f"open_{place}": amount for place, amount in enumerate(due, 1)}
    formula = Formula(" + ".join(f"{{{name}}}" for name in inputs), inputs)
    amount = added_up(due, due[0].currency)
    facts = [Fact("invoices_open", len(invoices), INVOICES), Fact("open_in_all", amount, RECKONED, formula)]
    return finding("sum_open", facts, count=len(invoices), amount=amount)


def _late(invoice: Invoice, on: date) -> Findings:
    """How many days ago it was due."""
    days = (on - invoice.due_date).days
    if days <= 0:
        return Findings()
    formula = Formula("{today} − {due_date}", {"today": on, "due_date": invoice.due_date})
    facts = [Fact("today", on, TODAY), Fact("days_late", days, by_invoice("invoice", invoice), formula)]
    return finding("days_late", facts, invoice=invoice.number, days=days)


def _period(account: Account, subscription: Subscription, on: date) -> Findings:
    period = current_period(subscription, on)
    period = BillingPeriod(max(period.start, begun_on(account, subscription)), period.end)
    facts = [Fact("period_months", subscription.months, SUBSCRIPTION), period_fact("period", period, subscription)]
    return finding("period", facts, months=subscription.months, since=period.start, until=period.last_day)


def _next(account: Account, subscription: Subscription, on: date) -> Findings:
    """The period of the next invoice, and what it bills if nothing changes; nothing of one that is cut short."""
    start = next_to_invoice(account, subscription, on)
    if start is None:
        day = ends_on(subscription)
        return finding("no_next", [Fact("ends_on", day, SUBSCRIPTION)], ends_on=day) if day else Findings()
    months = subscription.months
    period = BillingPeriod.of(start, months, subscription.period.anchor_day)
    licences = licences_on(account, [subscription], start)
    if licences <= 0 or current_period(subscription, start) != period:
        return Findings()
    formula = Formula("{licences} × {months}", {"licences": licences, "months": months})
    facts = [
        period_fact("next_period", period, subscription),
        Fact("licences", licences, SUBSCRIPTION),
        Fact("next_quantity", licences * months, RECKONED, formula),
    ]
    values: dict[str, Value] = {"since": start, "until": period.last_day, "licences": licences, "months": months}
    return finding("next", facts, **values, quantity=licences * months)
