"""What can happen in a sample account, one small step each: begin, add licences, pay twice, cancel.

`begin` makes an account whose invoices are all paid; each further step takes an account and returns another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from saldo.billing.account_state import balance
from saldo.billing.model import (
    Account,
    Collection,
    Contact,
    Invoice,
    InvoiceLine,
    LicenceChange,
    Money,
    Payment,
    Refund,
    Reminder,
    Subscription,
)
from saldo.billing.period import BillingPeriod, add_months, months_between
from saldo.billing.samples.companies import Company

Step = Callable[[Account], Account]

PAYMENT_TERM = timedelta(days=14)
PRICES = {"Start": Money(2450), "Team": Money(3450), "Pro": Money(4950)}
"""Per licence and month, by package."""


@dataclass(frozen=True)
class Plan:
    """What an account begins with; `start` begins the current period, `invoiced` counts the periods to it."""

    months: int
    start: date
    licences: int
    active: int
    package: str = "Team"
    invoiced: int = 2


def begin(company: Company, plan: Plan, first_number: int, on: date) -> Account:
    """An account that paid what was invoiced; its invoices are numbered from `first_number`."""
    subscription = Subscription(
        f"S-{company.customer.id}", company.customer.id, plan.package, plan.months, _period(plan, 0)
    )
    began = _period(plan, max(plan.invoiced - 1, 0)).start
    account = Account(
        company.customer,
        contacts=(company.contact(),),
        subscriptions=(subscription,),
        licence_changes=(LicenceChange(subscription.id, began, began, plan.licences),),
        users=company.users(plan.active, inactive=1),
    )
    for back in reversed(range(plan.invoiced)):
        account = _bill(account, _period(plan, back), plan.licences, Decimal(plan.months), first_number, on)
    return account


def add_licences(count: int, day: date, first_number: int, on: date) -> Step:
    """Added during the current period, and billed from that day on an invoice of its own."""

    def step(account: Account) -> Account:
        (subscription,) = account.subscriptions
        rest = BillingPeriod(day, subscription.period.end)
        change = LicenceChange(subscription.id, day, day, count)
        account = replace(account, licence_changes=(*account.licence_changes, change))
        return _bill(account, rest, count, months_between(rest.start, rest.end), first_number, on)

    return step


def remove_licences(count: int, day: date) -> Step:
    """Removed on that day, to count from the next period."""

    def step(account: Account) -> Account:
        (subscription,) = account.subscriptions
        change = LicenceChange(subscription.id, day, subscription.period.end, -count)
        return replace(account, licence_changes=(*account.licence_changes, change))

    return step


def pay_twice(account: Account) -> Account:
    """The last invoice again, by mistake."""
    last = account.payments[-1]
    again = replace(last, id=f"{last.id}-2")
    return replace(account, payments=(*account.payments, again))


def pay_more(cents: int) -> Step:
    """So much too much in the last payment."""

    def step(account: Account) -> Account:
        *earlier, last = account.payments
        return replace(account, payments=(*earlier, replace(last, amount=last.amount + Money(cents))))

    return step


def leave_open(count: int) -> Step:
    """The last invoices are not paid."""
    return lambda account: replace(account, payments=account.payments[:-count])


def remind(day: date) -> Step:
    """A reminder for the last invoice."""
    return lambda account: replace(account, reminders=(Reminder(account.invoices[-1].number, day),))


def hand_to_collection(day: date) -> Step:
    """The last invoice goes to the collection partner; only Finnish ones do."""

    def step(account: Account) -> Account:
        if account.customer.country != "FI":
            return account
        return replace(account, collections=(Collection(account.invoices[-1].number, day),))

    return step


def refund(day: date) -> Step:
    """What was paid too much on the last invoice is paid back."""

    def step(account: Account) -> Account:
        last = account.invoices[-1]
        return replace(account, refunds=(Refund(last.number, day, balance(account, last)),))

    return step


def cancel(account: Account) -> Account:
    """The subscription ends with its current period."""
    (subscription,) = account.subscriptions
    return replace(account, subscriptions=(replace(subscription, cancelled_on=subscription.period.end),))


def change_package(package: str) -> Step:
    """Another package starts with the next period."""

    def step(account: Account) -> Account:
        (subscription,) = account.subscriptions
        return replace(account, subscriptions=(replace(subscription, next_package=package),))

    return step


def share_contact(name: str, email: str) -> Step:
    """One more contact, who may be another customer's as well: a bookkeeper."""

    def step(account: Account) -> Account:
        return replace(account, contacts=(*account.contacts, Contact(account.customer.id, name, email)))

    return step


def _period(plan: Plan, back: int) -> BillingPeriod:
    """The current period, or one so many before it."""
    start = add_months(plan.start, -back * plan.months)
    return BillingPeriod.of(start, plan.months, plan.start.day)


def _bill(
    account: Account, period: BillingPeriod, licences: int, months: Decimal, first_number: int, on: date
) -> Account:
    """One more invoice, issued on the period's first day and paid just before it is due."""
    (subscription,) = account.subscriptions
    line = InvoiceLine(1, licences, months, licences * months, PRICES[subscription.package], period)
    number = f"{period.start.year}-{first_number + len(account.invoices):04}"
    due = period.start + PAYMENT_TERM
    invoice = Invoice(number, subscription.id, period.start, due, line.unit_price.times(line.quantity), (line,))
    payment = Payment(f"P-{number}", number, min(due - timedelta(days=2), on), invoice.total)
    return replace(account, invoices=(*account.invoices, invoice), payments=(*account.payments, payment))
