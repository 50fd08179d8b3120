"""Each table keeps when it was imported and from where, on either database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from saldo.billing.explain import explain
from saldo.billing.intake.csv_format import write_folder
from saldo.billing.intake.csv_source import CsvSource
from saldo.billing.intake.mapping import OWN_FILES
from saldo.billing.intake.run import run_import
from saldo.billing.model import Account, TableImport
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.store.database import create_database
from saldo.billing.store.repository import Repository

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_database(database_url)
    yield engine
    engine.dispose()


def bring(
    engine: Engine, folder: Path, account: Account, on: date, without: Sequence[str] = (), write: bool = True
) -> Account:
    """Imports the account by a mapping that leaves these tables out; as it stands in the database after it."""
    write_folder([account], folder)
    tables = {name: table for name, table in OWN_FILES.tables.items() if name not in without}
    run_import(engine, CsvSource(folder, replace(OWN_FILES, tables=tables)), write, on=on)
    return Repository(engine).account(account.customer.id)


def days(account: Account) -> dict[str, date | None]:
    return {one.table: one.imported_on for one in account.imports or ()}


def test_a_table_left_out_of_the_mapping_is_not_known(engine: Engine, tmp_path: Path, account: Account) -> None:
    stored = bring(engine, tmp_path, account, MONDAY, without=("users",))
    assert stored.users == () and not stored.knows("users")
    assert stored.knows("reminders")  # its file is there, and holds none
    assert TableImport("payments", MONDAY, str(tmp_path)) in (stored.imports or ())
    explanation = explain("seat_count", stored, TUESDAY)
    assert explanation is not None
    names = [sentence.name for sentence in explanation.sentences]
    assert names == ["licences_only", "since", "invoice", "unknown_users", "ask_people"]


def test_a_later_import_counts_even_if_nothing_has_changed(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account, MONDAY)
    stored = bring(engine, tmp_path, account, TUESDAY, without=("users",))
    assert stored.users == account.users  # what a mapping leaves out stays as it was, of its own day
    assert days(stored) == {**dict.fromkeys(OWN_FILES.tables, TUESDAY), "users": MONDAY}


def test_a_dry_run_is_no_import(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account, MONDAY)
    assert set(days(bring(engine, tmp_path, account, TUESDAY, write=False)).values()) == {MONDAY}


OTHER = sample_accounts(date(2026, 11, 16))[4]


def bring_both(
    engine: Engine, folder: Path, account: Account, on: date, fault: bool, without: Sequence[str] = ()
) -> None:
    """Imports two customers, the first of which has a mistake in a row of a user if `fault`, and is set aside then."""
    write_folder([account, OTHER], folder)
    users = folder / "users.csv"
    if fault:
        users.write_text(users.read_text(encoding="utf-8").replace("Anna,yes", "Anna,maybe"), encoding="utf-8")
    tables = {name: table for name, table in OWN_FILES.tables.items() if name not in without}
    run_import(engine, CsvSource(folder, replace(OWN_FILES, tables=tables)), on=on, aside=True)


def test_who_is_set_aside_keeps_the_older_day(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring_both(engine, tmp_path, account, MONDAY, fault=False)
    bring_both(engine, tmp_path, account, TUESDAY, fault=True)
    stored, other = (Repository(engine).account(one.customer.id) for one in (account, OTHER))
    assert days(stored) == dict.fromkeys(OWN_FILES.tables, MONDAY)
    assert days(other) == dict.fromkeys(OWN_FILES.tables, TUESDAY)
    names = [
        [sentence.name for sentence in explanation.sentences]
        for one in (stored, other)
        if (explanation := explain("seat_count", one, TUESDAY, old_after_days=7))
    ]
    assert [each[0] for each in names] == ["as_of", "seats"], "of the day before, however short that is ago"
    bring_both(engine, tmp_path, account, date(2026, 11, 18), fault=True)
    assert set(days(Repository(engine).account(account.customer.id)).values()) == {MONDAY}


def test_brought_again_the_records_are_of_that_day(engine: Engine, tmp_path: Path, account: Account) -> None:
    wednesday = date(2026, 11, 18)
    bring_both(engine, tmp_path, account, MONDAY, fault=False)
    bring_both(engine, tmp_path, account, TUESDAY, fault=True)
    bring_both(engine, tmp_path, account, wednesday, fault=False, without=("payments",))
    stored = Repository(engine).account(account.customer.id)
    assert days(stored) == {**dict.fromkeys(OWN_FILES.tables, wednesday), "payments": MONDAY}
    assert [one.table for one in stored.imports or () if one.behind] == ["payments"]


def test_a_table_that_only_the_others_got_is_not_known(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring_both(engine, tmp_path, account, MONDAY, fault=False, without=("users", "reminders"))
    bring_both(engine, tmp_path, account, TUESDAY, fault=True, without=("reminders",))
    stored, other = (Repository(engine).account(one.customer.id) for one in (account, OTHER))
    assert not stored.knows("users") and other.knows("users")
    assert not other.knows("reminders")


def test_whom_the_source_no_longer_has_keeps_the_older_day(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring_both(engine, tmp_path, account, MONDAY, fault=False)
    bring(engine, tmp_path, OTHER, TUESDAY)
    assert set(days(Repository(engine).account(account.customer.id)).values()) == {MONDAY}


def test_the_sample_comes_from_no_import_and_never_grows_old(engine: Engine) -> None:
    sample = sample_accounts(date(2025, 1, 1))
    Repository(engine).add(sample)
    for account in sample:
        stored = Repository(engine).account(account.customer.id)
        assert stored.imports is None
        explanation = explain("invoice_status", stored, TUESDAY, old_after_days=7)
        assert explanation is None or "as_of" not in {one.name for one in explanation.sentences}
