"""Records that contradict each other: more users than licences, an invoice for other licences than the subscription's.

What is wrong nobody can see from here, so it is told as a contradiction, for people to look at.
"""

from __future__ import annotations

from datetime import date

from saldo.billing.account_state import changes_of, subscription_of
from saldo.billing.explanation import Fact, Source
from saldo.billing.model import Account, Invoice, InvoiceLine, Subscription
from saldo.billing.rules.result import SUBSCRIPTION, USERS, Findings, combined, finding


def users_exceed(licences: int, active: int) -> Findings:
    """That more users are active than there are licences."""
    facts = [Fact("licences", licences, SUBSCRIPTION), Fact("active_users", active, USERS)]
    return finding("users_exceed", facts, licences=licences, active=active)


def invoice_disagrees(account: Account, invoice: Invoice) -> Findings:
    """That other licences were billed from a day on than the subscription had; nothing where the two agree.

    Additions may still come on an invoice of their own, so within a period only too many are a contradiction. Licences
    removed or added after the invoice was issued, or on that day, could not be on it.
    """
    subscription = subscription_of(account, invoice)
    if subscription is None or not changes_of(account, subscription):
        return Findings()
    longest = {line.period.start: line for line in sorted(invoice.lines, key=lambda line: line.months)}
    return combined(_of_line(account, subscription, invoice, line) for line in longest.values())


def _of_line(account: Account, subscription: Subscription, invoice: Invoice, line: InvoiceLine) -> Findings:
    day, billed = line.period.start, _billed(account, subscription, line.period.start)
    recorded = _recorded(account, subscription, invoice, day)
    if billed in recorded or (line.months < subscription.months and billed < max(recorded)):
        return Findings()
    licences = recorded[0]
    facts = [
        Fact("billed_from", day, Source("invoice_line", {"invoice": invoice.number, "line": line.number})),
        Fact("billed_licences", billed, Source("invoice", {"invoice": invoice.number})),
        Fact("licences_then", licences, SUBSCRIPTION),
    ]
    return finding("invoice_disagrees", facts, invoice=invoice.number, day=day, billed=billed, licences=licences)


def _billed(account: Account, subscription: Subscription, day: date) -> int:
    """The licences that all invoices of the subscription bill for that day."""
    invoices = (one for one in account.invoices if one.subscription == subscription.id)
    return sum(line.licences for one in invoices for line in one.lines if line.period.contains(day))


def _recorded(account: Account, subscription: Subscription, invoice: Invoice, day: date) -> list[int]:
    """The licences of that day: as known now, when the invoice was issued, and before that day."""
    changes = [one for one in changes_of(account, subscription) if one.effective_on <= day]
    return [
        sum(one.licences for one in changes),
        sum(one.licences for one in changes if one.ordered_on <= invoice.issued_on),
        sum(one.licences for one in changes if one.ordered_on < invoice.issued_on),
    ]
