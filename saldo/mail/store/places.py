"""Where in a mailbox each mail lies: the same mail in several places is a true copy, and is counted."""

from __future__ import annotations

import time

from sqlalchemy import BigInteger, Column, Float, String, Table, func, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from saldo.mail.store.layout import make_tables, metadata, writing

places = Table(
    "mail_places",
    metadata,
    Column("mailbox", String, primary_key=True),
    Column("validity", String, primary_key=True),
    Column("number", BigInteger, primary_key=True),
    Column("message_id", String, nullable=False, index=True),
    Column("seen_at", Float, nullable=False),
)


class Places:
    """The places in one database. Its methods raise DatabaseUnusable if the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        make_tables(engine)

    def note(self, mailbox: str, validity: str, number: str, message_id: str) -> None:
        """A mail lies there; again and again the same is noted once."""
        values = {"mailbox": mailbox, "validity": validity, "number": int(number), "message_id": message_id}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(places).values(**values, seen_at=time.time()))
        except IntegrityError:
            pass

    def count(self, mailbox: str, validity: str, message_id: str) -> int:
        """In how many places a mail was seen, by one numbering of the mailbox."""
        query = select(func.count()).where(
            places.c.mailbox == mailbox, places.c.validity == validity, places.c.message_id == message_id
        )
        with writing(self._engine) as connection:
            return int(connection.execute(query).scalar_one())
