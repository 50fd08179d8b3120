"""The customer's invoices as such: what is open, paid and due, when the next comes and for how long it is.

Articles: "Waarom komt het aantal gebruikers op mijn factuur niet overeen met het aantal actieve gebruikers?" /
"Miksi laskulla näkyvä käyttäjämäärä ei vastaa aktiivisten käyttäjien määrää?": billed in advance, a whole period at a
time, for the licences in the subscription then. When the next invoice is issued is in no record, so only the period it
is for is told; what a price will be is never promised.
"""

from __future__ import annotations

from datetime import date

from saldo.billing.account_state import (
    added_up,
    balance,
    current_period,
    ends_on,
    invoices_by_date,
    licences_on,
    next_invoiced,
    running,
    still_due,
)
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Value
from saldo.billing.model import Account, Invoice, Subscription
from saldo.billing.period import BillingPeriod
from saldo.billing.rules.invoice_reference import named, not_found
from saldo.billing.rules.open_invoices import open_invoices, paid_in_full, told_open
from saldo.billing.rules.result import INVOICES, RECKONED, SUBSCRIPTION, TODAY, Findings, by_invoice, combined, finding
from saldo.billing.rules.subscription import each_told


def invoice_status(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What was asked of the invoice that is named, else of all: `query.point` says what."""
    if query.point in ("period", "advance"):
        return each_told(running(account, on), lambda one: _period(one, on))
    if query.point == "next":
        return each_told(running(account, on), lambda one: _next(account, one, on))
    wanted = named(account, query)
    if wanted is not None:
        return _state(account, wanted, on)
    return not_found(account, query) + _all(account, on, query)


def _all(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What is open, the earliest due first; where nothing is, what became of the latest."""
    invoices = open_invoices(account, query)
    latest = invoices_by_date(account)[:1]
    if not invoices:
        nothing = Findings() if query.point in ("paid", "due") else finding("nothing_open")
        return nothing + combined(paid_in_full(account, one) for one in latest)
    return _sum(account, invoices) + told_open(account, invoices, on) + combined(_late(one, on) for one in invoices[:1])


def _state(account: Account, invoice: Invoice, on: date) -> Findings:
    if balance(account, invoice).cents < 0:
        return told_open(account, [invoice], on) + _late(invoice, on)
    return paid_in_full(account, invoice)


def _sum(account: Account, invoices: list[Invoice]) -> Findings:
    """How many are open and what they come to, if there are several."""
    if len(invoices) < 2:
        return Findings()
    due = [still_due(account, one) for one in invoices]
    inputs: dict[str, Value] = {f"open_{place}": amount for place, amount in enumerate(due, 1)}
    formula = Formula(" + ".join(f"{{{name}}}" for name in inputs), inputs)
    total = added_up(due, due[0].currency)
    facts = [Fact("invoices_open", len(invoices), INVOICES), Fact("open_in_all", total, RECKONED, formula)]
    return finding("sum_open", facts, count=len(invoices), amount=total)


def _late(invoice: Invoice, on: date) -> Findings:
    """How many days ago it was due."""
    days = (on - invoice.due_date).days
    if days <= 0:
        return Findings()
    formula = Formula("{today} − {due_date}", {"today": on, "due_date": invoice.due_date})
    facts = [Fact("today", on, TODAY), Fact("days_late", days, by_invoice("invoice", invoice), formula)]
    return finding("days_late", facts, invoice=invoice.number, days=days)


def _period(subscription: Subscription, on: date) -> Findings:
    period = current_period(subscription, on)
    facts = [Fact("period_months", subscription.months, SUBSCRIPTION), Fact("period", period, SUBSCRIPTION)]
    return finding("period", facts, months=subscription.months, since=period.start, until=period.last_day)


def _next(account: Account, subscription: Subscription, on: date) -> Findings:
    """The period of the next invoice, and what it bills if nothing changes."""
    start = next_invoiced(account, subscription, on)
    if start is None:
        day = ends_on(subscription)
        return finding("no_next", [Fact("ends_on", day, SUBSCRIPTION)], ends_on=day) if day else Findings()
    months = subscription.months
    period = BillingPeriod.of(start, months, current_period(subscription, on).anchor_day)
    licences = licences_on(account, [subscription], start)
    formula = Formula("{licences} × {months}", {"licences": licences, "months": months})
    facts = [
        Fact("next_period", period, SUBSCRIPTION),
        Fact("licences", licences, SUBSCRIPTION),
        Fact("next_quantity", licences * months, RECKONED, formula),
    ]
    values: dict[str, Value] = {"since": start, "until": period.last_day, "licences": licences, "months": months}
    return finding("next", facts, **values, quantity=licences * months)
