"""Explains a topic in one customer's own figures: picks the topic's rule and gathers what it tells. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saldo.billing.account_state import known_on
from saldo.billing.explanation import NOTHING_NAMED, Explanation, Fact, InvoiceQuery
from saldo.billing.model import Account
from saldo.billing.rules.invoice_status import invoice_status
from saldo.billing.rules.invoices import invoice_quantity, supposed
from saldo.billing.rules.open_invoices import payment_extension, payment_reminder
from saldo.billing.rules.overpayments import overpayment
from saldo.billing.rules.result import Findings, Rule
from saldo.billing.rules.seats import manage_licences, seat_count
from saldo.billing.rules.subscription import cancel_service, change_package, licence_change

__all__ = ["NOTHING_NAMED", "RULES", "explain", "explain_to_anyone"]

RULES: dict[str, Rule] = {
    "seat_count": seat_count,
    "invoice_quantity": invoice_quantity,
    "licence_change": licence_change,
    "manage_licences": manage_licences,
    "change_package": change_package,
    "cancel_service": cancel_service,
    "paid_twice": overpayment,
    "refund_requirements": overpayment,
    "payment_extension": payment_extension,
    "payment_reminder": payment_reminder,
    "invoice_status": invoice_status,
}
"""By topic; one without a rule is answered from the reviewed text alone."""


def explain(topic: str, account: Account, on: date, query: InvoiceQuery = NOTHING_NAMED) -> Explanation | None:
    """What the account says about the topic on that day; None where it says nothing, or the topic has no rule."""
    rule = RULES.get(topic)
    return _explanation(topic, rule(known_on(account, on), on, query) if rule else Findings())


def explain_to_anyone(topic: str, query: InvoiceQuery) -> Explanation | None:
    """What follows from the question alone, for somebody whose records are not known: 12 licences, 3 months: 36."""
    if topic == "invoice_quantity" and query.licences and query.months:
        explanation = _explanation(topic, supposed(query.licences, query.months))
        return replace(explanation, own=False) if explanation else None
    return None


def _explanation(topic: str, findings: Findings) -> Explanation | None:
    if not findings.sentences:
        return None
    facts: list[Fact] = []  # each once; not hashable, for a formula holds a mapping
    for fact in findings.facts:
        if fact not in facts:
            facts.append(fact)
    return Explanation(topic, findings.sentences, tuple(facts), findings.seats, findings.timeline)
