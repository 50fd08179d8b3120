"""A database of a test's own, on a server that runs beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NoReturn
from uuid import uuid4

from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError


def database_of(server_url: str, drop: str, needs_service: Callable[[str], NoReturn]) -> Iterator[str]:
    """The URL of a new database on that server, on which the test may do as it likes."""
    server = create_engine(server_url, future=True, isolation_level="AUTOCOMMIT")
    name = f"saldo_test_{uuid4().hex}"
    try:
        with server.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    except OperationalError as error:
        needs_service(f"no database server at {server.url!r}: {error.orig}")
    yield server.url.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.exec_driver_sql(drop.format(name))
    server.dispose()
