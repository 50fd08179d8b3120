"""When Saldo began to watch a mailbox: what lay there before is the team's, and is not drafted unasked."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Float, String, Table, insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from saldo.billing.store.database import transaction
from saldo.mail.store.layout import metadata

beginnings = Table(
    "mail_beginnings",
    metadata,
    Column("mailbox", String, primary_key=True),
    Column("validity", String, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("moment", Float, nullable=False),
)


@dataclass(frozen=True)
class Beginning:
    """From where on mails are new."""

    validity: str
    """The mark of the mailbox's numbering then."""
    number: int
    """The first number after it, as long as the numbering is the same."""
    moment: float
    """The time, in seconds since 1970; it decides where the numbering is another."""


def beginning_of(engine: Engine, mailbox: str, validity: str, next_number: int) -> tuple[Beginning, bool]:
    """The mailbox's beginning, and whether it is now: the first worker that ever asks begins with what comes next.

    DatabaseUnusable if the database fails.
    """
    query = select(beginnings).where(beginnings.c.mailbox == mailbox)
    now = {"mailbox": mailbox, "validity": validity, "number": next_number, "moment": time.time()}
    with transaction(engine) as connection:
        row = connection.execute(query).first()
    if row is None:
        with suppress(IntegrityError), transaction(engine) as connection:  # unless another worker was quicker
            connection.execute(insert(beginnings).values(now))
    with transaction(engine) as connection:
        found = connection.execute(query).one()
    return Beginning(found.validity, found.number, found.moment), row is None
