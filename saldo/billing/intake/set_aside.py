"""Customers with mistakes in their rows, taken out of an import so that the others come in without them.

A customer comes whole or not at all: whoever has one row that is wrong keeps the records of earlier imports, and is
named with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, MetaData, String, Table, delete, insert, select, update
from sqlalchemy.engine import Connection

from saldo.billing.intake.csv_format import CUSTOMERS, File
from saldo.billing.intake.source import TABLES, Faults
from saldo.billing.store import tables as billing
from saldo.errors import Fault, FaultyFiles

ASIDE = Table("incoming_aside", MetaData(), Column("customer", String), prefixes=["TEMPORARY"])
CUSTOMERS_AT_ONCE = 5000


@dataclass(frozen=True)
class SetAside:
    """Who was set aside, and why."""

    customers: Mapping[str, tuple[Fault, ...]]
    """By the customer's id the mistakes in its rows, as far as they were kept."""
    rows: tuple[Fault, ...] = ()
    """Mistakes in rows of which nobody can say whose they are."""

    def as_json(self) -> dict[str, Any]:
        return {
            "customers": [
                {"customer": one, "reasons": [str(fault) for fault in faults]} for one, faults in self.customers.items()
            ],
            "rows": [str(fault) for fault in self.rows],
        }


NOBODY = SetAside({})


def set_aside(connection: Connection, waiting: Mapping[str, Table], faults: Faults) -> SetAside:
    """Takes the customers with faulty rows out of the waiting tables. FaultyFiles if not all rows could be seen."""
    if faults.hidden:
        faults.stop()
    files = [TABLES[name] for name in waiting]
    found: set[str] = set()
    for file in files:
        rows, customer = _with_customer(waiting, file)
        faulty = select(customer).select_from(rows).where(waiting[file.table].c.faulty, customer.is_not(None))
        found.update(connection.execute(faulty.distinct()).scalars())
    ids = [{"customer": one} for one in sorted(found)]
    for first in range(0, len(ids), CUSTOMERS_AT_ONCE):
        connection.execute(insert(ASIDE), ids[first : first + CUSTOMERS_AT_ONCE])
    for file in files:
        _mark(connection, waiting, file)
    reasons: dict[str, list[Fault]] = {one: [] for one in sorted(found)}
    others: list[Fault] = []
    for name, fault in faults.located:
        owner = _customer_at(connection, waiting, TABLES[name], fault.line)
        reasons.get(owner or "", others).append(fault)
    for table in waiting.values():
        connection.execute(delete(table).where(table.c.faulty))
    return SetAside({one: tuple(mistakes) for one, mistakes in reasons.items()}, tuple(others))


def refuse_rows(aside: SetAside) -> None:
    """FaultyFiles if some rows are nobody's: what the source still has of a customer cannot be told then."""
    if aside.rows:
        raise FaultyFiles(list(aside.rows))


def owners_set_aside(file: File) -> Any:
    """The owners of a billing table's rows that are to stay as they are: a query of what `belongs` or the key names."""
    mine: Any = select(ASIDE.c.customer)
    owners: list[File] = []
    while file.owner and file.belongs != "customer":
        file = TABLES[file.owner.removesuffix(".csv")]
        owners.append(file)
    for owner in reversed(owners):
        table = billing.metadata.tables[owner.table]
        mine = select(table.c[owner.key[0]]).where(table.c[owner.belongs].in_(mine))
    return mine


def _with_customer(waiting: Mapping[str, Table], file: File) -> tuple[Any, Any]:
    """A waiting table joined to its owners, and the column that says whose a row is."""
    table = rows = waiting[file.table]
    while file is not CUSTOMERS and file.belongs != "customer":
        owner = TABLES[file.owner.removesuffix(".csv")]
        above = waiting[owner.table]
        rows = rows.outerjoin(above, table.c[file.belongs] == above.c[owner.key[0]])
        table, file = above, owner
    return rows, table.c.id if file is CUSTOMERS else table.c.customer


def _mark(connection: Connection, waiting: Mapping[str, Table], file: File) -> None:
    """Marks all rows of customers that are set aside, and of owners that are nobody's."""
    table = waiting[file.table]
    rows, customer = _with_customer(waiting, file)
    theirs = select(table.c.line).select_from(rows).where(customer.in_(select(ASIDE.c.customer)))
    connection.execute(update(table).where(table.c.line.in_(theirs)).values(faulty=True))
    if file.owner:
        owner = TABLES[file.owner.removesuffix(".csv")]
        above = waiting[owner.table]
        gone = select(above.c[owner.key[0]]).where(above.c.faulty, above.c[owner.key[0]].is_not(None))
        connection.execute(update(table).where(table.c[file.belongs].in_(gone)).values(faulty=True))


def _customer_at(connection: Connection, waiting: Mapping[str, Table], file: File, line: int) -> str | None:
    rows, customer = _with_customer(waiting, file)
    query = select(customer).select_from(rows).where(waiting[file.table].c.line == line, customer.is_not(None))
    found: str | None = connection.execute(query.limit(1)).scalar()
    return found
