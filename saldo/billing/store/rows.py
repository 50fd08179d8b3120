"""Between the rows of the tables and the records of the model."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields
from functools import cache, lru_cache
from typing import Any, cast, get_type_hints

from sqlalchemy import Table, bindparam, select

from saldo.billing.model import (
    Account,
    Collection,
    Contact,
    CreditNote,
    Customer,
    Invoice,
    InvoiceLine,
    LicenceChange,
    Money,
    Payment,
    Refund,
    Reminder,
    Subscription,
    TableImport,
    User,
)
from saldo.billing.period import BillingPeriod
from saldo.billing.store import tables
from saldo.billing.store.records import columns, flatten

Row = Sequence[Any]
Maker = Callable[[Row], Any]

LISTS: Mapping[str, tuple[type, Table]] = {
    "contacts": (Contact, tables.contacts),
    "subscriptions": (Subscription, tables.subscriptions),
    "licence_changes": (LicenceChange, tables.licence_changes),
    "users": (User, tables.users),
    "invoices": (Invoice, tables.invoices),
    "payments": (Payment, tables.payments),
    "reminders": (Reminder, tables.reminders),
    "collections": (Collection, tables.collections),
    "refunds": (Refund, tables.refunds),
    "credit_notes": (CreditNote, tables.credit_notes),
}
"""The lists of an account, owners before what they own."""
KEPT = lru_cache(maxsize=4096)
"""The same prices, totals and periods come again and again, and never change."""
OF_TWO_COLUMNS: Mapping[Any, Callable[..., Any]] = {Money: KEPT(Money), BillingPeriod: KEPT(BillingPeriod)}
"""Fields that two columns make: cents and currency, first day and end."""


def list_query(name: str) -> Any:
    """The rows of one of an account's lists; the customer's id is the parameter `wanted`."""
    record, table = LISTS[name]
    return _of_customer(table, read_columns(record, table))


def lines_query() -> Any:
    """The rows of all lines of a customer's invoices, each with its invoice's number at the end."""
    lines = tables.invoice_lines
    return _of_customer(lines, [*read_columns(InvoiceLine, lines), lines.c.invoice])


def read_columns(record: type, table: Table) -> list[Any]:
    """The table's columns in the order of the record's fields, as the record's maker takes them."""
    names: list[str] = []
    for column in columns(record):
        names += [f"{column.name}_cents", "currency"] if column.kind is Money else [column.name]
    return [table.c[name] for name in names]


def customer_of(row: Row) -> Customer:
    return cast(Customer, maker(Customer)(row))


def account_of(
    customer: Customer,
    rows: Mapping[str, Sequence[Row]],
    lines: Sequence[Row],
    imports: tuple[TableImport, ...] | None,
) -> Account:
    """The account, from the rows of its lists and of its invoices' lines, and which tables are known."""
    lines_by_invoice: dict[str, list[InvoiceLine]] = defaultdict(list)
    line_of, invoice_of = maker(InvoiceLine), maker(Invoice)
    for row in lines:
        lines_by_invoice[row[-1]].append(line_of(row))
    lists: dict[str, Any] = {
        name: tuple(map(maker(LISTS[name][0]), rows[name])) for name in LISTS if name != "invoices"
    }
    invoices = tuple(invoice_of((*row, tuple(lines_by_invoice[row[0]]))) for row in rows["invoices"])
    return Account(customer, invoices=invoices, imports=imports, **lists)


def rows_of(accounts: Sequence[Account]) -> list[tuple[Table, list[dict[str, Any]]]]:
    """The rows per table, owners before what they own; tables without rows are left out."""
    found = [(tables.customers, [_row(account.customer) for account in accounts])]
    found += [
        (
            table,
            [_row(one, place) for account in accounts for place, one in enumerate(getattr(account, name))],
        )
        for name, (_, table) in LISTS.items()
    ]
    invoices = [invoice for account in accounts for invoice in account.invoices]
    lines = [{"invoice": one.number, **_row(line, place)} for one in invoices for place, line in enumerate(one.lines)]
    return [(table, rows) for table, rows in [*found, (tables.invoice_lines, lines)] if rows]


def _of_customer(table: Table, wanted: Sequence[Any]) -> Any:
    """Joins a table to its owners up to the one that names the customer."""
    source, owner = table, table
    while "customer" not in owner.c:
        (owner,) = (key.column.table for key in owner.foreign_keys)
        source = source.join(owner)
    query = select(*wanted).select_from(source)
    return query.where(owner.c.customer == bindparam("wanted")).order_by(table.c.position)


def _row(record: object, position: int | None = None) -> dict[str, Any]:
    row: dict[str, Any] = {} if position is None else {"position": position}
    for name, value in flatten(record).items():
        if isinstance(value, Money):
            row.update({f"{name}_cents": value.cents, "currency": value.currency})
        else:
            row[name] = value
    return row


def maker(record: type) -> Maker:
    """Makes the record of a row that holds its values in the order of its fields."""
    return _maker(cast(Hashable, record))


@cache
def _maker(record: Any) -> Maker:
    """Worked out once per type, and by place instead of by name: an account has hundreds of rows."""
    hints = get_type_hints(record)
    steps: list[tuple[Callable[..., Any] | None, int]] = []
    place = 0
    for field in fields(record):
        make = OF_TWO_COLUMNS.get(hints[field.name])
        steps.append((make, place))
        place += 2 if make else 1
    if not any(make for make, _ in steps):
        return lambda row: record(*row)
    return lambda row: record(*[row[at] if make is None else make(row[at], row[at + 1]) for make, at in steps])
