"""What the tests of the import share: a source read into a database in memory, and out of it again."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sqlalchemy import delete
from sqlalchemy.engine import Engine

from saldo.billing.intake.csv_source import CsvSource
from saldo.billing.intake.mapping import OWN_FILES, SourceMapping
from saldo.billing.intake.run import run_import
from saldo.billing.intake.source import RecordSource
from saldo.billing.model import Account
from saldo.billing.store.database import create_database, transaction
from saldo.billing.store.repository import Repository
from saldo.billing.store.tables import customers, imports


def accounts_of(source: RecordSource) -> list[Account]:
    """The accounts that a source holds, by id."""
    with transaction(_memory()) as connection:
        connection.execute(delete(customers))
        connection.execute(delete(imports))
    run_import(_memory(), source)
    records = Repository(_memory())
    return [records.account(customer.id) for customer in records.customers()]


def read_folder(folder: Path, mapping: SourceMapping = OWN_FILES) -> list[Account]:
    return accounts_of(CsvSource(folder, mapping))


@cache
def _memory() -> Engine:
    """One for all tests, for making it takes longer than most imports; each finds it empty."""
    return create_database("sqlite://")
