"""Engines of all stores: one per database and process, each with limits on how long anything may wait.

| wait | PostgreSQL | SQLite |
|---|---|---|
| for a connection | 3 s | – |
| for a lock | 2 s | 3 s |
| for a statement | 4 s, told by the server | – |
| for any answer at all | 5 s, told here: a server that is frozen ends nothing itself | – |

Event loops call stores by `off_loop`, so that a wait holds up nobody but whoever waits.
"""

from __future__ import annotations

import asyncio
import contextvars
import os
import select
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Table, create_engine
from sqlalchemy.dialects import postgresql as postgresql_dialect
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError
from sqlalchemy.pool import NullPool, QueuePool, StaticPool

from saldo.errors import DatabaseUnusable

CONNECT_SECONDS = 3
LOCK_SECONDS = 2
STATEMENT_SECONDS = 4
SILENCE_SECONDS = 5
BUSY_SECONDS = 3
"""How long SQLite waits for another program's lock."""
KEPT_OPEN = 5
"""Connections of a pool; as many again are opened when it is busy, so that each thread below may have one."""
THREADS = 2 * KEPT_OPEN

REMEDIES = (
    ("locked", "is locked by another program; try again when that has finished"),
    ("lock timeout", "is locked by another program; try again when that has finished"),
    ("readonly", "is read-only; check the permissions of the file and its folder"),
    ("read-only", "is read-only; let this user write, or name another in SALDO_DATABASE_URL"),
    ("is full", "cannot grow, the disk is full; make room"),
    ("no space left", "cannot grow, the disk is full; make room"),
    ("already exists", "was made by another program just now; try again"),
    ("unable to open", "cannot be opened; check the path and its permissions"),
    ("disk i/o", "cannot be read or written; check the disk"),
    ("role", "refuses the user or password; correct SALDO_DATABASE_URL"),
    ("authentication failed", "refuses the user or password; correct SALDO_DATABASE_URL"),
    ("no password supplied", "asks for a password; put it in SALDO_DATABASE_URL"),
    ("permission denied", "is not open to this user; grant it the rights or correct SALDO_DATABASE_URL"),
    ("serialize", "was changed by another program meanwhile; try again"),
    ("does not exist", "does not exist; create it and run `saldo billing init`"),
    ("translate host", "cannot be reached; correct SALDO_DATABASE_URL"),
    ("statement timeout", "takes too long; see what keeps its server busy"),
    ("connect", "cannot be reached; start the server or correct SALDO_DATABASE_URL"),
    ("timeout", "does not answer; start the server or correct SALDO_DATABASE_URL"),
)
"""What drivers say, and what a person is told; the first that fits."""

Given = ParamSpec("Given")
Found = TypeVar("Found")


async def off_loop(function: Callable[Given, Found], *args: Given.args, **named: Given.kwargs) -> Found:
    """What a function that waits for a database returns, while the event loop goes on."""
    call = partial(contextvars.copy_context().run, function, *args, **named)
    return await asyncio.get_running_loop().run_in_executor(_threads(), call)


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(THREADS, "database")


@cache
def postgresql(address: URL, limited: bool = True) -> Engine:
    """The one engine of a PostgreSQL database; `limited` for all but imports, which may take their time."""
    waits: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS}
    if limited:
        waits["options"] = f"-c statement_timeout={STATEMENT_SECONDS}s -c lock_timeout={LOCK_SECONDS}s"
        waits["connection_factory"] = _impatient()
    engine = create_engine(
        address, future=True, hide_parameters=True, pool_pre_ping=True, connect_args=waits,
        pool_size=KEPT_OPEN, max_overflow=KEPT_OPEN, pool_timeout=CONNECT_SECONDS,
    )  # fmt: skip
    os.register_at_fork(after_in_child=partial(engine.dispose, close=False))  # a connection has one owner
    return engine


def sqlite(path: Path | str, *, make: bool, pooled: bool = False) -> Engine:
    """An engine of a file, or of memory if there is no path; one that is not there is an error unless it may be made.

    What errors and logs show is the statement, never its values: they are customers' data.
    """
    pool: dict[str, Any] = {"poolclass": NullPool if path else StaticPool}
    if pooled:
        pool = {"poolclass": QueuePool, "pool_size": KEPT_OPEN, "max_overflow": KEPT_OPEN, "pool_timeout": BUSY_SECONDS}
    return create_engine(
        URL.create("sqlite", database=str(path) or None), future=True, hide_parameters=True,
        creator=partial(_connect, str(path), "rwc" if make else "rw"), **pool,
    )  # fmt: skip


def insert_into(engine: Engine, table: Table) -> Any:
    """The database's own `INSERT`, which knows what to do with a row that is there already."""
    return (postgresql_dialect if engine.dialect.name == "postgresql" else sqlite_dialect).insert(table)


def sentence(error: Exception, what: str, remedies: tuple[tuple[str, str], ...] = REMEDIES) -> str:
    """What a person is told of a database's failure: what, and the remedy."""
    message = str(getattr(error, "orig", None) or error).strip()
    first_line = (message.splitlines() or [type(error).__name__])[0]
    found = (remedy for words, remedy in remedies if words in message.lower())
    return f"{what} {next(found, f'cannot be used ({first_line})')}."


@contextmanager
def told(what: str, remedies: tuple[tuple[str, str], ...] = REMEDIES) -> Iterator[None]:
    """Whatever a database fails with inside is DatabaseUnusable, in words; what a constraint refuses is the data's."""
    try:
        yield
    except FAILURES as error:
        if isinstance(error, IntegrityError) and "constraint" in str(error).lower():  # SQLite's of triggers names none
            raise
        raise DatabaseUnusable(sentence(error, what, remedies)) from error


def place(address: URL) -> str:
    """Where a database is, for messages: a path, or server and name; no user, no password, no options."""
    if address.get_backend_name() == "sqlite":
        return str(address.database or "memory")
    return f"postgresql://{address.host or 'localhost'}:{address.port or 5432}/{address.database or ''}"


FAILURES = (DBAPIError, TimeoutError, sqlite3.Error, OSError)
"""What a database that fails may raise; an IntegrityError among them is not its fault but the data's."""


def _connect(path: str, mode: str) -> sqlite3.Connection:
    name = f"{Path(path).absolute().as_uri()}?mode={mode}" if path else "file::memory:"
    connection = sqlite3.connect(name, uri=True, timeout=BUSY_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


@lru_cache(maxsize=1)
def _impatient() -> type:
    """Connections that are given up when the server falls silent; psycopg2 asks `_wait` for all that it waits for."""
    import psycopg2.extensions

    class Impatient(psycopg2.extensions.connection):
        """Waits no longer than `SILENCE_SECONDS` for an answer."""

    def wait(connection: Any) -> None:
        end = time.monotonic() + SILENCE_SECONDS if isinstance(connection, Impatient) else None
        while (state := connection.poll()) != psycopg2.extensions.POLL_OK:
            rest = None if end is None else max(0.0, end - time.monotonic())
            reads = [connection.fileno()] if state == psycopg2.extensions.POLL_READ else []
            writes = [connection.fileno()] if state == psycopg2.extensions.POLL_WRITE else []
            if not any(select.select(reads, writes, [], rest)):
                raise psycopg2.OperationalError("timeout: the server has fallen silent")

    psycopg2.extensions.set_wait_callback(wait)
    return Impatient
