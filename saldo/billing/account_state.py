"""How things stand in an account on a day: what runs, how many licences, what is paid. Pure look-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from saldo.billing.model import Account, Invoice, LicenceChange, Money, Subscription
from saldo.billing.period import BillingPeriod


def known_on(account: Account, on: date) -> Account:
    """The account as it was known on a day: nothing ordered, issued, paid, sent or transferred later.

    Users are known as they are now, and so is what was agreed of a subscription.
    """
    return replace(
        account,
        licence_changes=tuple(one for one in account.licence_changes if one.ordered_on <= on),
        invoices=tuple(one for one in account.invoices if one.issued_on <= on),
        payments=tuple(one for one in account.payments if one.paid_on <= on),
        reminders=tuple(one for one in account.reminders if one.sent_on <= on),
        collections=tuple(one for one in account.collections if one.transferred_on <= on),
        refunds=tuple(one for one in account.refunds if one.paid_on <= on),
    )


def running(account: Account, on: date) -> list[Subscription]:
    """The subscriptions that have begun and not ended."""
    return [one for one in account.subscriptions if _begun_on(account, one) <= on and not has_ended(one, on)]


def ends_on(subscription: Subscription) -> date | None:
    """The last day of a subscription that was cancelled."""
    return subscription.cancelled_on - timedelta(days=1) if subscription.cancelled_on else None


def has_ended(subscription: Subscription, on: date) -> bool:
    return subscription.cancelled_on is not None and subscription.cancelled_on <= on


def current_period(subscription: Subscription, on: date) -> BillingPeriod:
    """The period that contains the day, or the last one if the subscription ended before.

    The recorded period is rolled forward, so that records that are some months old still tell the truth.
    """
    period = subscription.period
    last_end = subscription.cancelled_on or date.max
    while period.end <= on and period.end < last_end:
        period = period.next(subscription.months)
    return period


def current_package(subscription: Subscription, on: date) -> str:
    """The package on that day; one under way counts from the end of the recorded period."""
    return subscription.next_package or subscription.package if _has_rolled(subscription, on) else subscription.package


def package_to_come(subscription: Subscription, on: date) -> str | None:
    return None if _has_rolled(subscription, on) else subscription.next_package


def next_start(subscription: Subscription, on: date) -> date | None:
    """The first day of the next period; None if the subscription ends before it."""
    return unless_ended(subscription, current_period(subscription, on).end)


def next_invoiced(account: Account, subscription: Subscription, on: date) -> date | None:
    """The first day of the next period that is still to be invoiced; None if no invoice is to come."""
    invoices = (invoice for invoice in account.invoices if invoice.subscription == subscription.id)
    ends = [line.period.end for invoice in invoices for line in invoice.lines]
    return unless_ended(subscription, max([current_period(subscription, on).end, *ends]))


def changes_of(account: Account, subscription: Subscription) -> list[LicenceChange]:
    """The subscription's licence changes in the order in which they count."""
    mine = (change for change in account.licence_changes if change.subscription == subscription.id)
    return sorted(mine, key=lambda change: (change.effective_on, change.ordered_on))


def later_changes(account: Account, subscriptions: Iterable[Subscription]) -> list[LicenceChange]:
    """All changes but the licences each subscription began with."""
    return [change for one in subscriptions for change in changes_of(account, one)[1:]]


def licences_on(account: Account, subscriptions: Iterable[Subscription], on: date) -> int:
    changes = (change for one in subscriptions for change in changes_of(account, one))
    return sum(change.licences for change in changes if change.effective_on <= on)


def active_users(account: Account) -> int:
    return sum(user.active for user in account.users)


def invoices_by_date(account: Account) -> list[Invoice]:
    """Latest first."""
    return sorted(account.invoices, key=lambda invoice: (invoice.issued_on, invoice.number), reverse=True)


def subscription_of(account: Account, invoice: Invoice) -> Subscription | None:
    return next((one for one in account.subscriptions if one.id == invoice.subscription), None)


def payments_of(account: Account, invoice: Invoice) -> list[Money]:
    return [payment.amount for payment in account.payments_by_invoice.get(invoice.number, ())]


def refunds_of(account: Account, invoice: Invoice) -> list[Money]:
    return [refund.amount for refund in account.refunds_by_invoice.get(invoice.number, ())]


def added_up(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money(0, currency))


def balance(account: Account, invoice: Invoice) -> Money:
    """Payments − refunds − total: above zero we owe the customer, below zero the customer owes us."""
    paid, refunded = payments_of(account, invoice), refunds_of(account, invoice)
    if len(paid) == 1 and not refunded and paid[0] == invoice.total:  # nearly all invoices, and nothing to add up
        return Money(0, invoice.total.currency)
    currency = invoice.total.currency
    return added_up(paid, currency) - added_up(refunded, currency) - invoice.total


def unpaid(account: Account) -> list[Invoice]:
    """The invoices of which something is still to be paid."""
    return [one for one in account.invoices if balance(account, one).cents < 0]


def still_due(account: Account, invoice: Invoice) -> Money:
    """What is still to be paid of an invoice."""
    return Money(-balance(account, invoice).cents, invoice.total.currency)


def _begun_on(account: Account, subscription: Subscription) -> date:
    changes = changes_of(account, subscription)
    return min(changes[0].effective_on, subscription.period.start) if changes else subscription.period.start


def unless_ended(subscription: Subscription, start: date) -> date | None:
    """The first day of a period; None if the subscription ends before it."""
    ends_first = subscription.cancelled_on is not None and subscription.cancelled_on <= start
    return None if ends_first else start


def _has_rolled(subscription: Subscription, on: date) -> bool:
    return current_period(subscription, on) != subscription.period
