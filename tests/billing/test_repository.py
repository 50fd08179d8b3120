"""Accounts come back as they went in, one customer's and nobody else's, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from saldo.billing.model import Account, Contact
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.store.database import create_database
from saldo.billing.store.repository import Repository
from saldo.errors import DatabaseUnusable, SaldoError, UnknownCustomer

SAMPLE = sample_accounts(date(2026, 11, 22))


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def repository(engine: Engine) -> Repository:
    return Repository(engine)


def test_accounts_come_back_as_they_went_in(repository: Repository) -> None:
    assert repository.is_empty()
    repository.add(SAMPLE)
    assert not repository.is_empty()
    for account in SAMPLE:
        assert repository.account(account.customer.id) == account


def test_an_account_holds_one_customer_only(repository: Repository) -> None:
    repository.add(SAMPLE)
    account = repository.account("NL-1006")
    numbers = {invoice.number for invoice in account.invoices}
    assert {payment.invoice for payment in account.payments} == numbers
    assert {contact.customer for contact in account.contacts} == {"NL-1006"}
    assert {user.customer for user in account.users} == {"NL-1006"}


def test_the_number_of_queries_does_not_grow(repository: Repository, engine: Engine) -> None:
    repository.add(SAMPLE)
    queries: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: queries.append(args[2]))
    repository.account("NL-1017")  # no invoice
    few = len(queries)
    repository.account("NL-1014")  # five
    assert len(queries) == 2 * few
    assert len([query for query in queries if query.startswith("SELECT")]) == 2 * 13


def test_lists_customers_by_id(repository: Repository) -> None:
    repository.add(reversed(SAMPLE))
    assert [one.id for one in repository.customers()] == sorted(one.customer.id for one in SAMPLE)
    assert repository.customer("FI-2001") in repository.customers()


def test_finds_the_customers_of_a_contact(repository: Repository) -> None:
    repository.add(SAMPLE)
    (contact,) = SAMPLE[0].contacts
    assert repository.customers_of_contact(contact.email) == ["NL-1001"]
    assert repository.customers_of_contact(f" {contact.email.upper()} ") == ["NL-1001"]
    shared = repository.customers_of_contact("robin@kasboek-administratie.example")
    assert shared == ["FI-2016", "FI-2017", "NL-1016", "NL-1017"]
    assert repository.customers_of_contact("nobody@voorbeeld.example") == []
    assert repository.customers_of_contact("%") == []


@pytest.mark.parametrize("customer", ["NL-9999", "", "' OR 1=1 --", "nl-1001"])
def test_an_unknown_customer_is_said_to_be_unknown(repository: Repository, customer: str) -> None:
    repository.add(SAMPLE)
    with pytest.raises(UnknownCustomer):
        repository.account(customer)
    with pytest.raises(UnknownCustomer):
        repository.customer(customer)


def test_a_newer_import_replaces_the_customer(repository: Repository, account: Account) -> None:
    repository.add([SAMPLE[1], account])
    newer = replace(account, users=account.users[:3], contacts=(Contact("NL-1", "Bea", "bea@voorbeeld.example"),))
    repository.add([newer])
    assert repository.account("NL-1") == newer
    assert repository.customers_of_contact("anna@voorbeeld.example") == []
    assert repository.account("NL-1002") == SAMPLE[1]


def test_all_or_nothing(repository: Repository, account: Account) -> None:
    """The second account takes an invoice number of the first: neither is written."""
    thief = replace(
        account,
        customer=replace(account.customer, id="NL-2"),
        contacts=(),
        users=(),
        subscriptions=(replace(account.subscriptions[0], id="S-2", customer="NL-2"),),
        licence_changes=(),
        invoices=(replace(account.invoices[0], subscription="S-2"),),
        payments=(),
    )
    with pytest.raises(SaldoError, match="Nothing was written"):
        repository.add([account, thief])
    assert repository.is_empty()


def test_forgets_a_customer_and_nobody_else(repository: Repository, engine: Engine) -> None:
    repository.add(SAMPLE[:2])
    repository.remove("NL-1001")
    with pytest.raises(UnknownCustomer):
        repository.account("NL-1001")
    assert repository.account("NL-1002") == SAMPLE[1]
    with engine.connect() as connection:
        lines = connection.exec_driver_sql("SELECT count(*) FROM invoice_lines").scalar()
    assert lines == sum(len(invoice.lines) for invoice in SAMPLE[1].invoices)
    with pytest.raises(UnknownCustomer):
        repository.remove("NL-1001")


def test_adding_nobody_is_no_mistake(repository: Repository) -> None:
    repository.add([])
    assert repository.is_empty()


def test_a_database_that_fails_meanwhile_is_told(tmp_path: Path) -> None:
    path = tmp_path / "saldo.db"
    repository = Repository(create_database(f"sqlite:///{path}"))
    path.write_bytes(b"overwritten" * 1000)
    with pytest.raises(DatabaseUnusable, match=r"saldo\.db is not a billing database"):
        repository.account("NL-1001")


def test_tables_that_went_missing_are_told(repository: Repository, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE users")
    with pytest.raises(DatabaseUnusable, match="lacks billing tables"):
        repository.add(SAMPLE)
