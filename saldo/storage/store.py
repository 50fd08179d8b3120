"""A store of ours: tables in a file of their own, or in the PostgreSQL of the billing records.

It is opened when it is used, and looked at each time: a file that was deleted, replaced or spoilt while we served is
an error or made anew, never written to by a handle that nobody else sees. Whatever fails is `DatabaseUnusable`, and
after each failure the tables are looked for again, so that a store that comes back goes on without a restart.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, Text, delete, event, insert, select
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from saldo.errors import DatabaseUnusable
from saldo.settings import Settings
from saldo.storage.engines import REMEDIES, insert_into, place, postgresql, sqlite, told
from saldo.storage.layouts import FIRST, NO_STEPS, Layout, Steps

HEADER = b"SQLite format 3\x00"
OURS = (
    ("not a database", "is not a database; move it away, a new one is made"),
    ("malformed", "is damaged; move it away, a new one is made"),
    ("no such table", "lacks a table; it is made anew"),
    ("relation", "lacks a table; it is made anew"),
    *REMEDIES,
)
PROBE = "x" * 8192
"""More than a turn weighs: where there is room for it, there is room for a turn."""


def is_shared(settings: Settings) -> bool:
    """Whether the stores are in PostgreSQL, where several servers share them."""
    return settings.database_url.startswith("postgresql")


class Store:
    """Some tables, in `var/<file>` or in PostgreSQL."""

    def __init__(
        self, name: str, settings: Settings, file: str, metadata: MetaData, layout: int = FIRST, steps: Steps = NO_STEPS
    ) -> None:
        """`layout` is the number of today's; `steps` lead to it from earlier ones."""
        self.name = name
        """What messages call it."""
        self._path = None if is_shared(settings) else settings.state / file
        self._engine = postgresql(make_url(settings.database_url)) if self._path is None else _file(self._path)
        where = f"{name} in {place(self._engine.url)}"
        self._layout = Layout(where, f"{file.partition('.')[0]}_layout", metadata, layout, steps)
        self._made: object = None
        """What was there when the tables were last found complete."""
        self._making = threading.Lock()
        self._refused = False
        """Whether something failed since the last write that went well."""
        self._probes = Table(
            f"{file.partition('.')[0]}_probes", metadata, Column("id", Integer, primary_key=True),
            Column("filling", Text), extend_existing=True,
        )  # fmt: skip

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """All or nothing; what was written is kept when this ends. DatabaseUnusable if that fails."""
        with self._told(), self._engine.begin() as connection:
            yield connection
        self._refused = False

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """To read. DatabaseUnusable if that fails."""
        with self._told(), self._engine.connect() as connection:
            yield connection

    def insert(self, table: Table) -> Any:
        """The database's own `INSERT`, which knows what to do with a row that is there already."""
        return insert_into(self._engine, table)

    def check(self) -> None:
        """DatabaseUnusable if it cannot be read; after a failure also if it still cannot be written to."""
        with self.connect() as connection:
            connection.execute(select(self._probes.c.id).limit(1)).all()
        if self._refused:
            with self.begin() as connection:
                connection.execute(insert(self._probes).values(filling=PROBE))
            with self.begin() as connection:
                connection.execute(delete(self._probes))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            with told(f"{self.name} in {place(self._engine.url)}", OURS):
                self._make_ready()
                yield
        except DatabaseUnusable:
            self._made, self._refused = None, True
            raise

    def _make_ready(self) -> None:
        if self._made is not None and self._made == self._found():
            return
        with self._making:
            if self._made is not None and self._made == self._found():
                return
            if self._path is not None:
                if self._path.exists() and self._path.stat().st_size and self._found() is None:
                    raise sqlite3.DatabaseError("file is not a database")  # to let go of it would write the log over it
                self._engine.dispose()  # no connection to what was there before
                self._path.parent.mkdir(parents=True, exist_ok=True)
                if not self._path.exists():
                    self._path.touch(mode=0o600)
                with suppress(OSError):  # one that Rasa had made was open to all
                    self._path.chmod(0o600)
            self._make_tables()
            self._made = self._found()

    def _make_tables(self) -> None:
        try:
            self._settle()
        except (OperationalError, ProgrammingError, IntegrityError) as error:
            if "exist" not in str(error) and "unique" not in str(error):  # another server makes them just now
                raise
            self._settle()

    def _settle(self) -> None:
        with self._engine.begin() as connection:
            self._layout.settle(connection)

    def _found(self) -> object:
        """What tells the database there from another in its place; None if it is none."""
        if self._path is None:
            return True
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return (stat.st_dev, stat.st_ino) if stat.st_size and _begins_as_database(self._path, stat) else None


def _begins_as_database(path: Path, stat: os.stat_result) -> bool:
    """Whether the file itself does; SQLite may take its first page from the log beside it."""
    return os.pread(_opened(path, stat.st_dev, stat.st_ino), len(HEADER), 0) == HEADER


@cache
def _opened(path: Path, device: int, number: int) -> int:
    """A handle to look at that file, one in this process and never closed.

    Closing it would give up all locks that this process holds on the file, and another program would take the
    write-ahead log away, with all that is in it.
    """
    return os.open(path, os.O_RDONLY)


def _file(path: Path) -> Engine:
    engine = sqlite(path, make=True, pooled=True)

    def opened(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode = WAL")  # readers go on while one writes
        connection.execute("PRAGMA synchronous = FULL")  # kept means kept, whatever happens to the machine

    event.listen(engine, "connect", opened)
    return engine
