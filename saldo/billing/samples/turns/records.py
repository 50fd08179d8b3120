"""One more record in an account that is made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from saldo.billing.model import Account, Invoice, InvoiceLine, LicenceChange, Money, Payment, Subscription
from saldo.billing.period import BillingPeriod
from saldo.billing.samples.steps import PAYMENT_TERM, PRICES

DAY = timedelta(days=1)
Line = tuple[int, Decimal, BillingPeriod]
"""Licences, months and the days they are billed for."""


def with_subscription(account: Account, changed: Subscription) -> Account:
    """The account with that subscription in its place."""
    return replace(
        account,
        subscriptions=tuple(changed if one.id == changed.id else one for one in account.subscriptions),
    )


def changed(account: Account, of: Subscription, ordered: date, effective: date, count: int) -> Account:
    change = LicenceChange(of.id, ordered, effective, count)
    return replace(account, licence_changes=(*account.licence_changes, change))


def billed(account: Account, one: Subscription, day: date, lines: Sequence[Line]) -> Account:
    """One more invoice, paid on the day it is due if that is known by then."""
    price = PRICES[one.package]
    billed = tuple(
        InvoiceLine(number, licences, months, licences * months, price, period)
        for number, (licences, months, period) in enumerate(lines, 1)
    )
    total = sum((price.times(line.quantity) for line in billed), Money(0))
    number = f"{day.year}-{account.customer.id[3:]}{len(account.invoices):03}"
    invoice = Invoice(number, one.id, day, day + PAYMENT_TERM, total, billed)
    account = replace(account, invoices=(*account.invoices, invoice))
    return paid(account, invoice, invoice.due_date, total, "")


def paid(account: Account, invoice: Invoice, day: date, amount: Money, what: str) -> Account:
    payment = Payment(f"P-{invoice.number}-{what}-{len(account.payments)}", invoice.number, day, amount)
    return replace(account, payments=(*account.payments, payment))
