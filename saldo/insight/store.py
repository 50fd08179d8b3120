"""Where small records beside the conversations are kept: `var/widget.db`, or the PostgreSQL of the billing records.

On SQLite it is a file of its own, so that a long billing import never keeps a customer waiting.
"""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, create_engine, delete, event, select
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


feedback = Table(
    "feedback",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("message", String(64), primary_key=True),
    Column("helpful", Boolean, nullable=False),
    Column("comment", Text),
    Column("topics", String(400), nullable=False),  # names joined by spaces: what a report counts by
    Column("language", String(2), nullable=False),
    Column("given_at", Integer, nullable=False),  # seconds since 1970
)


class FeedbackBook:
    """Takes and keeps what readers say about answers."""

    def __init__(self, store: Engine) -> None:
        self._store = store

    def take(
        self, conversation: str, message: str, helpful: bool, comment: str | None, topics: list[str], language: str
    ) -> None:
        """Write down one verdict in the place of an earlier one about the same answer."""
        verdict = {"helpful": helpful, "comment": comment, "given_at": int(time.time())}
        about = {"topics": " ".join(topics), "language": language}
        row = insert_of(self._store)(feedback).values(conversation=conversation, message=message, **verdict, **about)
        with self._store.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["conversation", "message"], set_=verdict))

    def verdicts(self, conversation: str) -> dict[str, bool]:
        """Which answers of a conversation were called helpful or not, by message id."""
        wanted = select(feedback.c.message, feedback.c.helpful).where(feedback.c.conversation == conversation)
        with self._store.connect() as connection:
            return {row.message: row.helpful for row in connection.execute(wanted)}

    def erase(self, conversation: str) -> int:
        """Forget what was said in a conversation; how many verdicts that were."""
        with self._store.begin() as connection:
            return int(connection.execute(delete(feedback).where(feedback.c.conversation == conversation)).rowcount)
