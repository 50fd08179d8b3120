"""An import brings the records up to the source: again and again, all of it or nothing, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Engine

from saldo.billing.intake.csv_format import write_folder
from saldo.billing.intake.csv_source import CsvSource
from saldo.billing.intake.report import Report
from saldo.billing.intake.run import run_import
from saldo.billing.model import Account, Contact, LicenceChange, User
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.samples.histories import history
from saldo.billing.store.database import create_database
from saldo.billing.store.repository import Repository
from saldo.errors import FaultyFiles, SaldoError, UnknownCustomer

ON = date(2026, 11, 22)
SAMPLE = sample_accounts(ON)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_database(database_url)
    yield engine
    engine.dispose()


def bring(engine: Engine, folder: Path, *accounts: Account, write: bool = True, remove: bool = False) -> Report:
    """Imports these accounts, as files."""
    write_folder(list(accounts), folder)
    return run_import(engine, CsvSource(folder), write, remove)


def counts(report: Report) -> dict[str, tuple[int, int, int]]:
    """Added, changed and missing, where there is any."""
    found = {name: (one.added, one.changed, one.missing) for name, one in report.tables.items()}
    return {name: three for name, three in found.items() if any(three)}


def test_accounts_come_in_as_they_are(engine: Engine, tmp_path: Path) -> None:
    report = bring(engine, tmp_path, *SAMPLE)
    assert report.is_first and report.customers == len(SAMPLE)
    for account in SAMPLE:
        assert Repository(engine).account(account.customer.id) == account


def test_a_second_time_nothing_is_written(engine: Engine, tmp_path: Path) -> None:
    bring(engine, tmp_path, *SAMPLE)
    writes: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: writes.append(args[2]))
    report = bring(engine, tmp_path, *SAMPLE)
    assert counts(report) == {} and not report.is_first
    ours = [one for one in writes if one.startswith(("INSERT", "UPDATE", "DELETE")) and "incoming_" not in one]
    lock, *noted = ours
    assert lock == "UPDATE billing_migration SET version_num=billing_migration.version_num"
    assert [one.split()[2] for one in noted] == ["imports", "imports"]  # when it was: it has been looked at again


def test_what_changed_is_updated_and_told(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account)
    newer = replace(
        account,
        customer=replace(account.customer, name="Nieuwe Naam B.V."),
        users=(replace(account.users[0], active=False), *account.users[1:], User("NL-1", "Nieuw", True)),
        licence_changes=(*account.licence_changes, LicenceChange("S-1", ON, date(2027, 1, 1), -2)),
        invoices=(replace(account.invoices[0], due_date=date(2026, 7, 20)),),
    )
    report = bring(engine, tmp_path, newer)
    assert Repository(engine).account("NL-1") == newer
    assert counts(report) == {
        "customers": (0, 1, 0),
        "licence_changes": (1, 0, 0),
        "users": (1, 1, 0),
        "invoices": (0, 1, 0),
    }
    assert report.tables["invoices"].examples["changed"] == [
        {"record": "2026-0142", "from": {"due_date": "2026-07-15"}, "to": {"due_date": "2026-07-20"}}
    ]


def test_a_corrected_licence_change_is_not_billed_twice(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account)
    earlier = replace(account, licence_changes=(LicenceChange("S-1", date(2025, 7, 1), date(2025, 7, 1), 10),))
    assert counts(bring(engine, tmp_path, earlier)) == {"licence_changes": (0, 1, 0)}
    assert Repository(engine).account("NL-1") == earlier


def test_what_is_gone_is_told_and_kept(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account, SAMPLE[1])
    report = bring(engine, tmp_path, replace(account, users=account.users[1:], payments=()))
    assert report.tables["customers"].missing == 1
    assert report.tables["customers"].examples["missing"] == [{"record": "NL-1002"}]
    assert report.tables["users"].examples["missing"][0] == {"record": "NL-1 Anna True"}
    assert Repository(engine).account("NL-1") == account
    assert Repository(engine).account("NL-1002") == SAMPLE[1]


def test_what_is_gone_is_removed_when_told(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account, SAMPLE[1])
    left = replace(account, users=account.users[1:], payments=())
    report = bring(engine, tmp_path, left, remove=True)
    assert report.removed and report.missing > len(SAMPLE[1].users)
    assert Repository(engine).account("NL-1") == left
    with pytest.raises(UnknownCustomer):
        Repository(engine).account("NL-1002")
    assert bring(engine, tmp_path, left, remove=True).missing == 0


def test_a_contact_who_was_replaced_can_ask_no_more(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account)
    bring(engine, tmp_path, replace(account, contacts=(Contact("NL-1", "Bea", "bea@voorbeeld.example"),)))
    assert Repository(engine).customers_of_contact("anna@voorbeeld.example") == []
    assert Repository(engine).customers_of_contact("bea@voorbeeld.example") == ["NL-1"]


def test_a_dry_run_tells_the_same_and_writes_nothing(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account)
    newer = replace(account, customer=replace(account.customer, name="Nieuwe Naam B.V."), payments=())
    dry = bring(engine, tmp_path, newer, SAMPLE[1], write=False, remove=True)
    assert not dry.written and not dry.removed
    assert Repository(engine).account("NL-1") == account
    with pytest.raises(UnknownCustomer):
        Repository(engine).customer("NL-1002")
    assert bring(engine, tmp_path, newer, SAMPLE[1]).tables == dry.tables


def test_a_mistake_anywhere_keeps_everything_as_it_was(engine: Engine, tmp_path: Path, account: Account) -> None:
    bring(engine, tmp_path, account)
    write_folder([replace(account, customer=replace(account.customer, name="Nieuw B.V.")), SAMPLE[1]], tmp_path)
    (tmp_path / "refunds.csv").write_text("invoice,paid_on,amount\n2026-0142,2026-09-01,-1.00\n", encoding="utf-8")
    with pytest.raises(FaultyFiles, match=r"refunds\.csv:2, amount: is not more than 0\.00"):
        run_import(engine, CsvSource(tmp_path))
    assert [one.id for one in Repository(engine).customers()] == ["NL-1"]
    assert Repository(engine).account("NL-1") == account
    assert counts(bring(engine, tmp_path, account)) == {}


def test_an_id_of_another_customers_record_is_told(engine: Engine, tmp_path: Path, account: Account) -> None:
    """A whole page of other owners lies between the two, so that they are not compared with each other."""
    bring(engine, tmp_path, account)
    between = [replace(SAMPLE[1].customer, id=f"NL-1-{number:03}") for number in range(600)]
    theirs = replace(account.subscriptions[0], id="S-9", customer="NL-9")
    taken = Account(
        replace(account.customer, id="NL-9"),
        subscriptions=(theirs,),
        licence_changes=(LicenceChange("S-9", ON, ON, 1),),
        payments=account.payments,
        invoices=(replace(account.invoices[0], subscription="S-9"),),
    )
    fillers = [
        Account(
            customer,
            subscriptions=(replace(theirs, id=f"S-1-{customer.id}", customer=customer.id),),
            licence_changes=(LicenceChange(f"S-1-{customer.id}", ON, ON, 1),),
            invoices=(replace(account.invoices[0], number=f"I-{customer.id}", subscription=f"S-1-{customer.id}"),),
        )
        for customer in between
    ]
    with pytest.raises(SaldoError, match="is that of another customer's record"):
        bring(engine, tmp_path, *fillers, taken)
    assert [one.id for one in Repository(engine).customers()] == ["NL-1"]


def test_nothing_temporary_is_left_behind(engine: Engine, tmp_path: Path, account: Account) -> None:
    for _ in range(2):
        bring(engine, tmp_path, account)
    names = "pg_tables" if engine.dialect.name == "postgresql" else "sqlite_temp_master"
    column = "tablename" if engine.dialect.name == "postgresql" else "name"
    with engine.connect() as connection:
        left = connection.exec_driver_sql(f"SELECT count(*) FROM {names} WHERE {column} LIKE 'incoming%%'").scalar()
    assert left == 0


def test_so_many_mistakes_are_counted(engine: Engine, tmp_path: Path, account: Account) -> None:
    write_folder([account], tmp_path)
    rows = "".join(f"NL-1,User {number},perhaps\n" for number in range(1500))
    (tmp_path / "users.csv").write_text(f"customer,name,active\n{rows}", encoding="utf-8")
    with pytest.raises(FaultyFiles, match="1500 mistakes") as caught:
        run_import(engine, CsvSource(tmp_path))
    assert len(caught.value.faults) == 1000
    assert str(caught.value).endswith("… and 500 more")


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 40), max_size=4, unique=True), st.lists(st.integers(0, 40), max_size=4, unique=True))
def test_whatever_came_before_the_source_is_what_remains(tmp_path: Path, before: list[int], after: list[int]) -> None:
    """The same customers a year on, others new, others gone: after a removing import the records are the source's."""
    engine = _memory()
    bring(engine, tmp_path, *(history(number, date(2025, 11, 22)) for number in before))
    now = [history(number, ON) for number in after]
    bring(engine, tmp_path, *now, remove=True)
    records = Repository(engine)
    assert {one.id for one in records.customers()} == {account.customer.id for account in now}
    for account in now:
        assert in_any_order(records.account(account.customer.id)) == in_any_order(account)


@cache
def _memory() -> Engine:
    return create_database("sqlite://")


def in_any_order(account: Account) -> dict[str, object]:
    lists = {name: value for name, value in vars(account).items() if isinstance(value, tuple) and name != "imports"}
    return {"customer": account.customer, **{name: sorted(value, key=str) for name, value in lists.items()}}
