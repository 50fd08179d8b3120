"""A day that no record holds is told as reckoned, with its formula."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saldo.billing.explain import explain
from saldo.billing.explanation import Fact, InvoiceQuery
from saldo.billing.model import Account
from saldo.billing.period import BillingPeriod

LATER = date(2028, 2, 1)
"""The recorded period is the second half of 2026: three periods before this day's."""


def facts(topic: str, account: Account, on: date, query: InvoiceQuery | None = None) -> dict[str, Fact]:
    explanation = explain(topic, account, on, query or InvoiceQuery())
    assert explanation is not None
    return {fact.name: fact for fact in explanation.facts}


@pytest.mark.parametrize(("topic", "name"), [("cancel_service", "period"), ("licence_change", "period")])
def test_the_recorded_period_is_recorded_and_a_later_one_reckoned(account: Account, topic: str, name: str) -> None:
    recorded = facts(topic, account, date(2026, 10, 1))[name]
    assert (recorded.source.name, recorded.formula) == ("subscription", None)
    later = facts(topic, account, LATER)[name]
    assert str(later.value) == "2028-01-01/2028-07-01"
    assert str(later.source) == "rolled_forward, months 6"
    assert str(later.formula) == "2026-07-01/2027-01-01 + 3 × 6"


@pytest.mark.parametrize(
    ("topic", "name", "value"),
    [
        ("licence_change", "from_date", date(2028, 7, 1)),
        ("licence_change", "last_day", date(2028, 6, 30)),
        ("manage_licences", "from_date", date(2028, 7, 1)),
        ("change_package", "from_date", date(2028, 7, 1)),
        ("paid_twice", "from_date", date(2028, 7, 1)),
    ],
)
def test_so_are_its_days(account: Account, topic: str, name: str, value: date) -> None:
    twice = replace(account, payments=(*account.payments, replace(account.payments[0], id="P-2")))
    later = facts(topic, twice, LATER)[name]
    assert (later.value, later.source.name) == (value, "rolled_forward")
    now = facts(topic, twice, date(2026, 10, 1))[name]
    assert (now.source.name, now.formula) == ("subscription", None)


def test_the_next_period_is_always_reckoned(account: Account) -> None:
    fact = facts("invoice_status", account, date(2026, 10, 1), InvoiceQuery(point="next"))["next_period"]
    assert (str(fact.value), str(fact.formula)) == ("2027-01-01/2027-07-01", "2026-07-01/2027-01-01 + 1 × 6")


def test_a_period_before_the_recorded_one_is_reckoned_back(account: Account) -> None:
    fact = facts("cancel_service", account, date(2026, 3, 1))["period"]
    assert (str(fact.value), str(fact.formula)) == ("2026-01-01/2026-07-01", "2026-07-01/2027-01-01 − 1 × 6")


def test_the_31st_is_found_again(account: Account) -> None:
    period = BillingPeriod(date(2026, 3, 31), date(2026, 6, 30))
    quarterly = replace(account, subscriptions=(replace(account.subscriptions[0], months=3, period=period),))
    fact = facts("cancel_service", quarterly, date(2026, 12, 1))["period"]
    assert (str(fact.value), fact.source.name) == ("2026-09-30/2026-12-31", "rolled_forward")
