"""Which draft of a ticket is Saldo's own and untouched: only that may make room for the next."""

from __future__ import annotations

import hashlib

from sqlalchemy import Column, String, Table, delete, insert, select
from sqlalchemy.engine import Engine

from saldo.billing.store.database import transaction
from saldo.mail.store.layout import metadata

laid = Table(
    "mail_laid_drafts",
    metadata,
    Column("helpdesk", String, primary_key=True),
    Column("ticket", String, primary_key=True),
    Column("digest", String, nullable=False),
)


class LaidDrafts:
    """Remembers the last draft laid into each ticket. DatabaseUnusable if the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def is_own(self, helpdesk: str, ticket: int, text: str) -> bool:
        """Whether this text is what was laid there."""
        query = select(laid.c.digest).where(laid.c.helpdesk == helpdesk, laid.c.ticket == str(ticket))
        with transaction(self._engine) as connection:
            return bool(connection.execute(query).scalar() == _digest(text))

    def keep(self, helpdesk: str, ticket: int, text: str) -> None:
        """Remember what lies there now."""
        row = {"helpdesk": helpdesk, "ticket": str(ticket), "digest": _digest(text)}
        with transaction(self._engine) as connection:
            connection.execute(delete(laid).where(laid.c.helpdesk == helpdesk, laid.c.ticket == str(ticket)))
            connection.execute(insert(laid).values(row))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
