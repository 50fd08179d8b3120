"""What the rows of a source must fulfil together: ids come once, owners are there, no sum is below zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Table, and_, func, select
from sqlalchemy.engine import Connection

from saldo.billing.intake.csv_format import INVOICES, LICENCE_CHANGES, PAYMENTS, SUBSCRIPTIONS, File
from saldo.billing.intake.source import TABLES
from saldo.billing.model import Money

Tables = Mapping[str, Table]


class Finding(NamedTuple):
    """Something about a row of one table, shown at one of our columns."""

    table: str
    line: int
    text: str
    column: str
    first: int | None = None
    """The line that has the same id, where it comes twice."""


def cross_checks(
    connection: Connection, tables: Tables, hidden: frozenset[str], names: Mapping[str, str]
) -> Iterator[Finding]:
    """All mistakes; of tables with `hidden` rows nothing is said to be missing. `names`: how people know the tables."""
    for name in tables:
        yield from _repeats(connection, tables, TABLES[name])
        yield from _without_owner(connection, tables, TABLES[name], hidden, names)
    if {SUBSCRIPTIONS.table, LICENCE_CHANGES.table} <= set(tables) and LICENCE_CHANGES.table not in hidden:
        yield from _without_licences(connection, tables, names)
        yield from _fewer_than_none(connection, tables)
    if {INVOICES.table, PAYMENTS.table} <= set(tables):
        yield from _paid_less_than_nothing(connection, tables)


def _repeats(connection: Connection, tables: Tables, file: File) -> Iterator[Finding]:
    if not file.key:
        return
    table = tables[file.table]
    key = [table.c[name] for name in file.key]
    firsts = select(*key, func.min(table.c.line).label("first")).group_by(*key).having(func.count() > 1).subquery()
    same = and_(*(column == firsts.c[column.name] for column in key))
    query = select(table.c.line, firsts.c.first, *key).join(firsts, same).where(table.c.line > firsts.c.first)
    for line, first, *found in connection.execute(query.order_by(table.c.line)):
        text = f"{' '.join(map(str, found))!r} is in line {first} already"
        yield Finding(file.table, line, text, file.key[-1], first)


def _without_owner(
    connection: Connection, tables: Tables, file: File, hidden: frozenset[str], names: Mapping[str, str]
) -> Iterator[Finding]:
    owner_name = file.owner.removesuffix(".csv")
    if not file.owner or owner_name in hidden:
        return
    table, owner = tables[file.table], tables[owner_name]
    belongs, key = table.c[file.belongs], owner.c[TABLES[owner_name].key[0]]
    query = select(table.c.line, belongs).outerjoin(owner, belongs == key).where(key.is_(None), belongs.is_not(None))
    for line, wanted in connection.execute(query.order_by(table.c.line)):
        yield Finding(file.table, line, f"{wanted!r} is not in {names[owner_name]}", file.belongs)


def _without_licences(connection: Connection, tables: Tables, names: Mapping[str, str]) -> Iterator[Finding]:
    """Every subscription began with some licences."""
    mine, changes = tables[SUBSCRIPTIONS.table], tables[LICENCE_CHANGES.table]
    query = select(mine.c.line, mine.c.id).outerjoin(changes, changes.c.subscription == mine.c.id)
    without = query.where(changes.c.subscription.is_(None), mine.c.id.is_not(None)).order_by(mine.c.line)
    for line, one in connection.execute(without):
        text = f"{one!r} has no row in {names[LICENCE_CHANGES.table]}; add the licences it began with"
        yield Finding(SUBSCRIPTIONS.table, line, text, "id")


def _fewer_than_none(connection: Connection, tables: Tables) -> Iterator[Finding]:
    """On no day may a subscription have less than no licences; only the first such change is told."""
    changes = tables[LICENCE_CHANGES.table]
    by_day = func.sum(changes.c.licences).over(partition_by=changes.c.subscription, order_by=changes.c.effective_on)
    sums: Any = select(changes.c.subscription, changes.c.line, changes.c.effective_on, by_day.label("left")).subquery()
    query = select(sums).where(sums.c.left < 0).order_by(sums.c.subscription, sums.c.effective_on, sums.c.line)
    told: set[str] = set()
    for subscription, line, day, left in connection.execute(query):
        if subscription not in told:
            told.add(subscription)
            text = f"leaves {subscription!r} with {left} licences on {day}; removed are more than there were"
            yield Finding(LICENCE_CHANGES.table, line, text, "licences")


def _paid_less_than_nothing(connection: Connection, tables: Tables) -> Iterator[Finding]:
    """More can not be moved away from an invoice than was paid for it."""
    payments = tables[PAYMENTS.table]
    cents = func.sum(payments.c.amount_cents)
    query = select(payments.c.invoice, func.max(payments.c.line), cents).group_by(payments.c.invoice)
    for invoice, line, total in connection.execute(query.having(cents < 0).order_by(payments.c.invoice)):
        yield Finding(PAYMENTS.table, line, f"the payments of {invoice!r} add up to {Money(int(total))}", "amount")
