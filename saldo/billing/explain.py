"""Explains a topic in one customer's own figures: picks the topic's rule and gathers what it tells. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saldo.billing.account_state import known_on
from saldo.billing.explanation import NOTHING_NAMED, Explanation, Fact, InvoiceQuery
from saldo.billing.message_catalogue import UNKNOWN
from saldo.billing.model import Account
from saldo.billing.rules.coverage import as_of, asks_if_recorded, covered, reading_of
from saldo.billing.rules.invoice_reference import counted, is_of_invoice
from saldo.billing.rules.invoice_status import invoice_status
from saldo.billing.rules.invoices import invoice_quantity, supposed
from saldo.billing.rules.open_invoices import payment_extension, payment_reminder
from saldo.billing.rules.overpayments import overpayment
from saldo.billing.rules.recorded_changes import recorded_changes
from saldo.billing.rules.result import ASKED, RECKONED, Findings, Rule
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


def explain(
    topic: str,
    account: Account,
    on: date,
    query: InvoiceQuery = NOTHING_NAMED,
    old_after_days: int | None = None,
) -> Explanation | None:
    """What the account says about the topic on that day; None where it says nothing, or the topic has no rule.

    A number that is a quantity on one of the invoices is about that ("60 on the bill, but we are 10"), whatever else is
    counted: then the explanation has the topic `invoice_quantity`.
    From `old_after_days` after their import on, it says as of when the records are (None: never).
    """
    account = known_on(account, on)
    query = counted(account, query)
    if topic == "seat_count" and query.point in (None, "basis") and is_of_invoice(account, query):
        topic = "invoice_quantity"
    rule = RULES.get(topic)
    if rule is None:
        return None
    reading = reading_of(topic, query)
    if asks_if_recorded(topic, query):
        rule = recorded_changes
    findings = covered(rule, reading, account, on, query)
    if old_after_days is not None and _tells_of_records(findings):
        if rule is recorded_changes:  # yes or no comes first, and then the day it is true of, whatever its age
            findings += as_of(reading, account, on, 0)
        else:
            findings = as_of(reading, account, on, old_after_days) + findings
    explanation = _explanation(topic, findings)
    return replace(explanation, country=account.customer.country) if explanation else None


def explain_to_anyone(topic: str, query: InvoiceQuery) -> Explanation | None:
    """What follows from the question alone, for somebody whose records are not known: 12 licences, 3 months: 36."""
    if topic == "invoice_quantity" and query.licences and query.months:
        explanation = _explanation(topic, supposed(query.licences, query.months))
        return replace(explanation, own=False) if explanation else None
    return None


def _tells_of_records(findings: Findings) -> bool:
    """Whether it says what the records hold, and not only that they lack, or what follows from the question."""
    supposed = findings.facts and all(fact.source in (ASKED, RECKONED) for fact in findings.facts)
    return not supposed and bool({one.name for one in findings.sentences} - UNKNOWN)


def _explanation(topic: str, findings: Findings) -> Explanation | None:
    if not findings.sentences:
        return None
    facts: list[Fact] = []  # each once; not hashable, for a formula holds a mapping
    for fact in findings.facts:
        if fact not in facts:
            facts.append(fact)
    return Explanation(topic, findings.sentences, tuple(facts), findings.seats, findings.timeline)
