"""Licences and package change with the period; cancelling ends the subscription with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saldo.billing.explain import explain
from saldo.billing.explanation import NOTHING_NAMED, InvoiceQuery
from saldo.billing.model import Account, LicenceChange

ON = date(2026, 10, 1)
NEXT = date(2027, 1, 1)
LAST_DAY = date(2026, 12, 31)


def said(
    topic: str, account: Account, on: date = ON, query: InvoiceQuery = NOTHING_NAMED
) -> list[tuple[str, dict[str, object]]]:
    explanation = explain(topic, account, on, query)
    return [(one.name, dict(one.values)) for one in explanation.sentences] if explanation else []


def ending(account: Account) -> Account:
    return replace(account, subscriptions=(replace(account.subscriptions[0], cancelled_on=NEXT),))


def test_a_removal_would_count_from_the_next_period(account: Account) -> None:
    assert said("licence_change", account)[1:] == [("next_period", {"last_day": LAST_DAY, "from_date": NEXT})]


def test_an_addition_today_would_be_billed_to_the_periods_end(account: Account) -> None:
    assert said("licence_change", account)[0] == ("add_today", {"today": ON, "until": LAST_DAY})


def test_the_licences_a_subscription_began_with_are_no_change(account: Account) -> None:
    assert "added" not in dict(said("licence_change", account))


def test_the_last_addition_and_the_last_removal_are_told(account: Account) -> None:
    changes = (
        LicenceChange("S-1", date(2026, 8, 1), date(2026, 8, 1), 4),
        LicenceChange("S-1", date(2026, 9, 16), date(2026, 9, 16), 1),
        LicenceChange("S-1", date(2026, 9, 16), date(2026, 9, 16), 2),
        LicenceChange("S-1", date(2026, 9, 20), NEXT, -2),
    )
    changed = replace(account, licence_changes=(*account.licence_changes, *changes))
    assert said("licence_change", changed)[2:] == [
        ("added", {"added": 3, "effective_on": date(2026, 9, 16)}),
        ("removed", {"removed": 2, "effective_on": NEXT}),
    ]


def test_what_was_removed_and_is_not_in_the_records_is_told_so_with_the_day_from_which_it_would_count(
    account: Account,
) -> None:
    made = InvoiceQuery(change="remove", licences=1, made=True)
    since = account.licence_changes[0].effective_on
    assert said("licence_change", account, query=made) == [
        ("unrecorded_removal", {"since": since}),
        ("next_period", {"last_day": LAST_DAY, "from_date": NEXT}),
    ]
    removed = LicenceChange("S-1", date(2026, 9, 20), NEXT, -2)
    recorded = replace(account, licence_changes=(*account.licence_changes, removed))
    assert said("licence_change", recorded, query=made) == [], "two were removed, one was told of: neither is denied"
    assert said("licence_change", recorded, query=replace(made, licences=2)) == [
        ("removed", {"removed": 2, "effective_on": NEXT})
    ]


def test_before_the_end_there_is_no_next_period(account: Account) -> None:
    cancelled = ("cancelled", {"ends_on": LAST_DAY})
    assert said("licence_change", ending(account))[1:] == [cancelled]
    assert said("change_package", ending(account)) == [("current_package", {"package": "Team"}), cancelled]


def test_the_package_can_change_with_the_period(account: Account) -> None:
    assert said("change_package", account) == [("package", {"package": "Team", "from_date": NEXT})]


def test_a_package_change_is_under_way_until_its_day(account: Account) -> None:
    changing = replace(account, subscriptions=(replace(account.subscriptions[0], next_package="Pro"),))
    expected = {"package": "Team", "next_package": "Pro", "from_date": NEXT}
    assert said("change_package", changing) == [("package_change_under_way", expected)]
    assert said("change_package", changing, on=NEXT) == [("package", {"package": "Pro", "from_date": date(2027, 7, 1)})]


def test_the_current_period_runs_to_its_last_day(account: Account) -> None:
    assert said("cancel_service", account) == [("period_end", {"until": date(2026, 12, 31)})]


def test_a_cancelled_subscription_is_told_before_and_after_its_end(account: Account) -> None:
    expected = [("already_cancelled", {"ends_on": LAST_DAY})]
    assert said("cancel_service", ending(account)) == expected
    assert said("cancel_service", ending(account), on=date(2027, 3, 1)) == expected


def test_of_two_subscriptions_each_is_named_with_its_package_of_today(account: Account) -> None:
    """The first has changed from Team to Pro on 1 January."""
    first = replace(account.subscriptions[0], next_package="Pro")
    both = replace(account, subscriptions=(first, replace(first, id="S-2", package="Start", next_package=None)))
    assert said("change_package", both, on=NEXT) == [
        ("of_subscription", {"subscription": "S-1", "package": "Pro"}),
        ("package", {"package": "Pro", "from_date": date(2027, 7, 1)}),
        ("of_subscription", {"subscription": "S-2", "package": "Start"}),
        ("package", {"package": "Start", "from_date": date(2027, 7, 1)}),
    ]


def test_a_package_agreed_for_the_next_period_comes_then_though_that_is_invoiced(account: Account) -> None:
    line = account.invoices[0].lines[0]
    ahead = replace(account.invoices[0], number="2026-0150", lines=(replace(line, period=line.period.next(6)),))
    changing = replace(
        account,
        subscriptions=(replace(account.subscriptions[0], next_package="Pro"),),
        invoices=(*account.invoices, ahead),
    )
    assert said("change_package", changing)[0][1]["from_date"] == NEXT


def test_the_period_of_a_day_before_the_recorded_one(account: Account) -> None:
    assert said("cancel_service", account, on=date(2026, 3, 1)) == [("period_end", {"until": date(2026, 6, 30)})]
