"""What was handed over to people, kept like feedback."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, select, update

from saldo.insight import metrics
from saldo.insight.store import metadata
from saldo.storage.store import Store

handovers = Table(
    "handovers",
    metadata,
    Column("reference", String(16), primary_key=True),
    Column("conversation", String(64), nullable=False, index=True),
    Column("customer", String(64), index=True),  # only who was proven to be one
    Column("reason", String(20), nullable=False),
    Column("topics", String(400), nullable=False),  # names joined by spaces: what a report counts by
    Column("language", String(2), nullable=False),
    Column("content", Text, nullable=False),  # the handover as JSON
    Column("in_mailbox", Boolean, nullable=False),
    Column("given_at", Integer, nullable=False),  # seconds since 1970
)


class HandoverBook:
    """Takes and keeps what was handed over."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def take(self, conversation: str, content: Mapping[str, Any]) -> bool:
        """Write a handover down, in the place of an earlier one of its reference.

        Whether it is in the team's mailbox already, just as it is.
        """
        text = json.dumps(content, ensure_ascii=False, sort_keys=True)
        customer, reference = content["customer"], content["reference"]
        topics = " ".join(dict.fromkeys(question["topic"] for question in content["questions"]))
        told = {"content": text, "in_mailbox": False, "given_at": int(time.time()), "reason": content["reason"]}
        whose = {"conversation": conversation, "customer": customer["id"] if customer else None}
        about = {"reference": reference, "language": content["language"], "topics": topics[:400]}
        row = self._store.insert(handovers).values(**told, **whose, **about)
        with self._store.begin() as connection:
            same = handovers.c.reference == reference, handovers.c.content == text
            known = connection.execute(select(handovers.c.in_mailbox).where(*same)).first()
            if known is None:
                connection.execute(row.on_conflict_do_update(index_elements=["reference"], set_=told))
        if known is None:
            metrics.handovers.labels(content["reason"], content["language"]).inc()
        return bool(known and known.in_mailbox)

    def set_in_mailbox(self, reference: str) -> None:
        """Note that a handover is in the team's mailbox."""
        with self._store.begin() as connection:
            connection.execute(update(handovers).where(handovers.c.reference == reference).values(in_mailbox=True))

    def of(self, conversation: str) -> list[dict[str, Any]]:
        """What was handed over of a conversation, as JSON, oldest first."""
        wanted = select(handovers.c.content).where(handovers.c.conversation == conversation)
        with self._store.connect() as connection:
            rows = connection.execute(wanted.order_by(handovers.c.given_at))
            return [json.loads(row.content) for row in rows]

    def newest(self, conversation: str) -> tuple[str, int] | None:
        """The reference of what was handed over last of a conversation, and when, in seconds since 1970."""
        wanted = select(handovers.c.reference, handovers.c.given_at).where(handovers.c.conversation == conversation)
        with self._store.connect() as connection:
            row = connection.execute(wanted.order_by(handovers.c.given_at.desc()).limit(1)).first()
        return (row.reference, row.given_at) if row else None
