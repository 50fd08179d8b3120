"""Temporary tables of the billing database in which a source's rows wait, checked, until they are compared.

They are seen by one connection only and take no lock on the billing tables, so that reading a source may take as long
as it likes and its size does not matter to memory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    bindparam,
    case,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.engine import Connection

from saldo.billing.intake.checks import CHECKS
from saldo.billing.intake.contradictions import warnings_of
from saldo.billing.intake.cross_checks import cross_checks
from saldo.billing.intake.csv_format import CUSTOMERS, File
from saldo.billing.intake.set_aside import ASIDE, NOBODY, set_aside
from saldo.billing.intake.source import TABLES, Faults, Incoming, RecordSource
from saldo.billing.model import Money
from saldo.billing.store import tables as billing
from saldo.billing.store.records import Column as OurColumn

ROWS_AT_ONCE = 5000
Progress = Callable[[str, int, int | None], None]
"""Told what is under way, how much of it is done, and how much there is, if known."""


MARKS = frozenset({"line", "left_out", "faulty"})
"""Columns of a waiting table that the billing table does not have."""


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
        self.left_out = dict.fromkeys(self.tables, 0)
        """How many rows of each table do not count, as the mapping says."""
        self.aside = NOBODY
        self.warnings = Faults(source)
        """What contradicts, and is imported all the same."""

    def fill(self, progress: Progress, aside: bool = False) -> None:
        """Reads the whole source and checks it. FaultyFiles with all mistakes.

        `aside`: customers with mistakes are taken out instead; FaultyFiles only if some rows could not be seen.
        """
        faults = Faults(self._source)
        for table in (ASIDE, *self.tables.values()):
            table.create(self._connection)
        for file in self.files:
            self._fill(file, faults, progress)
        for table in self.tables.values() if any(self.left_out.values()) else ():
            self._connection.execute(delete(table).where(table.c.left_out))
        self._count()
        names = {name: known_as.rpartition("/")[2] for name, known_as in self._source.tables.items()}
        wrong: dict[str, list[dict[str, int]]] = {name: [] for name in self.tables}
        for found in cross_checks(self._connection, self.tables, frozenset(faults.hidden), names):
            faults.add(found.table, found.line, found.text, found.column)
            if aside:
                wrong[found.table].append({"at": found.line})
            if aside and found.first is not None:  # which of the two is right nobody knows
                faults.add(found.table, found.first, f"comes again in line {found.line}", found.column)
                wrong[found.table].append({"at": found.first})
        if faults.count and aside:
            self._mark(wrong)
            self.aside = set_aside(self._connection, self.tables, faults)
        else:
            faults.stop()
        for found in warnings_of(self._connection, self.tables):
            self.warnings.add(found.table, found.line, found.text, found.column)
        for name, table in self.tables.items():
            self.counts[name] = self._connection.execute(select(func.count()).select_from(table)).scalar_one()

    def brought(self, customer: Any) -> Any:
        """Whether the source brings a customer's rows, as a condition on a column with the customer's id."""
        if CUSTOMERS.table in self.tables:  # who was set aside is not in it any more
            return customer.in_(select(self.tables[CUSTOMERS.table].c.id))
        return customer.not_in(select(ASIDE.c.customer))

    def drop(self) -> None:
        """Away with the tables: a pool may give the connection to others."""
        for table in (ASIDE, *self.tables.values()):
            table.drop(self._connection)

    def _fill(self, file: File, faults: Faults, progress: Progress) -> None:
        total, done = self._source.size(file.table), 0
        columns = file.columns
        rows = self._source.rows(file.table, faults)
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            gone = self._owners_left_out(file, chunk)
            out = [incoming.left_out or incoming.values.get(file.belongs) in gone for incoming in chunk]
            self.left_out[file.table] += sum(out)
            staged = [
                _left_out(file, columns, incoming) if no else _row(file, columns, incoming, faults)
                for incoming, no in zip(chunk, out, strict=True)
            ]
            self._connection.execute(insert(self.tables[file.table]), staged)
            done += len(chunk)
            progress(f"{file.table}, reading", done, total)

    def _owners_left_out(self, file: File, chunk: Sequence[Incoming]) -> set[Any]:
        """Those owners of some rows that do not count themselves; a row of theirs goes without saying."""
        owner = TABLES.get(file.owner.removesuffix(".csv"))
        if owner is None or not self.left_out.get(owner.table):
            return set()
        table = self.tables[owner.table]
        key = table.c[owner.key[0]]
        asked = {incoming.values.get(file.belongs) for incoming in chunk} - {None}
        query = select(key).where(key.in_(asked)).group_by(key)
        never_kept = func.min(case((table.c.left_out, 1), else_=0)) == 1
        return set(self._connection.execute(query.having(never_kept)).scalars())

    def _count(self) -> None:
        """Lets PostgreSQL's planner know how many rows there are: nobody counts temporary tables for it."""
        for table in self.tables.values() if self._connection.dialect.name == "postgresql" else ():
            self._connection.exec_driver_sql(f"ANALYZE {table.name}")

    def _mark(self, wrong: Mapping[str, list[dict[str, int]]]) -> None:
        for name, places in wrong.items():
            table = self.tables[name]
            marking = update(table).where(table.c.line == bindparam("at")).values(faulty=True)
            if places:
                self._connection.execute(marking, places)


@cache
def _waiting(file: File) -> Table:
    """The temporary twin of a billing table: anything may be empty, and the line says where a row stood."""
    name, by = f"incoming_{file.table}", dict.fromkeys([*file.key, file.belongs or file.key[0]])
    columns = [Column(column.name, column.type) for column in target_of(file).columns if column.name != "position"]
    marks = [Column("line", Integer), Column("left_out", Boolean), Column("faulty", Boolean)]
    indexes = [Index(f"{name}_{number}", column) for number, column in enumerate(by)]
    return Table(name, MetaData(), *marks, *columns, *indexes, prefixes=["TEMPORARY"])


def _row(file: File, columns: tuple[OurColumn, ...], incoming: Incoming, faults: Faults) -> dict[str, Any]:
    """The values as the table has them; whatever is wrong with them is noted."""
    before = faults.count
    values = _values(file, columns, incoming, faults)
    for check in CHECKS.get(file.record, ()):
        mistake = check.of(values)
        if mistake:
            faults.add(file.table, incoming.place, mistake, check.columns[0])
    return _staged(columns, values, incoming.place, faulty=faults.count > before)


def _left_out(file: File, columns: tuple[OurColumn, ...], incoming: Incoming) -> dict[str, Any]:
    """A row that does not count: only its key is kept, for what belongs to it."""
    key = {name: incoming.values.get(name) for name in file.key}
    return _staged(columns, key, incoming.place, left_out=True)


def _staged(
    columns: tuple[OurColumn, ...],
    values: Mapping[str, Any],
    line: int,
    left_out: bool = False,
    faulty: bool = False,
) -> dict[str, Any]:
    """The values by column of the waiting table."""
    row: dict[str, Any] = {"line": line, "left_out": left_out, "faulty": faulty}
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
        mistake = incoming.mistakes.get(column.name)
        if mistake is None:
            mistake = _misfit(column, value)
        if mistake:
            faults.add(file.table, incoming.place, mistake, column.name)
        elif column.name not in incoming.mistakes:
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
