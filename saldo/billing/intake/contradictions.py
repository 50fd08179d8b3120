"""Rows that are right one by one and contradict each other: imported with a warning, for the source is to be mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.engine import Connection

from saldo.billing.intake.cross_checks import Finding, Tables
from saldo.billing.intake.csv_format import (
    COLLECTIONS,
    CREDIT_NOTES,
    INVOICE_LINES,
    INVOICES,
    LICENCE_CHANGES,
    PAYMENTS,
    REFUNDS,
    SUBSCRIPTIONS,
    File,
)
from saldo.billing.model import Money
from saldo.billing.period import BillingPeriod, months_between

HALF_A_MONTH = Decimal("0.5")


def warnings_of(connection: Connection, tables: Tables) -> Iterator[Finding]:
    """What contradicts, of the tables that are there; rows with empty cells contradict nothing."""

    def there(*files: File) -> bool:
        return all(file.table in tables for file in files)

    if there(SUBSCRIPTIONS):
        yield from _months_of_subscriptions(connection, tables)
    if there(INVOICE_LINES):
        yield from _months_of_lines(connection, tables)
    if there(SUBSCRIPTIONS, LICENCE_CHANGES):
        yield from _removed_within_a_period(connection, tables)
    if there(INVOICES, PAYMENTS, REFUNDS):
        yield from _refunded_above_paid(connection, tables)
    if there(INVOICES, PAYMENTS, COLLECTIONS):
        yield from _collected_though_paid(connection, tables)
    if there(INVOICES, CREDIT_NOTES):
        yield from _credited_above_total(connection, tables)


def _months_of_subscriptions(connection: Connection, tables: Tables) -> Iterator[Finding]:
    mine = tables[SUBSCRIPTIONS.table]
    query = select(mine.c.line, mine.c.months, mine.c.period_start, mine.c.period_end, mine.c.cancelled_on)
    for line, months, start, end, cancelled_on in connection.execute(query.order_by(mine.c.line)):
        found = _length(start, end)
        if found != months and cancelled_on != end:  # one that is cancelled may end within a period
            text = f"{months} months, but from {start} until {end} are {found:f}"
            yield Finding(SUBSCRIPTIONS.table, line, text, "months")


def _months_of_lines(connection: Connection, tables: Tables) -> Iterator[Finding]:
    """Days may be counted in more ways than one: a line is told only if it is more than half a month off."""
    mine = tables[INVOICE_LINES.table]
    query = select(mine.c.line, mine.c.months, mine.c.period_start, mine.c.period_end).order_by(mine.c.line)
    for line, months, start, end in connection.execute(query):
        found = _length(start, end)
        if abs(found - months) > HALF_A_MONTH:
            text = f"{months:f} months, but from {start} until {end} are {found:f}"
            yield Finding(INVOICE_LINES.table, line, text, "months")


@lru_cache(maxsize=4096)
def _length(start: date, end: date) -> Decimal:
    """Kept: the same few periods come again and again."""
    return months_between(start, end, BillingPeriod(start, end).anchor_day)


def _removed_within_a_period(connection: Connection, tables: Tables) -> Iterator[Finding]:
    """Removed licences count from the first day of a period; periods before the recorded one may have been others."""
    changes, mine = tables[LICENCE_CHANGES.table], tables[SUBSCRIPTIONS.table]
    query = select(changes.c.line, changes.c.effective_on, mine.c.months, mine.c.period_start, mine.c.period_end)
    query = query.join(mine, changes.c.subscription == mine.c.id)
    removed = query.where(changes.c.licences < 0, changes.c.effective_on > mine.c.period_start)
    for line, day, months, start, end in connection.execute(removed.order_by(changes.c.line)):
        period = BillingPeriod(start, end)
        while period.end < day:
            period = period.next(months, period.anchor_day)
        if day != period.end:
            text = f"licences removed on {day}, within the period from {period.start} to {period.last_day}"
            yield Finding(LICENCE_CHANGES.table, line, text, "effective_on")


def _refunded_above_paid(connection: Connection, tables: Tables) -> Iterator[Finding]:
    refunds = tables[REFUNDS.table]
    paid, refunded = _sums(tables, PAYMENTS), func.sum(refunds.c.amount_cents)
    query = (
        select(refunds.c.invoice, func.max(refunds.c.line), refunded, func.coalesce(func.max(paid.c.cents), 0))
        .outerjoin(paid, paid.c.invoice == refunds.c.invoice)
        .group_by(refunds.c.invoice)
        .having(refunded > func.coalesce(func.max(paid.c.cents), 0))
    )
    for invoice, line, back, came in connection.execute(query.order_by(refunds.c.invoice)):
        text = f"{Money(int(back))} refunded of {invoice!r}, for which {Money(int(came))} was paid"
        yield Finding(REFUNDS.table, line, text, "amount")


def _collected_though_paid(connection: Connection, tables: Tables) -> Iterator[Finding]:
    """Handed over on a day on which nothing was open any more."""
    mine, invoices, payments = (tables[file.table] for file in (COLLECTIONS, INVOICES, PAYMENTS))
    by_then = and_(payments.c.invoice == mine.c.invoice, payments.c.paid_on <= mine.c.transferred_on)
    query = (
        select(mine.c.line, mine.c.invoice, mine.c.transferred_on, func.max(payments.c.paid_on))
        .join(invoices, invoices.c.number == mine.c.invoice)
        .join(payments, by_then)
        .group_by(mine.c.line, mine.c.invoice, mine.c.transferred_on, invoices.c.total_cents)
        .having(func.sum(payments.c.amount_cents) >= invoices.c.total_cents)
    )
    for line, invoice, day, paid_on in connection.execute(query.order_by(mine.c.line)):
        text = f"{invoice!r} in collection since {day}, though it was paid in full on {paid_on}"
        yield Finding(COLLECTIONS.table, line, text, "invoice")


def _credited_above_total(connection: Connection, tables: Tables) -> Iterator[Finding]:
    invoices, notes, credited = tables[INVOICES.table], tables[CREDIT_NOTES.table], _sums(tables, CREDIT_NOTES)
    query = (
        select(func.max(notes.c.line), invoices.c.number, credited.c.cents, invoices.c.total_cents)
        .join(credited, credited.c.invoice == invoices.c.number)
        .join(notes, notes.c.invoice == invoices.c.number)
        .where(credited.c.cents > invoices.c.total_cents)
        .group_by(invoices.c.number, credited.c.cents, invoices.c.total_cents)
    )
    for line, invoice, cents, total in connection.execute(query.order_by(invoices.c.number)):
        text = f"{Money(int(cents))} credited of {invoice!r}, whose total is {Money(int(total))}"
        yield Finding(CREDIT_NOTES.table, line, text, "amount")


def _sums(tables: Tables, file: File) -> Any:
    table = tables[file.table]
    return select(table.c.invoice, func.sum(table.c.amount_cents).label("cents")).group_by(table.c.invoice).subquery()
