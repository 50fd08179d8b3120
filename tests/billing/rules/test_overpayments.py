"""Paid too much: set off while invoices are to come, refundable only after the last, and told to the cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saldo.billing.explain import NOTHING_NAMED, explain
from saldo.billing.explanation import Explanation, InvoiceQuery
from saldo.billing.model import Account, LicenceChange, Money, Payment, Refund

ON = date(2026, 10, 1)
AGAIN = Payment("P-2", "2026-0142", date(2026, 7, 14), Money(207000))


def told(
    account: Account, on: date = ON, asked: InvoiceQuery = NOTHING_NAMED, topic: str = "paid_twice"
) -> Explanation:
    explanation = explain(topic, account, on, asked)
    assert explanation is not None
    return explanation


def said(account: Account, on: date = ON, asked: InvoiceQuery = NOTHING_NAMED) -> list[tuple[str, dict[str, object]]]:
    return [(one.name, dict(one.values)) for one in told(account, on, asked).sentences]


def paid(account: Account, *payments: Payment) -> Account:
    return replace(account, payments=(*account.payments, *payments))


def ending(account: Account, on: date) -> Account:
    return replace(account, subscriptions=(replace(account.subscriptions[0], cancelled_on=on),))


OVERPAID = (
    "overpaid",
    {"invoice": "2026-0142", "total": Money(207000), "paid": Money(414000), "surplus": Money(207000)},
)
SET_OFF = ("set_off", {"surplus": Money(207000), "next_period": date(2027, 1, 1)})
REFUNDABLE = ("refundable", {"surplus": Money(207000), "ends_on": date(2026, 12, 31)})


def test_paid_once_nothing_is_overpaid(account: Account) -> None:
    assert said(account) == [("no_overpayment", {})]


def test_unpaid_nothing_is_overpaid(account: Account) -> None:
    assert said(replace(account, payments=())) == [("no_overpayment", {})]


def test_paid_twice_it_is_set_off_against_the_next_invoice(account: Account) -> None:
    assert said(paid(account, AGAIN)) == [OVERPAID, SET_OFF]


def test_the_surplus_shows_how_it_was_reckoned(account: Account) -> None:
    facts = {fact.name: fact for fact in told(paid(account, AGAIN)).facts}
    assert str(facts["paid"].formula) == "2070.00 EUR + 2070.00 EUR"
    assert str(facts["surplus"].formula) == "4140.00 EUR − 2070.00 EUR"
    assert facts["surplus"].value == Money(207000)


@pytest.mark.parametrize("on", [date(2026, 10, 1), date(2027, 1, 1), date(2027, 5, 1)])
def test_after_the_last_invoice_it_can_be_refunded(account: Account, on: date) -> None:
    """Whether the last period still runs or is over."""
    assert said(ending(paid(account, AGAIN), date(2027, 1, 1)), on) == [OVERPAID, REFUNDABLE]


def test_cancelled_for_later_another_invoice_comes_first(account: Account) -> None:
    assert said(ending(paid(account, AGAIN), date(2027, 7, 1))) == [OVERPAID, SET_OFF]


def test_a_subscription_that_runs_on_takes_the_surplus_of_one_that_ended(account: Account) -> None:
    """All subscriptions are of the one service."""
    ended = ending(paid(account, AGAIN), date(2027, 1, 1))
    second = replace(account.subscriptions[0], id="S-2")
    both = replace(ended, subscriptions=(*ended.subscriptions, second))
    assert said(both) == [OVERPAID, SET_OFF]


def test_a_partial_overpayment_to_the_cent(account: Account) -> None:
    more = replace(account, payments=(Payment("P-1", "2026-0142", date(2026, 7, 13), Money(207001)),))
    assert said(more)[1] == ("set_off", {"surplus": Money(1), "next_period": date(2027, 1, 1)})


def test_paid_back_is_told_and_is_no_overpayment_any_more(account: Account) -> None:
    back = replace(paid(account, AGAIN), refunds=(Refund("2026-0142", date(2026, 9, 1), Money(207000)),))
    refunded = ("refunded", {"amount": Money(207000), "paid_on": date(2026, 9, 1)})
    assert said(back) == [refunded, ("no_overpayment", {})]


def test_paid_back_in_part_the_rest_is_left(account: Account) -> None:
    refunds = (
        Refund("2026-0142", date(2026, 8, 1), Money(50000)),
        Refund("2026-0142", date(2026, 9, 1), Money(7000)),
    )
    back = replace(paid(account, AGAIN), refunds=refunds)
    assert [name for name, _ in said(back)] == ["overpaid_rest", "refunded", "refunded", "set_off"]
    assert said(back)[0][1] == {**OVERPAID[1], "refunded": Money(57000), "surplus": Money(150000)}, "it adds up"
    assert said(back)[-1][1]["surplus"] == Money(150000)
    (surplus,) = (fact for fact in told(back).facts if fact.name == "surplus")
    assert str(surplus.formula) == "4140.00 EUR − 2070.00 EUR − 500.00 EUR − 70.00 EUR"


def two_overpaid(account: Account) -> Account:
    later = replace(account.invoices[0], number="2026-0150", issued_on=date(2026, 8, 1))
    first, second = (
        Payment("P-3", later.number, ON, Money(207000)),
        Payment("P-4", later.number, ON, Money(5000)),
    )
    return replace(paid(account, AGAIN, first, second), invoices=(*account.invoices, later))


def test_two_overpaid_invoices_add_up(account: Account) -> None:
    *overpaid, set_off = said(two_overpaid(account))
    assert [values["invoice"] for _, values in overpaid] == ["2026-0150", "2026-0142"]
    assert set_off[1]["surplus"] == Money(212000)
    assert str(told(two_overpaid(account)).facts[-2].formula) == "50.00 EUR + 2070.00 EUR"


def test_the_invoice_asked_about_comes_first(account: Account) -> None:
    first, *_ = said(two_overpaid(account), asked=InvoiceQuery(invoice="2026-0142"))
    assert first[1]["invoice"] == "2026-0142"


def test_without_a_subscription_on_record_nothing_is_promised(account: Account) -> None:
    undecided = ("undecided", {"surplus": Money(207000)})
    assert said(replace(paid(account, AGAIN), subscriptions=())) == [OVERPAID, undecided]


def test_both_topics_say_the_same(account: Account) -> None:
    account = paid(account, AGAIN)
    assert told(account, topic="refund_requirements").sentences == told(account).sentences


def test_while_other_invoices_are_open_neither_set_off_nor_refund_is_promised(account: Account) -> None:
    other = replace(account.invoices[0], number="2026-0150", total=Money(10000))
    both = replace(paid(account, AGAIN), invoices=(*account.invoices, other))
    besides = ("open_besides", {"surplus": Money(207000), "amount": Money(10000)})
    assert said(both) == [OVERPAID, besides]
    assert said(ending(both, date(2027, 1, 1))) == [OVERPAID, besides]


def test_with_all_licences_removed_no_invoice_comes_to_set_it_off(account: Account) -> None:
    removed = LicenceChange("S-1", date(2026, 9, 1), date(2027, 1, 1), -10)
    none_left = replace(paid(account, AGAIN), licence_changes=(*account.licence_changes, removed))
    assert said(none_left) == [OVERPAID, ("undecided", {"surplus": Money(207000)})]
