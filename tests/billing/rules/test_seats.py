"""Billed are licences, not active users; a removed licence still counts until the period ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from saldo.billing.explain import NOTHING_NAMED, explain
from saldo.billing.explanation import Explanation, InvoiceQuery, Seats
from saldo.billing.model import Account, Invoice, InvoiceLine, LicenceChange, Money, User
from saldo.billing.period import BillingPeriod

ON = date(2026, 10, 1)


def seats_of(account: Account, on: date = ON, asked: InvoiceQuery = NOTHING_NAMED) -> Explanation:
    explanation = explain("seat_count", account, on, asked)
    assert explanation is not None
    return explanation


def said(explanation: Explanation | None) -> dict[str, dict[str, object]]:
    assert explanation is not None
    return {statement.name: dict(statement.values) for statement in explanation.sentences}


def with_users(account: Account, active: int) -> Account:
    return replace(account, users=tuple(User("NL-1", f"User {number}", True) for number in range(active)))


def with_changes(account: Account, *changes: LicenceChange) -> Account:
    return replace(account, licence_changes=(*account.licence_changes, *changes))


REMOVED = LicenceChange("S-1", date(2026, 9, 10), date(2027, 1, 1), -2)
ADDED = LicenceChange("S-1", date(2026, 9, 16), date(2026, 9, 16), 3)


def test_ten_licences_and_eight_active_users_leave_two_free(account: Account) -> None:
    explanation = seats_of(account)
    assert said(explanation)["seats"] == {"licences": 10, "active": 8, "free": 2}
    assert explanation.seats == Seats(10, 8)
    (free,) = (fact for fact in explanation.facts if fact.name == "free_licences")
    assert (free.value, str(free.formula), free.source.name) == (2, "10 − 8", "reckoned")


def test_no_licence_is_free(account: Account) -> None:
    explanation = seats_of(with_users(account, 10))
    assert said(explanation)["all_used"] == {"licences": 10, "active": 10}
    assert "seats" not in said(explanation)


def test_more_active_users_than_licences_free_none(account: Account) -> None:
    """Records that contradict each other are told as such: no negative number, and no picture."""
    explanation = seats_of(with_users(account, 12))
    assert said(explanation)["users_exceed"] == {"licences": 10, "active": 12}
    assert explanation.seats is None


def test_the_latest_invoice_has_the_licences_of_its_day(account: Account) -> None:
    explanation = seats_of(with_changes(account, ADDED))
    assert said(explanation)["seats"]["licences"] == 13
    assert said(explanation)["invoice"] == {
        "invoice": "2026-0142",
        "issued_on": date(2026, 7, 1),
        "licences": 10,
    }


def test_an_invoice_for_an_addition_does_not_tell_the_count(account: Account) -> None:
    """3 licences from 16 September: their invoice is the latest, but says nothing of the 10."""
    rest = BillingPeriod(date(2026, 9, 16), date(2027, 1, 1))
    line = InvoiceLine(1, 3, Decimal("3.5"), Decimal("10.5"), Money(3450), rest)
    addition = Invoice("2026-0150", "S-1", rest.start, date(2026, 9, 30), Money(36225), (line,))
    added = replace(with_changes(account, ADDED), invoices=(*account.invoices, addition))
    assert said(seats_of(added))["invoice"]["invoice"] == "2026-0142"
    assert said(seats_of(added, asked=InvoiceQuery(invoice="2026-0150")))["added_invoice"]["licences"] == 3


def test_removed_licences_wait_for_the_next_period(account: Account) -> None:
    removed = with_changes(account, REMOVED)
    assert said(seats_of(removed))["pending_removal"] == {"removed": 2, "from_date": date(2027, 1, 1)}
    assert said(seats_of(removed))["seats"]["licences"] == 10
    assert "pending_removal" not in said(seats_of(removed, on=date(2027, 1, 1)))
    assert said(seats_of(removed, on=date(2027, 1, 1)))["all_used"]["licences"] == 8


def test_an_ended_subscription_has_no_seats(account: Account) -> None:
    ended = replace(account, subscriptions=(replace(account.subscriptions[0], cancelled_on=date(2027, 1, 1)),))
    assert said(seats_of(ended, on=date(2027, 1, 1))) == {"no_subscription": {}}


def test_free_licences_can_be_removed(account: Account) -> None:
    assert said(explain("manage_licences", account, ON)) == {
        "removable": {"free": 2},
        "counts_from": {"from_date": date(2027, 1, 1)},
    }


def test_what_is_removed_already_cannot_be_removed_again(account: Account) -> None:
    assert said(explain("manage_licences", with_changes(account, REMOVED), ON))["none_removable"] == {}
    one_left = with_users(with_changes(account, REMOVED), 7)
    explanation = explain("manage_licences", one_left, ON)
    assert said(explanation)["removable"] == {"free": 1}
    assert explanation is not None
    assert [str(fact.formula) for fact in explanation.facts if fact.formula] == ["10 − 2 − 7"]


def test_two_subscriptions_count_together(account: Account) -> None:
    second = replace(account.subscriptions[0], id="S-2")
    change = LicenceChange("S-2", date(2026, 7, 1), date(2026, 7, 1), 5)
    both = replace(with_changes(account, change), subscriptions=(*account.subscriptions, second))
    assert said(seats_of(both))["seats"] == {"licences": 15, "active": 8, "free": 7}
