"""Which conversation is whose, and when it was last spoken in: what erasing and expiry go by."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock

from sqlalchemy import Column, Integer, String, Table

from saldo.insight.store import metadata
from saldo.storage.store import Store

participants = Table(
    "participants",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("customer", String, index=True),  # only who was proven to be one
    Column("language", String(2), nullable=False),
    Column("begun_at", Integer, nullable=False),  # seconds since 1970
    Column("last_at", Integer, nullable=False, index=True),
)
EXACT = 3600
"""Seconds by which the time of the last turn may be too early: expiry counts days, and a turn is not to wait for it."""
REMEMBERED = 10_000
"""Conversations of which this process knows that they were noted a moment ago."""


class Register:
    """Notes conversations as they begin and go on. DatabaseUnusable if the store fails."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._noted: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def has(self, conversation: str) -> bool:
        """Whether this process has noted it within the hour."""
        with self._lock:
            return time.time() - self._noted.get(conversation, 0) < EXACT

    def note(self, conversation: str, customer: str | None, language: str) -> None:
        """A session begins, is renewed, or a turn is being spoken."""
        now = int(time.time())
        row = self._store.insert(participants).values(
            conversation=conversation, customer=customer, language=language, begun_at=now, last_at=now
        )
        with self._store.begin() as connection:
            connection.execute(row.on_conflict_do_update(index_elements=["conversation"], set_={"last_at": now}))
        with self._lock:
            self._noted[conversation] = now
            self._noted.move_to_end(conversation)
            while len(self._noted) > REMEMBERED:
                self._noted.popitem(last=False)
