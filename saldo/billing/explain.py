"""Explains a topic in one customer's own figures: picks the topic's rule and gathers what it tells. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from saldo.billing.explanation import Asked, Explanation, Fact
from saldo.billing.message_catalogue import STATEMENTS
from saldo.billing.model import Account
from saldo.billing.rules.invoices import invoice_quantity
from saldo.billing.rules.open_invoices import payment_extension, payment_reminder
from saldo.billing.rules.overpayments import overpayment
from saldo.billing.rules.result import Rule
from saldo.billing.rules.seats import manage_licences, seat_count
from saldo.billing.rules.subscription import cancel_service, change_package, licence_change

__all__ = ["STATEMENTS", "Asked", "explain"]

RULES: Mapping[str, Rule] = {
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
}


NOTHING_NAMED = Asked()


def explain(topic: str, account: Account, on: date, asked: Asked = NOTHING_NAMED) -> Explanation | None:
    """What the account says about the topic on that day; None: nothing. ValueError: no such topic."""
    if topic not in RULES:
        raise ValueError(f"no topic {topic!r}; there are {', '.join(RULES)}")
    told = RULES[topic](account, on, asked)
    if not told.statements:
        return None
    return Explanation(topic, told.statements, tuple(_each_once(told.facts)), told.seats, told.timeline)


def _each_once(facts: Iterable[Fact]) -> list[Fact]:
    kept: list[Fact] = []
    for fact in facts:
        if fact not in kept:
            kept.append(fact)
    return kept
