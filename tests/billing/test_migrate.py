"""A database of each earlier layout becomes one of today's, its records kept; `layouts/` holds each as it was made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, insert, inspect
from sqlalchemy.engine import Engine

from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.store.database import SCRIPTS, create_database, migrate, open_database, transaction
from saldo.billing.store.repository import Repository
from saldo.billing.store.rows import rows_of
from saldo.billing.store.tables import LAYOUT, metadata, migration
from saldo.errors import DatabaseUnusable

LAYOUTS = Path(__file__).parent / "layouts"
EARLIER = sorted(path.stem for path in LAYOUTS.iterdir())
SAMPLE = [replace(account, users=()) for account in sample_accounts(date(2026, 11, 22))]


@pytest.fixture(params=EARLIER)
def earlier(request: pytest.FixtureRequest, database_url: str) -> str:
    """A database as a Saldo of that layout left it, the sample's companies in it but not their users."""
    engine = create_engine(database_url, future=True)
    with engine.begin() as connection:
        for statement in (LAYOUTS / f"{request.param}.sql").read_text(encoding="utf-8").split(";\n")[:-1]:
            connection.exec_driver_sql(statement)
        for table, rows in rows_of(SAMPLE):
            connection.execute(insert(table), rows)
    engine.dispose()
    return database_url


@pytest.fixture
def layout(request: pytest.FixtureRequest) -> str:
    """Which layout `earlier` has."""
    return f"{int(request.node.callspec.params['earlier']):04}"


def differences(engine: Engine) -> list[object]:
    """How a database's tables differ from those that the code knows, as alembic sees it; other tables do not count."""

    def ours(_: object, name: str | None, kind: str, *__: object) -> bool:
        return kind != "table" or name in metadata.tables

    with engine.connect() as connection:
        options = {"compare_type": True, "include_object": ours, "version_table": "no_such_table"}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), metadata))


def test_an_earlier_layout_is_refused_with_the_remedy(earlier: str) -> None:
    for use in (open_database, create_database):
        with pytest.raises(DatabaseUnusable, match=r"was made by an older Saldo .*; run `saldo billing migrate`\.$"):
            use(earlier)


def test_an_earlier_layout_becomes_todays_with_all_its_records(earlier: str, layout: str) -> None:
    assert migrate(earlier) == (layout, LAYOUT)
    engine = open_database(earlier)
    for account in SAMPLE:
        assert Repository(engine).account(account.customer.id) == account
    assert differences(engine) == []
    assert migrate(earlier) == (LAYOUT, LAYOUT)
    engine.dispose()


@pytest.mark.parametrize("earlier", ["1", "2"], indirect=True)
def test_a_table_with_records_counts_as_imported_on_a_day_not_known(earlier: str) -> None:
    """One without any may have been left out of every import: what it would say is not known."""
    migrate(earlier)
    engine = open_database(earlier)
    account = Repository(engine).account(SAMPLE[0].customer.id)
    assert account.knows("payments") and not account.knows("users")
    assert {(one.imported_on, one.source) for one in account.imports or ()} == {(None, "")}
    engine.dispose()


def test_tables_that_are_not_ours_are_left_alone(earlier: str) -> None:
    engine = create_engine(earlier, future=True)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE mail_ledger (mailbox TEXT)")
        connection.exec_driver_sql("INSERT INTO mail_ledger VALUES ('box')")
    migrate(earlier)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT mailbox FROM mail_ledger").scalar() == "box"
    engine.dispose()


def test_a_migration_that_fails_changes_nothing(earlier: str, layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise DatabaseUnusable("The disk is full.")

    monkeypatch.setattr("saldo.billing.store.database.command.upgrade", fail)
    with pytest.raises(DatabaseUnusable, match="disk is full"):
        migrate(earlier)
    engine = create_engine(earlier, future=True)
    assert inspect(engine).has_table(migration.name) == (layout > "0001")
    assert not inspect(engine).has_table("kept_imports")
    engine.dispose()
    monkeypatch.undo()
    assert migrate(earlier) == (layout, LAYOUT)


def test_a_new_database_is_what_the_migrations_lead_to(database_url: str) -> None:
    engine = create_database(database_url)
    assert differences(engine) == []
    engine.dispose()


def test_every_layout_but_todays_has_its_tables_kept_for_this_test() -> None:
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_current_head() == LAYOUT
    revisions = sorted(one.revision for one in scripts.walk_revisions())
    assert revisions == [f"{number:04}" for number in range(1, len(revisions) + 1)], "they are compared as text"
    assert [f"{int(number):04}" for number in EARLIER] == revisions[:-1]


def test_there_is_nothing_to_migrate(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="There is no billing database"):
        migrate(f"sqlite:///{tmp_path}/saldo.db")
    with transaction(create_engine(f"sqlite:///{tmp_path}/saldo.db", future=True)):
        pass
    with pytest.raises(DatabaseUnusable, match="has no billing tables"):
        migrate(f"sqlite:///{tmp_path}/saldo.db")
