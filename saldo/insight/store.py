"""Where small records beside the conversations are kept: `var/widget.db`, or the PostgreSQL of the billing records.

On SQLite it is a file of its own, so that a long billing import never keeps a customer waiting.
"""

from __future__ import annotations

import time

from sqlalchemy import Boolean, Column, Integer, MetaData, String, Table, Text, select

from saldo.insight import metrics
from saldo.settings import Settings
from saldo.storage.store import Store

metadata = MetaData()
"""The tables; each stands in the module that reads and writes it."""


def open_store(settings: Settings) -> Store:
    """The store; made with its tables when it is used first and not there."""
    return Store("The store of feedback and used ids", settings, "widget.db", metadata)


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

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(
        self, conversation: str, message: str, helpful: bool, comment: str | None, topics: list[str], language: str
    ) -> None:
        """Write down one verdict in the place of an earlier one about the same answer."""
        verdict = {"helpful": helpful, "comment": comment, "given_at": int(time.time())}
        about = {"topics": " ".join(topics), "language": language}
        row = self._store.insert(feedback).values(conversation=conversation, message=message, **verdict, **about)
        with self._store.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["conversation", "message"], set_=verdict))
        metrics.feedback.labels("yes" if helpful else "no", language).inc()

    def verdicts(self, conversation: str) -> dict[str, bool]:
        """Which answers of a conversation were called helpful or not, by message id."""
        wanted = select(feedback.c.message, feedback.c.helpful).where(feedback.c.conversation == conversation)
        with self._store.connect() as connection:
            return {row.message: row.helpful for row in connection.execute(wanted)}
