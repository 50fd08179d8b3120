"""How things stand in an account on a day: what runs, how many licences, what is paid. Pure look-ups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from saldo.billing.model import Account, Invoice, LicenceChange, Money, Subscription
from saldo.billing.period import BillingPeriod, add_months


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
        credit_notes=tuple(one for one in account.credit_notes if one.issued_on <= on),
    )


def running(account: Account, on: date) -> list[Subscription]:
    """The subscriptions that have begun and not ended."""
    return [one for one in account.subscriptions if begun_on(account, one) <= on and not has_ended(one, on)]


def ends_on(subscription: Subscription) -> date | None:
    """The last day of a subscription that was cancelled."""
    return subscription.cancelled_on - timedelta(days=1) if subscription.cancelled_on else None


def has_ended(subscription: Subscription, on: date) -> bool:
    return subscription.cancelled_on is not None and subscription.cancelled_on <= on


def current_period(subscription: Subscription, on: date) -> BillingPeriod:
    """The period that contains the day, up to the subscription's end; the last one if it ended before.

    The recorded period is rolled on, so that records that are some months old still tell the truth, and back for a
    day before it.
    """
    period, anchor = subscription.period, subscription.period.anchor_day
    last_end = subscription.cancelled_on or date.max
    while period.end <= on and period.end < last_end:
        period = period.next(subscription.months, anchor)
    while on < period.start:
        period = BillingPeriod(add_months(period.start, -subscription.months, anchor), period.start)
    return BillingPeriod(period.start, min(period.end, last_end)) if period.start < last_end else period


def current_package(subscription: Subscription, on: date) -> str:
    """The package on that day; one under way counts from the end of the recorded period."""
    return subscription.next_package or subscription.package if _has_rolled(subscription, on) else subscription.package


def package_to_come(subscription: Subscription, on: date) -> str | None:
    return None if _has_rolled(subscription, on) else subscription.next_package


def next_invoiced(account: Account, subscription: Subscription, on: date) -> date | None:
    """The first day of a period after the current one that no invoice bills; None if the subscription ends before it.

    A removal or another package counts from then.
    """
    ends = [period.end for period in _billed(account, subscription)]
    return unless_ended(subscription, max([current_period(subscription, on).end, *ends]))


def next_to_invoice(account: Account, subscription: Subscription, on: date) -> date | None:
    """The first day that the next invoice bills: of the current or first period, if no invoice bills that yet."""
    if has_ended(subscription, on):
        return None
    day = max(on, begun_on(account, subscription))
    period = current_period(subscription, day)
    if not any(one.start < period.end and period.start < one.end for one in _billed(account, subscription)):
        return unless_ended(subscription, max(period.start, begun_on(account, subscription)))
    return next_invoiced(account, subscription, day)


def _billed(account: Account, subscription: Subscription) -> list[BillingPeriod]:
    """The days that the subscription's invoices bill, line by line."""
    mine = (invoice for invoice in account.invoices if invoice.subscription == subscription.id)
    return [line.period for invoice in mine for line in invoice.lines]


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


def credited_to(account: Account, invoice: Invoice) -> list[Money]:
    """What credit notes take off an invoice."""
    return [credit_note.amount for credit_note in account.credit_notes_by_invoice.get(invoice.number, ())]


def added_up(amounts: Iterable[Money], currency: str) -> Money:
    return sum(amounts, Money(0, currency))


def balance(account: Account, invoice: Invoice) -> Money:
    """Payments + credit notes − total: below zero the customer owes us, above zero we owe the customer.

    What was paid back counts up to what was paid too much: a refund leaves no debt, whatever its amount.
    """
    paid, credited, currency = payments_of(account, invoice), credited_to(account, invoice), invoice.total.currency
    if paid == [invoice.total] and not credited:  # nearly all invoices, and nothing to add up
        return Money(0, currency)
    surplus = added_up([*paid, *credited], currency) - invoice.total
    if surplus.cents <= 0:
        return surplus
    return max(surplus - added_up(refunds_of(account, invoice), currency), Money(0, currency))


def unpaid(account: Account) -> list[Invoice]:
    """The invoices of which something is still to be paid."""
    return [one for one in account.invoices if balance(account, one).cents < 0]


def still_due(account: Account, invoice: Invoice) -> Money:
    """What is still to be paid of an invoice."""
    return Money(-balance(account, invoice).cents, invoice.total.currency)


def begun_on(account: Account, subscription: Subscription) -> date:
    """The day of its first licences, or its recorded period's first day if that is earlier."""
    changes = changes_of(account, subscription)
    return min(changes[0].effective_on, subscription.period.start) if changes else subscription.period.start


def unless_ended(subscription: Subscription, start: date) -> date | None:
    """The first day of a period; None if the subscription ends before it."""
    ends_first = subscription.cancelled_on is not None and subscription.cancelled_on <= start
    return None if ends_first else start


def _has_rolled(subscription: Subscription, on: date) -> bool:
    """Whether a later period than the recorded one has begun."""
    return current_period(subscription, on).start >= subscription.period.end
