"""Histories with turns that are rare, awkward or contradictory, drawn by number: for checking what is said of them.

The same number and day always give the same account. Each turn is one function from an account to another, so that
any few of them meet: cancelled within a period and overpaid, say, with the next period billed in advance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import get_args

from saldo.billing.model import Account, TableImport, TableName
from saldo.billing.period import BillingPeriod, add_months, months_between
from saldo.billing.samples.histories import history
from saldo.billing.samples.turns import TURNS
from saldo.billing.samples.turns.records import billed, changed

MOST_TURNS = 3
TABLES: Sequence[TableName] = (
    "subscriptions",
    "licence_changes",
    "users",
    "invoices",
    "invoice_lines",
    "payments",
    "refunds",
    "reminders",
    "collections",
)


def situation(number: int, on: date) -> Account:
    """The account of that number as of a day: a history, or a subscription in its first weeks, and some turns."""
    chance = Random(f"situation {number}")
    account = history(number, on, years=chance.choice([0, 1, 2]))
    if chance.random() < 0.1:
        account = _first_weeks(account, on, chance)
    for turn in chance.sample(TURNS, chance.randint(0, MOST_TURNS)):
        account = turn(account, on, chance)
    return _import_some(account, on, chance) if chance.random() < 0.15 else account


def _first_weeks(account: Account, on: date, chance: Random) -> Account:
    """A first period that is shorter than the others, so that the later ones begin on the first of a month."""
    months, begun = chance.choice([3, 6, 12]), on - timedelta(days=chance.randrange(80))
    first = BillingPeriod(begun, add_months(begun.replace(day=1), chance.randint(1, months)))
    subscription = replace(account.subscriptions[0], months=months, period=first, cancelled_on=None)
    bare = Account(account.customer, account.contacts, (subscription,), users=account.users)
    bare = changed(bare, subscription, begun, begun, chance.randint(1, 12))
    licences = bare.licence_changes[0].licences
    return billed(bare, subscription, begun, [(licences, months_between(first.start, first.end), first)])


def _import_some(account: Account, on: date, chance: Random) -> Account:
    """Not all tables were ever imported, and those that were some days ago; what was not is empty."""
    day = on - timedelta(days=chance.randrange(20))
    missing = chance.sample(TABLES, chance.randint(0, 3))
    missing += ["payments", "invoice_lines"] if "invoices" in missing else []
    missing += ["licence_changes"] if "subscriptions" in missing else []
    behind = chance.random() < 0.2
    imports = tuple(TableImport(one, day, "export", behind) for one in get_args(TableName) if one not in missing)
    invoices = () if "invoices" in missing else account.invoices
    if "invoice_lines" in missing:
        invoices = tuple(replace(one, lines=()) for one in invoices)
    return replace(
        account,
        imports=imports,
        invoices=invoices,
        subscriptions=() if "subscriptions" in missing else account.subscriptions,
        licence_changes=() if "licence_changes" in missing else account.licence_changes,
        users=() if "users" in missing else account.users,
        payments=() if "payments" in missing else account.payments,
        refunds=() if "refunds" in missing else account.refunds,
        reminders=() if "reminders" in missing else account.reminders,
        collections=() if "collections" in missing else account.collections,
    )
