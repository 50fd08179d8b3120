"""Billed are licences, not active users; a removed licence still counts until the period ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
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
    assert said(seats_of(removed))["pending_removal"] == {
        "removed": 2,
        "from_date": date(2027, 1, 1),
        "licences": 8,
    }
    assert said(seats_of(removed))["seats"]["licences"] == 10
    assert "pending_removal" not in said(seats_of(removed, on=date(2027, 1, 1)))
    assert said(seats_of(removed, on=date(2027, 1, 1)))["all_used"]["licences"] == 8


def test_added_licences_that_count_later_are_told_with_their_day(account: Account) -> None:
    first, second = (replace(REMOVED, effective_on=date(2026, month, 1), licences=3) for month in (11, 12))
    later = [dict(one.values) for one in seats_of(with_changes(account, second, first)).sentences[-2:]]
    assert later == [
        {"added": 3, "from_date": date(2026, 11, 1), "licences": 13},
        {"added": 3, "from_date": date(2026, 12, 1), "licences": 16},
    ]
    assert seats_of(with_changes(account, first)).seats == Seats(10, 8), "what counts now"


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


def billed(number: str, licences: int, start: date, end: date = date(2027, 1, 1)) -> Invoice:
    """One more invoice, of one line; its months do not matter here, but that they are fewer than six."""
    months = Decimal("3.5") if start > date(2026, 7, 1) else Decimal(6)
    line = InvoiceLine(1, licences, months, licences * months, Money(3450), BillingPeriod(start, end))
    return Invoice(number, "S-1", start, start + timedelta(days=14), Money(3450).times(line.quantity), (line,))


def test_two_additions_of_a_day_on_invoices_of_their_own_are_both_additions(account: Account) -> None:
    day = date(2026, 9, 16)
    changed = with_changes(account, ADDED, replace(ADDED, licences=2))
    both = replace(changed, invoices=(*account.invoices, billed("2026-0150", 3, day), billed("2026-0151", 2, day)))
    told = said(seats_of(both))
    assert told["seats"]["licences"] == 15 and told["since_added"] == {"added": 5, "since": day}
    assert told["invoice"] == {"invoice": "2026-0142", "issued_on": date(2026, 7, 1), "licences": 10}
    for number, licences in (("2026-0150", 3), ("2026-0151", 2)):
        assert said(seats_of(both, asked=InvoiceQuery(invoice=number)))["added_invoice"]["licences"] == licences


def test_an_addition_billed_from_another_day_is_neither_the_count_nor_called_an_addition(account: Account) -> None:
    other_day = billed("2026-0150", 3, date(2026, 9, 20))
    shifted = replace(with_changes(account, ADDED), invoices=(*account.invoices, other_day))
    assert said(seats_of(shifted))["invoice"]["invoice"] == "2026-0142"
    asked = said(seats_of(shifted, asked=InvoiceQuery(invoice="2026-0150")))
    assert asked["invoice"]["licences"] == 3 and "added_invoice" not in asked


def test_an_addition_on_the_first_day_is_billed_as_a_whole_period(account: Account) -> None:
    first_day = date(2026, 7, 1)
    changed = with_changes(account, LicenceChange("S-1", first_day, first_day, 3))
    told = said(seats_of(replace(changed, invoices=(*account.invoices, billed("2026-0150", 3, first_day)))))
    assert told["invoice"] == {"invoice": "2026-0150", "issued_on": first_day, "licences": 3}
    assert told["seats"]["licences"] == 13


def test_an_invoice_that_contradicts_the_records_is_told_as_it_is(account: Account) -> None:
    """10 in the records, 12 billed: nothing is said of why."""
    wrong = replace(account, invoices=(billed("2026-0142", 12, date(2026, 7, 1)),))
    told = said(seats_of(wrong))
    assert (told["seats"]["licences"], told["invoice"]["licences"]) == (10, 12)


def test_without_licences_nothing_is_told_of_them(account: Account) -> None:
    none_left = with_changes(account, LicenceChange("S-1", date(2026, 6, 1), date(2026, 7, 1), -10))
    assert set(said(seats_of(none_left))) == {"invoice", "invoice_disagrees"}
    assert explain("manage_licences", none_left, ON) is None


def test_seats_and_removable_ones_agree_on_what_is_free(account: Account) -> None:
    """4 are free until 1 January, and all of them are removed already."""
    removed = with_users(with_changes(account, replace(REMOVED, licences=-4)), 6)
    assert said(seats_of(removed))["seats"]["free"] == 4
    pending = {"removed": 4, "from_date": date(2027, 1, 1), "licences": 6}
    assert said(explain("manage_licences", removed, ON)) == {"none_removable": {}, "pending_removal": pending}


def test_of_a_cancelled_subscription_none_are_to_be_removed(account: Account) -> None:
    ending = replace(account, subscriptions=(replace(account.subscriptions[0], cancelled_on=date(2027, 1, 1)),))
    assert said(explain("manage_licences", ending, ON)) == {"cancelled": {"ends_on": date(2026, 12, 31)}}
    waiting = with_changes(ending, REMOVED)
    assert "pending_removal" not in said(seats_of(waiting)), "on 1 January there is nothing to have fewer of"


def test_while_another_subscription_ran_the_licences_were_more(account: Account) -> None:
    """10 since 1 January in one subscription, but 5 more in another until 1 September."""
    ended = replace(account.subscriptions[0], id="S-0", cancelled_on=date(2026, 9, 1))
    began = LicenceChange("S-0", date(2025, 1, 1), date(2025, 1, 1), 5)
    both = replace(with_changes(account, began), subscriptions=(ended, *account.subscriptions))
    assert said(seats_of(account))["since"] == {"since": date(2026, 1, 1)}
    assert said(seats_of(both))["seats"]["licences"] == 10 and "since" not in said(seats_of(both))


def test_added_and_removed_on_one_day_is_neither(account: Account) -> None:
    day = date(2026, 7, 1)
    changed = with_changes(account, LicenceChange("S-1", day, day, 3), LicenceChange("S-1", date(2026, 6, 1), day, -1))
    assert said(seats_of(changed))["since"] == {"since": day}


def test_another_invoice_is_not_told_in_the_stead_of_an_unknown_one(account: Account) -> None:
    told = said(seats_of(account, asked=InvoiceQuery(invoice="9999-7777")))
    assert "unknown_invoice" in told and "invoice" not in told


def test_an_absurd_count_is_told_and_not_drawn(account: Account) -> None:
    absurd = with_changes(account, LicenceChange("S-1", date(2026, 9, 1), date(2026, 9, 1), 999_999_989))
    explanation = seats_of(absurd)
    assert said(explanation)["seats"]["licences"] == 999_999_999 and explanation.seats is None


def test_what_counts_later_leaves_out_a_subscription_that_has_ended_by_then(account: Account) -> None:
    """10 in one subscription, 2 fewer from 1 January, and 5 in another that ends on 30 November."""
    period = BillingPeriod(date(2026, 6, 1), date(2026, 12, 1))
    other = replace(account.subscriptions[0], id="S-2", period=period, cancelled_on=date(2026, 12, 1))
    begun = LicenceChange("S-2", date(2026, 6, 1), date(2026, 6, 1), 5)
    both = replace(with_changes(account, begun, REMOVED), subscriptions=(*account.subscriptions, other))
    assert said(seats_of(both))["seats"]["licences"] == 15
    assert said(seats_of(both))["pending_removal"]["licences"] == 8
