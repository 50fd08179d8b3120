"""A PostgreSQL or MariaDB database as a source: read in one transaction that cannot write, row by row."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import column, create_engine, func, select, text
from sqlalchemy import table as named_table
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import NullPool

from saldo.billing.intake.mapping import MappedTable, SourceMapping
from saldo.billing.intake.rows import RowReader
from saldo.billing.intake.source import Faults, Incoming
from saldo.errors import SaldoError

DRIVERS = {"postgresql": "postgresql+psycopg2", "mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql"}
WAIT_SECONDS = 5
ROWS_AT_ONCE = 2000
READ_ONLY: Mapping[str, Mapping[str, Any]] = {
    "postgresql": {
        "options": "-c default_transaction_read_only=on -c default_transaction_isolation=repeatable\\ read",
        "connect_timeout": WAIT_SECONDS,
    },
    "mysql": {
        "init_command": "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
        "connect_timeout": WAIT_SECONDS,
    },
}
"""The whole session is told to write nothing, so that not even a query with a COMMIT in it could."""


class SqlSource:
    """The database whose URL the mapping's environment variable holds. SaldoError if it cannot be reached."""

    def __init__(self, mapping: SourceMapping) -> None:
        address = _address(mapping.url_from)
        self.name = f"{address.get_backend_name()}://{address.host or 'localhost'}/{address.database or ''}"
        self.tables: Mapping[str, str] = {name: one.origin for name, one in mapping.tables.items()}
        self._mapping = mapping
        self._engine = _engine(address, self.name)
        self._connection: Connection | None = None
        with self._told(), self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def column(self, table: str, column: str) -> str:
        field = self._mapping.tables[table].fields.get(column)
        return field.column if field and field.column else column

    def size(self, table: str) -> int | None:
        with self._told(table):
            query = select(func.count()).select_from(_statement(self._mapping.tables[table]).subquery())
            return int(self._open().execute(query).scalar_one())

    def rows(self, table: str, faults: Faults) -> Iterator[Incoming]:
        mapped = self._mapping.tables[table]
        with self._told(table):
            found = self._open().execution_options(stream_results=True, max_row_buffer=ROWS_AT_ONCE)
            result = found.execute(_statement(mapped))
            places = {name: place for place, name in enumerate(result.keys())}
        missing = {one: ours for one, ours in mapped.wanted.items() if one not in places}
        for one, ours in missing.items():
            named = mapped.is_named(ours, one)
            faults.hides(table, 0, f"column {'' if named else f'{one} '}is missing", ours if named else "")
        if not missing:
            reader, numbers = RowReader(table, mapped, self._mapping.style, places), count(1)
            while rows := self._next(result, table):
                for row, place in zip(rows, numbers, strict=False):
                    if incoming := reader.read(place, row):
                        yield incoming
        result.close()

    def close(self) -> None:
        """Lets the database go."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _next(self, result: Any, table: str) -> list[Sequence[Any]]:
        with self._told(table):
            return list(result.fetchmany(ROWS_AT_ONCE))

    def _open(self) -> Connection:
        """One connection for all tables: they are of one moment."""
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    @contextmanager
    def _told(self, table: str = "") -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            self.close()
            message = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            where = f"{self.name}, {self.tables[table]}" if table else self.name
            raise SaldoError(
                f"The source {where} cannot be read ({message}); correct the mapping or its URL."
            ) from error


def _statement(mapped: MappedTable) -> Any:
    if mapped.query is not None:
        as_it_stands = re.sub(r"(?<!:):(?=\w)", r"\\:", mapped.query.rstrip("; \n"))  # no parameters of ours
        return text(as_it_stands).columns()
    schema, _, name = mapped.origin.rpartition(".")
    return select(*map(column, mapped.wanted)).select_from(named_table(name, schema=schema or None))


def _address(variable: str) -> URL:
    """The URL in the environment variable, with the driver that belongs to it. Does not repeat it."""
    found = os.environ.get(variable, "")
    if not found:
        raise SaldoError(
            f"{variable} is not set; the mapping names it for the source's URL, such as mariadb://user@host/name."
        )
    try:
        address = make_url(found)
        driver = DRIVERS[address.get_backend_name()]
    except (SQLAlchemyError, KeyError, ValueError):
        raise SaldoError(
            f"{variable} is not the URL of a source; write postgresql:// or mariadb://user:password@host/name."
        ) from None
    return address.set(drivername=driver)


def _engine(address: URL, name: str) -> Engine:
    kind = "postgresql" if address.get_backend_name() == "postgresql" else "mysql"
    try:
        return create_engine(
            address, future=True, hide_parameters=True, poolclass=NullPool, connect_args=dict(READ_ONLY[kind])
        )
    except ImportError:
        raise SaldoError(f"{name} needs the MariaDB driver; install it with pip install 'saldo[mariadb]'.") from None
