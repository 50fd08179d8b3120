"""Compares one billing table with the rows that wait for it, some owners at a time, and writes what differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.engine import Connection

from saldo.billing.intake.csv_format import File
from saldo.billing.intake.report import Comparison, Row, TableReport, compare, likenesses_of
from saldo.billing.intake.set_aside import owners_set_aside
from saldo.billing.intake.staging import MARKS, Progress, target_of

OWNERS_AT_ONCE = 500
"""A customer's users, an invoice's lines: rows are compared by so many owners at a time, so that memory is bounded."""


GONE = Table(
    "incoming_gone",
    MetaData(),
    Column("name", String),
    Column("owner", String),
    Column("position", Integer),
    prefixes=["TEMPORARY"],
)


class Gone:
    """The rows that the source no longer has, in a temporary table until all tables have been compared.

    Deleting one earlier would take what belongs to it along, uncounted.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        GONE.create(connection)

    def note(self, file: File, rows: Sequence[Row]) -> None:
        """Rows of the database, each with its place at the end."""
        two = len(_place_columns(file)) == 2
        gone = [
            {"name": file.table, "owner": row[-2 if two else -1], "position": row[-1] if two else None} for row in rows
        ]
        if gone:
            self._connection.execute(insert(GONE), gone)

    def delete(self, file: File) -> None:
        """Deletes what was noted of one table."""
        place = _place_columns(file)
        mine = select(*list(GONE.c)[1 : 1 + len(place)]).where(GONE.c.name == file.table)
        self._connection.execute(delete(target_of(file)).where(tuple_(*place).in_(mine)))

    def drop(self) -> None:
        GONE.drop(self._connection)


def update_table(
    connection: Connection, file: File, waiting: Table, total: int, write: bool, gone: Gone, progress: Progress
) -> TableReport:
    """Brings a table up to the waiting rows, or only reports how it differs; what is gone is noted.

    Rows of customers that were set aside stay as they are, and are not compared.
    """
    target, report = target_of(file), TableReport()
    names = [column.name for column in waiting.columns if column.name not in MARKS]
    likenesses, owner = likenesses_of(file, names), file.belongs or file.key[0]
    compared = target.c[owner].not_in(owners_set_aside(file))
    position = _next_position(connection, target)
    done, after = 0, ""
    while last := _last_of_page(connection, waiting.c[owner], target.c[owner], after):
        kept = select(*[target.c[name] for name in names], *_place_columns(file)).where(compared)
        read = select(*[waiting.c[name] for name in names])
        old = _rows(connection, kept, target.c[owner], after, last, target.c.get("position"))
        new = _rows(connection, read, waiting.c[owner], after, last, waiting.c.line)
        found = compare(old, new, likenesses)
        report.count(file, names, found)
        if write:
            _write(connection, file, names, found, position)
        gone.note(file, found.missing)
        position, done, after = position + len(found.added), done + len(new), last
        progress(f"{file.table}, comparing", done, total)
    return report


def _write(connection: Connection, file: File, names: Sequence[str], found: Comparison, position: int) -> None:
    target = target_of(file)
    if found.added:
        rows = [dict(zip(names, row, strict=True)) for row in found.added]
        if "position" in target.c:
            rows = [{**row, "position": position + place} for place, row in enumerate(rows)]
        connection.execute(insert(target), rows)
    if found.changed:
        place = _place_columns(file)
        where = and_(*(column == bindparam(f"at_{column.name}") for column in place))
        values = [{**dict(zip(names, new, strict=True)), **_at(place, old)} for old, new in found.changed]
        connection.execute(update(target).where(where).values({name: bindparam(name) for name in names}), values)


def _at(place: Sequence[Any], row: Row) -> dict[str, Any]:
    return {f"at_{column.name}": value for column, value in zip(place, row[-len(place) :], strict=True)}


def _place_columns(file: File) -> list[Any]:
    """What tells the rows of the billing table apart: its primary key."""
    return list(target_of(file).primary_key.columns)


def _next_position(connection: Connection, target: Table) -> int:
    """The place behind all others: new records come after those that are there."""
    if "position" not in target.c:
        return 0
    last = connection.execute(select(func.max(target.c.position))).scalar()
    return 0 if last is None else int(last) + 1


def _last_of_page(connection: Connection, waiting: Any, target: Any, after: str) -> str | None:
    """The last of the next owners, in the database's own order; each side's index is asked for no more than needed."""
    sides = [
        select(column.label("owner")).where(column > after).distinct().order_by(column).limit(OWNERS_AT_ONCE).subquery()
        for column in (waiting, target)
    ]
    both = union(*(select(side.c.owner) for side in sides)).subquery()
    page = select(both.c.owner).order_by(both.c.owner).limit(OWNERS_AT_ONCE).subquery()
    last: str | None = connection.execute(select(func.max(page.c.owner))).scalar()
    return last


def _rows(connection: Connection, query: Any, owner: Any, after: str, last: str, order: Any) -> list[Row]:
    page = query.where(owner > after, owner <= last)
    return [tuple(row) for row in connection.execute(page if order is None else page.order_by(order))]
