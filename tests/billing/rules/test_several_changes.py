"""Several changes in one question: each on its day, with the licences after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saldo.billing.explain import explain
from saldo.billing.explanation import Explanation, InvoiceQuery, NamedChange
from saldo.billing.model import Account, LicenceChange, User

ON = date(2026, 10, 1)
NEXT = date(2027, 1, 1)
LAST = date(2026, 12, 31)


def told(account: Account, *changes: NamedChange) -> Explanation:
    explanation = explain("licence_change", account, ON, InvoiceQuery(changes=changes))
    assert explanation is not None
    return explanation


def said(explanation: Explanation) -> list[tuple[str, dict[str, object]]]:
    return [(one.name, dict(one.values)) for one in explanation.sentences]


def formulas(explanation: Explanation) -> list[tuple[object, str]]:
    return [(fact.value, str(fact.formula)) for fact in explanation.facts if fact.name.startswith("licences_after")]


def test_more_come_at_once_and_fewer_from_the_next_period(account: Account) -> None:
    explanation = told(account, NamedChange("remove", 2), NamedChange("add", 3))
    assert said(explanation) == [
        ("step_added", {"added": 3, "since": ON, "until": LAST, "licences": 13}),
        ("step_removed", {"removed": 2, "last_day": LAST, "from_date": NEXT, "licences": 11}),
    ]
    assert formulas(explanation) == [(13, "10 + 3"), (11, "10 + 3 − 2")]


def test_each_counts_from_its_own_day(account: Account) -> None:
    explanation = told(account, NamedChange("add", 3, "--03-15"), NamedChange("remove", 2, "--01-01"))
    assert said(explanation) == [
        ("step_removed", {"removed": 2, "last_day": LAST, "from_date": NEXT, "licences": 8}),
        ("step_added", {"added": 3, "since": date(2027, 3, 15), "until": date(2027, 6, 30), "licences": 11}),
    ]


def test_what_is_recorded_for_between_is_reckoned_in(account: Account) -> None:
    pending = LicenceChange("S-1", date(2026, 9, 10), NEXT, -2)
    explanation = told(
        replace(account, licence_changes=(*account.licence_changes, pending)),
        NamedChange("add", 3),
        NamedChange("add", 1, "--02"),
    )
    assert formulas(explanation) == [(13, "10 + 3"), (12, "10 − 2 + 3 + 1")]


def test_more_than_there_are_is_refused_and_the_rest_told(account: Account) -> None:
    explanation = told(account, NamedChange("remove", 11), NamedChange("add", 1, "--02-01"))
    (first, values), (second, after) = said(explanation)
    assert (first, values) == ("not_that_many", {"licences": 10, "from_date": NEXT})
    assert (second, after["licences"]) == ("step_added", 11)


def test_below_the_active_users_is_told(account: Account) -> None:
    names = [one for one, _ in said(told(account, NamedChange("remove", 4), NamedChange("add", 1)))]
    assert names == ["step_added", "step_removed", "below_active"]
    fewer = replace(account, users=(User("NL-1", "Anna", True),))
    assert "below_active" not in dict(said(told(fewer, NamedChange("remove", 4), NamedChange("add", 1))))


def test_after_the_subscriptions_end_nothing_is_promised(account: Account) -> None:
    ending = replace(account, subscriptions=(replace(account.subscriptions[0], cancelled_on=NEXT),))
    explanation = told(ending, NamedChange("remove", 2), NamedChange("add", 3))
    assert [one for one, _ in said(explanation)] == ["step_added", "cancelled"]
