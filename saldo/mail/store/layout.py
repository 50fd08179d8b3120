"""The tables of mail in Saldo's database, which are made together; their layout carries a version."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import MetaData
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from saldo.billing.store.database import session, transaction
from saldo.errors import DatabaseUnusable, WrongLayout
from saldo.storage.layouts import Layout

PAUSE = 0.2

metadata = MetaData()
"""The tables; each stands in the module that reads and writes it."""
layout = Layout("The store of mail", "mail_layout", metadata)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees what others have committed a moment ago, not the view of its own beginning.

    DatabaseUnusable if the database fails.
    """
    if engine.dialect.name != "postgresql":
        with transaction(engine) as connection:
            yield connection
        return
    with session(engine) as connection:
        connection.execution_options(isolation_level="READ COMMITTED")
        with connection.begin():
            yield connection


def make_tables(engine: Engine) -> None:
    """Make the tables that are not there. DatabaseUnusable if the database fails, or they are a newer Saldo's."""
    for last in (False, True):
        try:
            with writing(engine) as connection:
                layout.settle(connection)
            break
        except WrongLayout:
            raise
        except (DatabaseUnusable, IntegrityError):  # two workers made them at the same moment
            if last:
                raise
            time.sleep(PAUSE)
