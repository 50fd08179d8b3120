"""Where small records beside the conversations are kept: `var/widget.db`, or the PostgreSQL of the billing records.

On SQLite it is a file of its own, so that a long billing import never keeps a customer waiting.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool

from saldo.settings import Settings

metadata = MetaData()
"""The tables; each stands in the module that reads and writes it."""
WAIT_SECONDS = 3


def open_store(settings: Settings) -> Engine:
    """The store, made with its tables if it is not there."""
    engine = _shared(settings.database_url) if _is_shared(settings.database_url) else _own(settings)
    metadata.create_all(engine)
    return engine


def insert_of(engine: Engine) -> Any:
    """The database's own `INSERT`, which knows what to do with a row that is there already."""
    return (sqlite if engine.dialect.name == "sqlite" else postgresql).insert


def _is_shared(url: str) -> bool:
    return url.startswith("postgresql")


def _shared(url: str) -> Engine:
    waits = {"connect_timeout": WAIT_SECONDS}
    return create_engine(url, future=True, hide_parameters=True, pool_pre_ping=True, connect_args=waits)


def _own(settings: Settings) -> Engine:
    settings.state.mkdir(parents=True, exist_ok=True)
    path = settings.state / "widget.db"
    path.touch(mode=0o600)
    waits = {"timeout": WAIT_SECONDS}
    engine = create_engine(
        f"sqlite:///{path}", future=True, hide_parameters=True, poolclass=NullPool, connect_args=waits
    )
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous = NORMAL"))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    return engine
