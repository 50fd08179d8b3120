"""What may be used once or not any more: a host token's `jti`, a conversation that was signed out of.

Kept in the store, so that a restart or a second server believes nothing that this one has refused.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from sqlalchemy import Column, Integer, String, Table, delete, select

from saldo.insight.store import metadata
from saldo.storage.store import Store

spent = Table(
    "spent",
    metadata,
    Column("name", String(64), primary_key=True),  # a hash: names come from outside and may be long or personal
    Column("until", Integer, nullable=False, index=True),  # seconds since 1970; later it is refused for its age anyway
)
MARGIN = 7 * 24 * 3600
"""Seconds that a name is kept for longer, so that a clock set forward and back again makes no used name good."""


class UsedIds:
    """Remembers names until they would have expired by themselves, and a margin longer."""

    def __init__(self, store: Store, clock: Callable[[], float] = time.time) -> None:
        self._store, self._clock = store, clock

    def spend(self, name: str, until: float) -> bool:
        """Spend a name; False if it was spent before.

        What goes is reckoned from the earlier of our clock and the name's own end, which another clock may have set.
        """
        row = self._store.insert(spent).values(name=_hash(name), until=int(until) + 1).on_conflict_do_nothing()
        with self._store.begin() as connection:
            connection.execute(delete(spent).where(spent.c.until < int(min(self._clock(), until)) - MARGIN))
            return bool(connection.execute(row).rowcount)

    def has(self, name: str) -> bool:
        """Whether a name was spent."""
        with self._store.connect() as connection:
            return connection.execute(select(spent.c.name).where(spent.c.name == _hash(name))).first() is not None


def ended(conversation: str) -> str:
    """The name that is spent when a conversation ends: no token of it is good any more."""
    return f"ended:{conversation}"


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
