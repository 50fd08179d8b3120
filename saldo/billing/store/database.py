"""Opens and creates the billing database: SQLite in a file, or PostgreSQL.

Whatever is wrong with it is told as `DatabaseUnusable`: one sentence with what, where and the remedy, and
never the user or password of a URL.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import event, insert, inspect, select, update
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from saldo.billing.store.tables import LAST_OWN_COUNT, LAYOUT, metadata, migration, own_count
from saldo.errors import DatabaseUnusable, NewerLayout, OlderLayout, SaldoError
from saldo.storage import engines
from saldo.storage.engines import place, told

FIRST_LAYOUT = "0001"
"""Of a database made before alembic counted."""
REMEDIES = (
    ("not a database", "is not a billing database; move it away and run `saldo billing init`"),
    ("malformed", "is damaged; move it away and run `saldo billing init`"),
    ("no such table", "lacks billing tables; run `saldo billing init`"),
    ("no such column", "lacks billing columns; run `saldo billing migrate`"),
    ("relation", "lacks billing tables; run `saldo billing init`"),
    *engines.REMEDIES,
)
"""What drivers say, and what a person is told; the first that fits."""


def open_database(url: str, *, limited: bool = False) -> Engine:
    """The billing database that is there, of this layout. DatabaseUnusable if there is none; makes none.

    `limited` for whoever answers people: a statement is given up after a few seconds.
    """
    engine = connect(url, limited=limited)
    with transaction(engine) as connection:
        _check_layout(connection)
    return engine


def create_database(url: str) -> Engine:
    """The billing database, made if it is not there. DatabaseUnusable if one of another layout is."""
    address = _address(url)
    _make_file(address)
    engine = _engine(address)
    if _file(address):
        with _told(engine):
            _write_ahead(engine)
    try:
        with transaction(engine) as connection:
            if not _has_tables(connection):
                metadata.create_all(connection)
                connection.execute(insert(migration).values(version_num=LAYOUT))
                connection.execute(insert(own_count).values(version=LAST_OWN_COUNT))
            _check_layout(connection)
    except IntegrityError as error:  # PostgreSQL's catalogue has a table of that name since a moment ago
        raise DatabaseUnusable(
            f"The billing database {place(address)} was made by another program just now; try again."
        ) from error
    return engine


def connect(url: str, *, limited: bool = False) -> Engine:
    """The database that is there, whatever its layout. DatabaseUnusable if there is none."""
    address = _address(url)
    if _file(address) and not Path(_file(address)).exists():
        raise DatabaseUnusable(f"There is no billing database at {place(address)}; run `saldo billing init`.")
    return _engine(address, limited)


def layout_of(connection: Connection) -> str:
    """Which layout the tables have. DatabaseUnusable if there are none, or they are a newer Saldo's."""
    where = place(connection.engine.url)
    if not _has_tables(connection):
        raise DatabaseUnusable(f"The billing database {where} has no billing tables; run `saldo billing init`.")
    found = FIRST_LAYOUT
    if inspect(connection).has_table(migration.name):
        found = connection.execute(select(migration.c.version_num)).scalar() or FIRST_LAYOUT
    if found > LAYOUT:
        raise NewerLayout(f"The billing database {where}", found, LAYOUT)
    return str(found)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """All or nothing, on one unchanging view of the data. DatabaseUnusable if the database fails."""
    with _told(engine), engine.begin() as connection:
        yield connection


@contextmanager
def session(engine: Engine) -> Iterator[Connection]:
    """One connection for several transactions, all of which see its temporary tables; as `transaction`."""
    with _told(engine), engine.connect() as connection:
        yield connection


def begin_writing(connection: Connection) -> None:
    """Makes other long writers wait from here on, instead of failing when both are done."""
    connection.execute(update(migration).values(version_num=migration.c.version_num))


def _told(engine: Engine) -> AbstractContextManager[None]:
    return told(f"The billing database {place(engine.url)}", REMEDIES)


def _address(url: str) -> URL:
    """The URL taken apart, a file's path made absolute. Does not repeat the URL: it may hold a password."""
    try:
        address = make_url(url)
        kind = address.get_dialect().name
    except (SQLAlchemyError, ImportError, ValueError):
        kind = "unknown"
    if kind not in ("sqlite", "postgresql"):
        raise DatabaseUnusable(
            "SALDO_DATABASE_URL is not the URL of a billing database; "
            "write sqlite:///var/saldo.db or postgresql+psycopg2://user:password@host/name."
        )
    return address.set(database=str(Path(_file(address)).absolute())) if _file(address) else address


def _file(address: URL) -> str:
    """The path of an SQLite file; empty for any other database."""
    is_file = address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")
    return str(address.database) if is_file else ""


def _make_file(address: URL) -> None:
    """An empty file only its owner can read, if there is none; names and e-mail addresses go into it."""
    if not _file(address):
        return
    try:
        Path(_file(address)).parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(_file(address), os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        why = f"cannot be made ({error.strerror}); choose another place in SALDO_DATABASE_URL"
        if Path(_file(address)).is_file():
            why = f"is read-only ({error.strerror}); check the permissions of the file and its folder"
        raise DatabaseUnusable(f"The billing database {place(address)} {why}.") from error


def _engine(address: URL, limited: bool = False) -> Engine:
    if address.get_backend_name() == "postgresql":
        return engines.postgresql(address, limited).execution_options(isolation_level="REPEATABLE READ")
    # opened without being made: a file deleted under a running bot is an error, not an empty database
    engine = engines.sqlite(_file(address), make=False)
    event.listen(engine, "connect", _begin_ourselves)
    event.listen(engine, "begin", _begin)
    return engine


def _begin_ourselves(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # else the driver begins a transaction only at the first write


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _write_ahead(engine: Engine) -> None:
    """Lets readers go on while an import writes; the file remembers it."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA journal_mode = WAL")
    finally:
        raw.close()


def _has_tables(connection: Connection) -> bool:
    there = inspect(connection)
    return bool(there.has_table(migration.name) or there.has_table(own_count.name))


def _check_layout(connection: Connection) -> None:
    found = layout_of(connection)
    if found != LAYOUT:
        where = place(connection.engine.url)
        raise OlderLayout(f"The billing database {where}", found, LAYOUT, "saldo billing migrate")


SCRIPTS = "saldo.billing.store:migrations"


def migrate(url: str) -> tuple[str, str]:
    """Migrates the billing database; the layout it had, and the one it has now: the same if there was nothing to do.

    DatabaseUnusable if there is none, or a newer Saldo's; then, and if anything fails, it is as it was.
    """
    engine = connect(url)
    try:
        with transaction(engine) as connection:
            before = layout_of(connection)
            if before < LAYOUT:
                _upgrade(connection, before)
            return before, layout_of(connection)
    finally:
        engine.dispose()


def _upgrade(connection: Connection, before: str) -> None:
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    migration.create(connection, checkfirst=True)
    try:
        if before == FIRST_LAYOUT:
            command.stamp(config, FIRST_LAYOUT)
        command.upgrade(config, LAYOUT)
    except CommandError as error:
        raise SaldoError(f"This Saldo cannot migrate a billing database of layout {before} ({error}).") from error
