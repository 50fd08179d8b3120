"""Temporary tables of the billing database in which a source's rows wait, checked, until they are compared.

They are seen by one connection only and take no lock on the billing tables, so that reading a source may take as long
as it likes and its size does not matter to memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Table, and_, func, insert, select
from sqlalchemy.engine import Connection

from saldo.billing.intake.checks import CHECKS
from saldo.billing.intake.csv_format import LICENCE_CHANGES, SUBSCRIPTIONS, File
from saldo.billing.intake.source import MOST_FAULTS, TABLES, Faults, Incoming, RecordSource
from saldo.billing.model import Money
from saldo.billing.store import tables as billing
from saldo.billing.store.records import Column as OurColumn

ROWS_AT_ONCE = 5000
Progress = Callable[[str, int, int | None], None]
"""Told what is under way, how much of it is done, and how much there is, if known."""


def target_of(file: File) -> Table:
    """The billing table that holds a file's rows."""
    return billing.metadata.tables[file.table]


class Staging:
    """The rows of one source, in temporary tables of one connection."""

    def __init__(self, connection: Connection, source: RecordSource) -> None:
        self._connection = connection
        self._source = source
        self.files = [file for name, file in TABLES.items() if name in source.tables]
        self.tables = {file.table: _waiting(file) for file in self.files}
        self.counts = dict.fromkeys(self.tables, 0)

    def fill(self, progress: Progress) -> None:
        """Reads the whole source and checks it. FaultyFiles with all mistakes."""
        faults = Faults(self._source)
        for table in self.tables.values():
            table.create(self._connection)
        for file in self.files:
            self._fill(file, faults, progress)
        self._count()
        for file in self.files:
            self._check_repeats(file, faults)
            self._check_owners(file, faults)
        self._check_licences(faults)
        faults.stop()

    def drop(self) -> None:
        """Away with the tables: a pool may give the connection to others."""
        for table in self.tables.values():
            table.drop(self._connection)

    def _fill(self, file: File, faults: Faults, progress: Progress) -> None:
        total, done = self._source.size(file.table), 0
        columns = file.columns
        rows = (_row(file, columns, row, faults) for row in self._source.rows(file.table, faults))
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            self._connection.execute(insert(self.tables[file.table]), chunk)
            done += len(chunk)
            progress(f"{file.table}, reading", done, total)
        self.counts[file.table] = done

    def _count(self) -> None:
        """Lets PostgreSQL's planner know how many rows there are: nobody counts temporary tables for it."""
        for table in self.tables.values() if self._connection.dialect.name == "postgresql" else ():
            self._connection.exec_driver_sql(f"ANALYZE {table.name}")

    def _check_repeats(self, file: File, faults: Faults) -> None:
        if not file.key:
            return
        table = self.tables[file.table]
        key = [table.c[name] for name in file.key]
        firsts = select(*key, func.min(table.c.line).label("first")).group_by(*key).having(func.count() > 1).subquery()
        same = and_(*(column == firsts.c[column.name] for column in key))
        query = select(table.c.line, firsts.c.first, *key).join(firsts, same).where(table.c.line > firsts.c.first)
        for line, first, *found in self._connection.execute(query.limit(MOST_FAULTS)):
            text = f"{' '.join(map(str, found))!r} is in line {first} already"
            faults.add(file.table, line, text, file.key[-1])

    def _check_owners(self, file: File, faults: Faults) -> None:
        if not file.owner or _table(file.owner) in faults.hidden:
            return
        table, owner = self.tables[file.table], self.tables[_table(file.owner)]
        belongs, key = table.c[file.belongs], owner.c[TABLES[_table(file.owner)].key[0]]
        query = (
            select(table.c.line, belongs).outerjoin(owner, belongs == key).where(key.is_(None), belongs.is_not(None))
        )
        for line, wanted in self._connection.execute(query.order_by(table.c.line).limit(MOST_FAULTS)):
            faults.add(file.table, line, f"{wanted!r} is not in {self._known_as(file.owner)}", file.belongs)

    def _check_licences(self, faults: Faults) -> None:
        """Every subscription began with some licences."""
        if (
            not {SUBSCRIPTIONS.table, LICENCE_CHANGES.table} <= set(self.tables)
            or LICENCE_CHANGES.table in faults.hidden
        ):
            return
        mine, changes = self.tables[SUBSCRIPTIONS.table], self.tables[LICENCE_CHANGES.table]
        query = select(mine.c.line, mine.c.id).outerjoin(changes, changes.c.subscription == mine.c.id)
        without = query.where(changes.c.subscription.is_(None), mine.c.id.is_not(None)).order_by(mine.c.line)
        for line, one in self._connection.execute(without.limit(MOST_FAULTS)):
            text = f"{one!r} has no row in {self._known_as(LICENCE_CHANGES.name)}; add the licences it began with"
            faults.add(SUBSCRIPTIONS.table, line, text, "id")

    def _known_as(self, file: str) -> str:
        return self._source.tables[_table(file)].rpartition("/")[2]


def _table(file: str) -> str:
    return file.removesuffix(".csv")


@cache
def _waiting(file: File) -> Table:
    """The temporary twin of a billing table: anything may be empty, and the line says where a row stood."""
    name, by = f"incoming_{file.table}", dict.fromkeys([*file.key, file.belongs or file.key[0]])
    columns = [Column(column.name, column.type) for column in target_of(file).columns if column.name != "position"]
    indexes = [Index(f"{name}_{number}", column) for number, column in enumerate(by)]
    return Table(name, MetaData(), Column("line", Integer), *columns, *indexes, prefixes=["TEMPORARY"])


def _row(file: File, columns: tuple[OurColumn, ...], incoming: Incoming, faults: Faults) -> dict[str, Any]:
    """The values as the table has them; whatever is wrong with them is noted."""
    values = _values(file, columns, incoming, faults)
    for check in CHECKS.get(file.record, ()):
        mistake = check.of(values)
        if mistake:
            faults.add(file.table, incoming.place, mistake, check.columns[0])
    row: dict[str, Any] = {"line": incoming.place}
    for column in columns:
        value = values.get(column.name)
        if column.kind is Money:
            row[f"{column.name}_cents"], row["currency"] = (value.cents, value.currency) if value else (None, None)
        else:
            row[column.name] = value.lower() if column.name == "email" and value else value
    return row


def _values(file: File, columns: tuple[OurColumn, ...], incoming: Incoming, faults: Faults) -> dict[str, Any]:
    """Those of the values that are right."""
    values = {}
    for column in columns:
        value = incoming.values.get(column.name)
        mistake = incoming.mistakes.get(column.name) or _misfit(column, value)
        if mistake:
            faults.add(file.table, incoming.place, mistake, column.name)
        else:
            values[column.name] = value
    return values


def _misfit(column: OurColumn, value: Any) -> str | None:
    """What is wrong with a value that a source thought right."""
    if value is None or value == "":
        return None if column.optional else "is empty"
    if type(value) is not column.kind:
        return f"is {type(value).__name__}, not {column.kind.__name__}"
    if column.allowed and value not in column.allowed:
        return f"{value!r} is not one of {', '.join(column.allowed)}"
    return None
