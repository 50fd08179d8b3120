"""Whether a change told as made stands in the records: yes or no first, then what it comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saldo.billing.explain import explain
from saldo.billing.explanation import Direction, Explanation, InvoiceQuery, NamedChange
from saldo.billing.model import Account, LicenceChange, Subscription, TableImport
from saldo.billing.period import BillingPeriod

ON = date(2026, 10, 1)
REMOVED = LicenceChange("S-1", date(2026, 9, 10), date(2027, 1, 1), -2)
ADDED = LicenceChange("S-1", date(2026, 9, 16), date(2026, 9, 16), 3)


def told(
    account: Account, way: Direction | None, licences: int | None = None, named: str | None = None, on: date = ON
) -> Explanation:
    query = InvoiceQuery(change=way, licences=licences, date=named, made=True, recorded=True)
    explanation = explain("licence_change", account, on, query, old_after_days=7)
    assert explanation is not None
    return explanation


def said(explanation: Explanation) -> list[tuple[str, dict[str, object]]]:
    return [(one.name, dict(one.values)) for one in explanation.sentences]


def with_changes(account: Account, *changes: LicenceChange) -> Account:
    return replace(account, licence_changes=(*account.licence_changes, *changes))


@pytest.mark.parametrize("licences", [2, None])
@pytest.mark.parametrize("named", [None, "2026-09-10", "--09", "--01-01"])
def test_a_removal_of_the_records_counts_from_its_day(
    account: Account, licences: int | None, named: str | None
) -> None:
    explanation = told(with_changes(account, REMOVED), "remove", licences, named)
    then = {"removed": 2, "ordered_on": date(2026, 9, 10), "effective_on": date(2027, 1, 1), "licences": 8}
    assert said(explanation) == [("removed_to_come", then)]
    (after,) = (fact for fact in explanation.facts if fact.formula)
    assert (after.name, after.value, str(after.formula)) == ("licences_after_removing", 8, "10 − 2")


def test_an_addition_of_the_records_counts_already(account: Account) -> None:
    added = {"added": 3, "effective_on": date(2026, 9, 16), "licences": 13}
    assert said(told(with_changes(account, ADDED), "add", 3)) == [("added_counts", added)]


def test_what_is_not_there_is_denied_with_the_day_looked_from(account: Account) -> None:
    since = date(2026, 1, 1)
    assert said(told(account, "remove", 2)) == [("no_removal_of", {"asked": 2, "since": since})]
    assert said(told(account, "add", 1)) == [("no_addition_of", {"asked": 1, "since": since})]
    assert said(told(account, "remove")) == [("no_removal", {"since": since})]
    assert said(told(account, "add")) == [("no_addition", {"since": since})]
    assert said(told(account, None)) == [("no_change", {"since": since})]


def test_in_the_place_of_another_number_or_day_what_there_is(account: Account) -> None:
    both = with_changes(account, REMOVED, ADDED)
    there = ("instead_removed", {"removed": 2, "ordered_on": date(2026, 9, 10), "effective_on": date(2027, 1, 1)})
    assert said(told(both, "remove", 5)) == [("no_removal_of", {"asked": 5, "since": date(2026, 1, 1)}), there]
    assert said(told(both, "remove", 2, "--05")) == [("not_then", {}), there]


def test_a_removal_of_long_ago_is_not_the_one_asked_about(account: Account) -> None:
    long_ago = LicenceChange("S-1", date(2026, 3, 1), date(2026, 7, 1), -2)
    explanation = told(with_changes(account, long_ago), "remove", 2, on=date(2028, 3, 1))
    assert said(explanation)[0] == ("no_removal_of", {"asked": 2, "since": date(2027, 7, 1)})


def test_two_removals_of_one_day_are_asked_about_together(account: Account) -> None:
    twice = with_changes(account, *[replace(REMOVED, licences=-1)] * 2)
    assert said(told(twice, "remove", 2))[0][1]["removed"] == 2
    assert said(told(twice, "remove", 1))[0][1]["removed"] == 1


def test_each_of_several_is_answered(account: Account) -> None:
    changes = (NamedChange("remove", 2), NamedChange("add", 4))
    query = InvoiceQuery(changes=changes, made=True, recorded=True)
    explanation = explain("licence_change", with_changes(account, REMOVED), ON, query)
    assert explanation and [one.name for one in explanation.sentences] == ["removed_to_come", "no_addition_of"]


def test_of_several_subscriptions_it_names_the_one(account: Account) -> None:
    other = Subscription("S-2", "NL-1", "Pro", 6, BillingPeriod(date(2026, 7, 1), date(2027, 1, 1)))
    begun = LicenceChange("S-2", date(2026, 1, 1), date(2026, 1, 1), 20)
    both = replace(with_changes(account, begun, REMOVED), subscriptions=(*account.subscriptions, other))
    (first, values), (second, _) = said(told(both, "remove", 2))
    assert (first, values["subscription"], second) == ("of_subscription", "S-1", "removed_to_come")


@pytest.mark.parametrize("topic", ["seat_count", "manage_licences"])
def test_asked_under_a_neighbouring_topic_it_is_answered_as_well(account: Account, topic: str) -> None:
    query = InvoiceQuery(change="remove", licences=2, made=True, recorded=True)
    explanation = explain(topic, with_changes(account, REMOVED), ON, query)
    assert explanation and [one.name for one in explanation.sentences] == ["removed_to_come"]


def test_the_day_of_the_records_follows_whatever_their_age(account: Account) -> None:
    imports = tuple(TableImport(table, date(2026, 9, 30), "x") for table in ("subscriptions", "licence_changes"))
    names = [one for one, _ in said(told(replace(account, imports=imports), "remove", 2))]
    assert names == ["no_removal_of", "as_of"]


def test_where_no_import_brought_the_changes_nothing_is_denied(account: Account) -> None:
    imports = (TableImport("subscriptions", date(2026, 9, 30), "x"),)
    names = [one for one, _ in said(told(replace(account, imports=imports, licence_changes=()), "remove", 2))]
    assert names == ["unknown_licences", "ask_people"]


def test_what_was_done_is_never_supposed(account: Account) -> None:
    both = with_changes(account, REMOVED, ADDED)
    query = InvoiceQuery(change="remove", licences=2, made=True)
    explanation = explain("licence_change", both, ON, query)
    assert explanation and said(explanation) == [("removed", {"removed": 2, "effective_on": date(2027, 1, 1)})]
    assert explain("licence_change", both, ON, replace(query, licences=6)) is None, "of six the records say nothing"
