"""Whether an answer helped, as its reader said: one verdict per answer, the last one counts."""

from __future__ import annotations

import time

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, delete, select
from sqlalchemy.engine import Engine

from saldo.insight.store import insert_of, metadata

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
