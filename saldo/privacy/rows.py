"""A table as a place: whose its rows are and how old, as conditions; the rest follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Optional

from sqlalchemy import Table, delete, event, false, func, or_, select, tuple_
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql import ColumnElement

from saldo.conversation.utterance import instant
from saldo.mail.store.layout import writing
from saldo.privacy.kept import Json, Kept, Pause, Who

STEP = 500
"""Rows that are removed in one transaction, so that nobody who writes meanwhile waits."""
Condition = Any
Remove = Callable[[Connection, Table, Condition], int]


def _delete(connection: Connection, table: Table, which: Condition) -> int:
    return int(connection.execute(delete(table).where(which)).rowcount)


@dataclass(frozen=True)
class Rows(Kept):
    """Rows of one table. Its methods raise DatabaseUnusable if the database fails."""

    engine: Optional[Engine]
    """None where there is no such database."""
    table: Table
    whose: Callable[[Who], Condition]
    older: Callable[[float], Condition]
    remove: Remove = _delete
    """For rows of which something is left that is nobody's."""
    left_out: frozenset[str] = frozenset()
    """Columns that tell a person nothing."""

    also: tuple[Table, ...] = ()
    """Tables from which `remove` takes what belongs to its rows."""

    @property
    def tables(self) -> tuple[str, ...]:
        return tuple(table.name for table in (self.table, *self.also))

    def count(self, who: Who) -> int:
        return self._count(self.whose(who))

    def erase(self, who: Who) -> int:
        if self.engine is None:
            return 0
        with writing(self.engine) as connection:
            return self.remove(connection, self.table, self.whose(who))

    def count_before(self, moment: float) -> int:
        return self._count(self.older(moment))

    def purge(self, moment: float, pause: Pause) -> int:
        if self.engine is None:
            return 0
        keys, removed = list(self.table.primary_key.columns), 0
        while True:
            with writing(self.engine) as connection:
                found = connection.execute(select(*keys).where(self.older(moment)).limit(STEP)).all()
                if found:
                    removed += self.remove(connection, self.table, tuple_(*keys).in_([tuple(row) for row in found]))
            if len(found) < STEP or not pause():
                return removed

    def export(self, who: Who) -> list[Json]:
        if self.engine is None:
            return []
        columns = [column for column in self.table.c if column.name not in self.left_out]
        with writing(self.engine) as connection:
            rows = connection.execute(select(*columns).where(self.whose(who)))
            return [_readable(row._mapping) for row in rows]

    def _count(self, which: Condition) -> int:
        if self.engine is None:
            return 0
        with writing(self.engine) as connection:
            return int(connection.execute(select(func.count()).select_from(self.table).where(which)).scalar_one())


def _readable(row: Mapping[str, Any]) -> Json:
    """What is there, with times as people write them."""
    found = {}
    for name, value in row.items():
        if name.endswith("_at") and value:
            found[name] = instant(value)
        elif value is not None:
            found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def any_of(column: ColumnElement[Any], values: Iterable[str]) -> Condition:
    """Whether the column is one of these."""
    wanted = sorted(values)
    return column.in_(wanted) if wanted else false()


def either(*conditions: Condition) -> Condition:
    """Whether any of them holds."""
    return or_(*conditions)


def overwriting(engine: Engine) -> Engine:
    """The same engine; on SQLite what it deletes is overwritten in the file."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA secure_delete = ON"))
    return engine


def sweep(engine: Engine, tables: Iterable[str]) -> bool:
    """Take out of a database's files what was deleted earlier, too; False where another program did not let it."""
    try:
        raw = engine.raw_connection()
        try:
            if engine.dialect.name == "postgresql":
                raw.driver_connection.autocommit = True
                cursor = raw.cursor()
                for table in sorted(tables):
                    cursor.execute(f'VACUUM "{table}"')
                return True
            raw.driver_connection.isolation_level = None
            cursor = raw.cursor()
            cursor.execute("VACUUM")
            blocked, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not blocked
        finally:
            raw.invalidate()
    except (SQLAlchemyError, engine.dialect.dbapi.Error):
        return False
