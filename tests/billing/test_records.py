"""Records become flat columns and records again."""

from __future__ import annotations

from datetime import date

import pytest

from saldo.billing.model import Account, Customer, Invoice, Subscription
from saldo.billing.store.records import Column, assemble, columns, flatten


def test_a_period_becomes_two_columns() -> None:
    names = [column.name for column in columns(Subscription)]
    assert names[:6] == ["id", "customer", "package", "months", "period_start", "period_end"]


def test_columns_know_what_may_be_empty_and_what_is_allowed() -> None:
    assert columns(Subscription)[-1] == Column("next_package", str, optional=True)
    assert Column("country", str, allowed=("NL", "FI")) in columns(Customer)


def test_lists_are_left_out() -> None:
    assert "lines" not in [column.name for column in columns(Invoice)]


def test_flattened_and_assembled_it_is_the_same(account: Account) -> None:
    (subscription,), (invoice,) = account.subscriptions, account.invoices
    assert assemble(Subscription, flatten(subscription)) == subscription
    assert assemble(Invoice, flatten(invoice), lines=invoice.lines) == invoice


def test_an_empty_period_is_refused(account: Account) -> None:
    values = {**flatten(account.subscriptions[0]), "period_end": date(2026, 7, 1)}
    with pytest.raises(ValueError, match="has no days"):
        assemble(Subscription, values)
