"""Brings a billing database of an earlier layout up to date, by alembic, all of it or nothing."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy.engine import Connection

from saldo.billing.store.database import FIRST_LAYOUT, connect, layout_of, transaction
from saldo.billing.store.tables import LAYOUT, migration
from saldo.errors import SaldoError

SCRIPTS = "saldo.billing.store:migrations"


def migrate(url: str) -> tuple[str, str]:
    """Migrates the billing database; the layout it had, and the one it has now: the same if there was nothing to do.

    DatabaseUnusable if there is none, or a newer Saldo's; then, and if anything fails, it is as it was.
    """
    engine = connect(url)
    try:
        with transaction(engine) as connection:
            before = layout_of(connection)
            if before < LAYOUT:
                _upgrade(connection, before)
            return before, layout_of(connection)
    finally:
        engine.dispose()


def _upgrade(connection: Connection, before: str) -> None:
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    config.attributes["connection"] = connection
    migration.create(connection, checkfirst=True)
    try:
        if before == FIRST_LAYOUT:
            command.stamp(config, FIRST_LAYOUT)
        command.upgrade(config, LAYOUT)
    except CommandError as error:
        raise SaldoError(f"This Saldo cannot migrate a billing database of layout {before} ({error}).") from error
