"""What may be used once or not any more: a host token's `jti`, a conversation that was signed out of.

Kept in the store, so that a restart or a second server believes nothing that this one has refused.
"""

from __future__ import annotations

import hashlib
import time

from sqlalchemy import Column, Integer, String, Table, delete, select
from sqlalchemy.engine import Engine

from saldo.insight.store import insert_of, metadata

spent = Table(
    "spent",
    metadata,
    Column("name", String(64), primary_key=True),  # a hash: names come from outside and may be long or personal
    Column("until", Integer, nullable=False, index=True),  # seconds since 1970; later it is refused for its age anyway
)


class UsedIds:
    """Remembers names until they would have expired by themselves."""

    def __init__(self, store: Engine) -> None:
        self._store = store

    def spend(self, name: str, until: float) -> bool:
        """Spend a name; False if it was spent before."""
        row = insert_of(self._store)(spent).values(name=_hash(name), until=int(until) + 1).on_conflict_do_nothing()
        with self._store.begin() as connection:
            connection.execute(delete(spent).where(spent.c.until < int(time.time())))
            return bool(connection.execute(row).rowcount)

    def has(self, name: str) -> bool:
        """Whether a name was spent."""
        with self._store.connect() as connection:
            return connection.execute(select(spent.c.name).where(spent.c.name == _hash(name))).first() is not None


def _hash(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
