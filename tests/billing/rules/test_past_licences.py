"""How many licences there were on a day that is past: from the dated changes, and no further back than they go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saldo.billing.explain import explain
from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Account, LicenceChange

ON = date(2026, 11, 22)


@pytest.fixture
def changed(account: Account) -> Account:
    """10 licences since 1 January 2026, 2 more since 16 March, 3 fewer since 1 July."""
    more = LicenceChange("S-1", date(2026, 3, 16), date(2026, 3, 16), 2)
    fewer = LicenceChange("S-1", date(2026, 5, 2), date(2026, 7, 1), -3)
    return replace(account, licence_changes=(*account.licence_changes, more, fewer))


def said(account: Account, asked: str) -> list[tuple[str, dict[str, object]]]:
    explanation = explain("seat_count", account, ON, InvoiceQuery(date=asked, point="past"))
    return [(one.name, dict(one.values)) for one in explanation.sentences] if explanation else []


@pytest.mark.parametrize(
    ("asked", "day", "licences"),
    [
        ("2026-03-01", date(2026, 3, 1), 10),
        ("--03-01", date(2026, 3, 1), 10),
        ("2026-03-16", date(2026, 3, 16), 12),
        ("2026-06-30", date(2026, 6, 30), 12),
        ("--07-01", date(2026, 7, 1), 9),
        ("--11-22", ON, 9),
        ("2026-10", date(2026, 10, 1), 9),
    ],
)
def test_the_licences_of_the_day_are_told(changed: Account, asked: str, day: date, licences: int) -> None:
    assert said(changed, asked) == [("licences_then", {"day": day, "licences": licences})]


def test_of_a_month_in_which_they_changed_both_ends_are_told(changed: Account) -> None:
    told = [values for _, values in said(changed, "--03")]
    assert told == [{"day": date(2026, 3, 1), "licences": 10}, {"day": date(2026, 3, 31), "licences": 12}]


def test_the_formula_is_what_came_and_went(changed: Account) -> None:
    explanation = explain("seat_count", changed, ON, InvoiceQuery(date="2026-08-01", point="past"))
    assert explanation is not None
    (fact,) = (one for one in explanation.facts if one.name == "licences_then")
    assert (fact.value, str(fact.formula)) == (9, "10 + 2 − 3")


@pytest.mark.parametrize("asked", ["2025-12-31", "2025-12", "--12-01"])
def test_before_the_first_licences_nothing_is_known(changed: Account, asked: str) -> None:
    """1 December without a year is that of the year before, for this year's is to come."""
    ((name, values),) = said(changed, asked)
    assert (name, values["began"]) == ("not_recorded", date(2026, 1, 1))


@pytest.mark.parametrize("asked", ["2027-03-01", "2026-11-23", "nonsense", "2026-02-30"])
def test_a_day_to_come_is_no_past(changed: Account, asked: str) -> None:
    assert said(changed, asked) == []


def test_after_the_end_there_was_no_subscription(changed: Account) -> None:
    ended = replace(changed, subscriptions=(replace(changed.subscriptions[0], cancelled_on=date(2026, 7, 1)),))
    assert [name for name, _ in said(ended, "2026-08-01")] == ["no_subscription_then"]
    assert said(ended, "2026-06-30") == [("licences_then", {"day": date(2026, 6, 30), "licences": 12})]
