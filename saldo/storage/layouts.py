"""The layout of a store carries a number, so that no Saldo writes into tables that it does not know.

Tables of an earlier number are brought up to date when the store is opened, in the transaction that looks; those of a
later one are refused. Only the billing records are migrated by a command, for they are somebody's books.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Column, Integer, MetaData, Table, delete, insert, inspect, select
from sqlalchemy.engine import Connection

from saldo.errors import NewerLayout

FIRST = 1
"""The layout of a store that was made before its layout was counted."""
Steps = Mapping[int, Sequence[str]]
"""The statements that lead from a number to the next one."""
NO_STEPS: Steps = MappingProxyType({})


@dataclass(frozen=True)
class Layout:
    """The layout of some tables that are made together."""

    store: str
    """What messages call it."""
    name: str
    """The table that holds the number."""
    metadata: MetaData
    """The tables; that of the number becomes one of them."""
    number: int = FIRST
    """To be counted up where a table changes that is there already; new tables are made beside the others."""
    steps: Steps = NO_STEPS

    def __post_init__(self) -> None:
        if self.name not in self.metadata.tables:
            Table(self.name, self.metadata, Column("version", Integer, primary_key=True))

    def settle(self, connection: Connection) -> None:
        """Make the tables, or bring them up to date, in this transaction. NewerLayout if they are a newer Saldo's.

        Where there is nothing to do it only reads.
        """
        if self._found(connection) == self.number and {*self.metadata.tables} <= _tables(connection):
            return
        _alone(connection, self.name)
        found = self._found(connection)
        for number in range(found or self.number, self.number):
            for statement in self.steps[number]:
                connection.exec_driver_sql(statement)
        self.metadata.create_all(connection)
        table = self.metadata.tables[self.name]
        connection.execute(delete(table))
        connection.execute(insert(table).values(version=self.number))

    def _found(self, connection: Connection) -> int | None:
        """The number of what is there; None if nothing is."""
        there = _tables(connection)
        found: int | None = FIRST if there & {*self.metadata.tables} else None
        if self.name in there:
            table = self.metadata.tables[self.name]
            found = connection.execute(select(table.c.version)).scalar() or FIRST
        if found is not None and found > self.number:
            raise NewerLayout(self.store, found, self.number)
        return found


def _tables(connection: Connection) -> set[str]:
    return {*inspect(connection).get_table_names()}


def _alone(connection: Connection, name: str) -> None:
    """Servers that start at once make their tables one after the other."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({zlib.crc32(name.encode())})")
    elif not connection.connection.in_transaction:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
