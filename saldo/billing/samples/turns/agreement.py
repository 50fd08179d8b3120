"""What may become of subscriptions, licences and users: each turn is a function from an account to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from saldo.billing.model import Account, Subscription, User
from saldo.billing.period import BillingPeriod, add_months, months_between
from saldo.billing.samples.histories import PERIOD_LENGTHS, history
from saldo.billing.samples.steps import PRICES
from saldo.billing.samples.turns.records import DAY, billed, changed, with_subscription


def cancel_within(account: Account, on: date, chance: Random) -> Account:
    """Ends in the middle of a period."""
    one = chance.choice(account.subscriptions)
    days = (one.period.end - one.period.start).days
    return with_subscription(
        account, replace(one, cancelled_on=one.period.start + timedelta(days=chance.randint(1, days - 1)))
    )


def cancel(account: Account, on: date, chance: Random) -> Account:
    """Ends with its period, or with the next."""
    one = chance.choice(account.subscriptions)
    ends = (one.period.end, one.period.next(one.months).end)
    return with_subscription(account, replace(one, cancelled_on=chance.choice(ends)))


def change_package(account: Account, on: date, chance: Random) -> Account:
    one = chance.choice(account.subscriptions)
    return with_subscription(
        account, replace(one, next_package=chance.choice([name for name in PRICES if name != one.package]))
    )


def has_changed_package(account: Account, on: date, chance: Random) -> Account:
    """The records are of the period before, in which another package was agreed for this one."""
    one = chance.choice(account.subscriptions)
    before = BillingPeriod(add_months(one.period.start, -one.months), one.period.start)
    other = chance.choice([name for name in PRICES if name != one.package])
    return with_subscription(account, replace(one, period=before, next_package=other))


def subscribe_again(account: Account, on: date, chance: Random) -> Account:
    """Another subscription with a history of its own; its periods are others."""
    other = history(chance.randrange(9999), on, years=chance.choice([0, 1]))
    ids = {one.id: f"{account.subscriptions[0].id}-{one.id}" for one in other.subscriptions}
    who = account.customer.id
    numbers = {one.number: f"{one.number}-{who[3:]}-{len(account.invoices)}" for one in other.invoices}
    return replace(
        account,
        subscriptions=(
            *account.subscriptions,
            *(replace(one, id=ids[one.id], customer=who) for one in other.subscriptions),
        ),
        licence_changes=(
            *account.licence_changes,
            *(replace(one, subscription=ids[one.subscription]) for one in other.licence_changes),
        ),
        invoices=(
            *account.invoices,
            *(replace(one, number=numbers[one.number], subscription=ids[one.subscription]) for one in other.invoices),
        ),
        payments=(
            *account.payments,
            *(
                replace(one, id=f"{one.id}-{numbers[one.invoice]}", invoice=numbers[one.invoice])
                for one in other.payments
            ),
        ),
    )


def ended_before(account: Account, on: date, chance: Random) -> Account:
    """An earlier subscription that ended, while the others run or after they had begun."""
    end = on - timedelta(days=chance.randrange(400))
    earlier = Subscription(
        f"{account.subscriptions[0].id}-0",
        account.customer.id,
        "Start",
        3,
        BillingPeriod(add_months(end, -3), end),
        cancelled_on=end,
    )
    begun = add_months(end, -chance.choice([3, 6, 12]))
    account = replace(account, subscriptions=(earlier, *account.subscriptions))
    account = changed(account, earlier, begun, begun, chance.randint(1, 9))
    return changed(account, earlier, end - DAY, end, -1) if chance.random() < 0.3 else account


def begins_later(account: Account, on: date, chance: Random) -> Account:
    """One more subscription, agreed but not begun."""
    months, start = chance.choice(PERIOD_LENGTHS), on + timedelta(days=chance.randint(1, 60))
    later = Subscription(
        f"{account.subscriptions[0].id}-9", account.customer.id, "Pro", months, BillingPeriod.of(start, months)
    )
    account = replace(account, subscriptions=(*account.subscriptions, later))
    return changed(account, later, on, start, chance.randint(1, 9))


def add_twice_on_a_day(account: Account, on: date, chance: Random) -> Account:
    """Two additions of one day: each on an invoice of its own, on one line each, or both on one."""
    one, day = _a_day(account, on, chance)
    first, second = chance.randint(1, 4), chance.randint(1, 4)
    account = changed(changed(account, one, day, day, first), one, day, day, second)
    rest = BillingPeriod(day, one.period.end)
    months = months_between(day, one.period.end)
    how = chance.randrange(3)
    if how == 0:
        return billed(account, one, day, [(first + second, months, rest)])
    if how == 1:
        return billed(account, one, day, [(first, months, rest), (second, months, rest)])
    return billed(billed(account, one, day, [(first, months, rest)]), one, day, [(second, months, rest)])


def add_on_the_first_day(account: Account, on: date, chance: Random) -> Account:
    one, count = chance.choice(account.subscriptions), chance.randint(1, 4)
    account = changed(account, one, one.period.start, one.period.start, count)
    months = months_between(one.period.start, one.period.end)
    return billed(account, one, one.period.start, [(count, months, one.period)])


def bill_addition_from_another_day(account: Account, on: date, chance: Random) -> Account:
    """Its line begins some days later than the change."""
    one, day = _a_day(account, on, chance)
    account = changed(account, one, day, day, 2)
    start = min(day + timedelta(days=chance.randint(1, 9)), one.period.end - DAY)
    rest = BillingPeriod(start, one.period.end)
    return billed(account, one, start, [(2, months_between(start, one.period.end), rest)])


def remove(account: Account, on: date, chance: Random) -> Account:
    """As of the next period, and perhaps on the same day others are added as of it."""
    one = chance.choice(account.subscriptions)
    ordered = min(on, one.period.end - DAY)
    account = changed(account, one, ordered, one.period.end, -chance.randint(1, 3))
    if chance.random() < 0.3:
        account = changed(account, one, ordered, one.period.end, chance.randint(1, 3))
    return account


def remove_all(account: Account, on: date, chance: Random) -> Account:
    """No licence is left, now or from the next period."""
    one = chance.choice(account.subscriptions)
    changes = [change for change in account.licence_changes if change.subscription == one.id]
    day = chance.choice([max(change.effective_on for change in changes), one.period.start, one.period.end])
    left = sum(change.licences for change in changes if change.effective_on <= day)
    return changed(account, one, min(on, day), day, -left) if left > 0 else account


def more_users(account: Account, on: date, chance: Random) -> Account:
    users = (User(account.customer.id, f"Extra {place}", True) for place in range(chance.randint(1, 9)))
    return replace(account, users=(*account.users, *users))


def no_users(account: Account, on: date, chance: Random) -> Account:
    return replace(account, users=())


def _a_day(account: Account, on: date, chance: Random) -> tuple[Subscription, date]:
    """A subscription, and a day within its period that has come."""
    one = chance.choice(account.subscriptions)
    days = max((min(on, one.period.end - DAY) - one.period.start).days, 0)
    return one, one.period.start + timedelta(days=chance.randint(min(1, days), days))
