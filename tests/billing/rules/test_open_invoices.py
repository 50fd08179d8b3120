"""What is still to be paid: open up to its due date, overdue after it, and in Finland perhaps in collection."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saldo.billing.explain import NOTHING_NAMED, explain
from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Account, Collection, Money, Payment, Refund, Reminder

DUE = date(2026, 7, 15)
AFTER = date(2026, 8, 20)


def said(
    account: Account, on: date, topic: str = "payment_extension", asked: InvoiceQuery = NOTHING_NAMED
) -> list[tuple[str, dict[str, object]]]:
    explanation = explain(topic, account, on, asked)
    assert explanation is not None
    return [(one.name, dict(one.values)) for one in explanation.sentences]


@pytest.fixture
def unpaid(account: Account) -> Account:
    return replace(account, payments=())


@pytest.fixture
def in_collection(unpaid: Account) -> Account:
    """As it is in Finland; the same customer in the Netherlands differs only by country."""
    finnish = replace(unpaid.customer, country="FI", language="fi")
    return replace(unpaid, customer=finnish, collections=(Collection("2026-0142", date(2026, 8, 10)),))


@pytest.mark.parametrize("topic", ["payment_extension", "payment_reminder"])
def test_all_is_paid(account: Account, topic: str) -> None:
    assert said(account, AFTER, topic) == [("nothing_open", {})]


@pytest.mark.parametrize(
    ("on", "name"),
    [
        (date(2026, 7, 14), "open_invoice"),
        (DUE, "open_invoice"),  # payable all day
        (date(2026, 7, 16), "overdue_invoice"),
    ],
)
def test_overdue_from_the_day_after_the_due_date(unpaid: Account, on: date, name: str) -> None:
    expected = {"invoice": "2026-0142", "amount": Money(207000), "due_date": DUE}
    assert said(unpaid, on) == [(name, expected)]


def test_what_was_paid_in_part_is_no_longer_due(account: Account) -> None:
    partly = replace(account, payments=(Payment("P-1", "2026-0142", DUE, Money(200000)),))
    assert said(partly, AFTER)[0][1]["amount"] == Money(7000)
    explanation = explain("payment_extension", partly, AFTER)
    assert explanation is not None
    (due,) = (fact for fact in explanation.facts if fact.name == "amount_due")
    assert str(due.formula) == "2070.00 EUR − 2000.00 EUR"


def test_in_finland_an_invoice_can_be_in_collection(in_collection: Account) -> None:
    expected = {"invoice": "2026-0142", "amount": Money(207000), "transferred_on": date(2026, 8, 10)}
    assert said(in_collection, AFTER) == [("in_collection", expected)]


def test_of_collection_in_the_netherlands_nothing_is_said(in_collection: Account, account: Account) -> None:
    dutch = replace(in_collection, customer=account.customer)
    assert [name for name, _ in said(dutch, AFTER)] == ["overdue_invoice"]


def test_a_reminder_is_told_where_it_is_asked_about(unpaid: Account) -> None:
    reminders = (Reminder("2026-0142", date(2026, 7, 25)), Reminder("2026-0142", date(2026, 8, 5)))
    reminded = replace(unpaid, reminders=reminders)
    assert said(reminded, AFTER, "payment_reminder")[1:] == [
        ("reminded", {"invoice": "2026-0142", "sent_on": date(2026, 8, 5)})
    ]
    assert [name for name, _ in said(reminded, AFTER)] == ["overdue_invoice"]


def test_a_reminder_of_a_paid_invoice_is_past(account: Account) -> None:
    reminded = replace(account, reminders=(Reminder("2026-0142", date(2026, 7, 25)),))
    told = {"invoice": "2026-0142", "sent_on": date(2026, 7, 25), "paid_on": date(2026, 7, 13)}
    assert said(reminded, AFTER, "payment_reminder") == [("paid_before", told), ("nothing_open", {})]
    earlier = replace(account, reminders=(Reminder("2026-0142", date(2026, 7, 12)),))
    assert said(earlier, AFTER, "payment_reminder")[0][0] == "paid_since"


def test_the_earliest_due_comes_first_unless_another_is_asked_about(unpaid: Account) -> None:
    later = replace(unpaid.invoices[0], number="2026-0150", due_date=date(2026, 9, 1))
    both = replace(unpaid, invoices=(later, *unpaid.invoices))
    in_order = [(name, values["invoice"]) for name, values in said(both, AFTER)]
    assert in_order == [("overdue_invoice", "2026-0142"), ("open_invoice", "2026-0150")]
    first, *_ = said(both, AFTER, asked=InvoiceQuery(invoice="2026-0150"))
    assert first[1]["invoice"] == "2026-0150"


def test_a_refund_makes_no_debt(account: Account) -> None:
    """Paid 2,070, paid back 2,070: nothing was due, and nothing is."""
    refunded = replace(account, refunds=(Refund("2026-0142", DUE, Money(207000)),))
    assert said(refunded, AFTER) == [("nothing_open", {})]


def test_a_part_paid_and_what_is_due_add_up_whatever_was_paid_back(account: Account) -> None:
    partly = Payment("P-1", "2026-0142", DUE, Money(200000))
    refunded = replace(account, payments=(partly,), refunds=(Refund("2026-0142", DUE, Money(50000)),))
    overdue, part = said(refunded, AFTER)
    assert overdue[1]["amount"] == Money(7000)
    assert part == ("part_paid", {"paid": Money(200000), "total": Money(207000)})


@pytest.mark.parametrize("topic", ["payment_extension", "payment_reminder", "invoice_status"])
def test_what_is_open_is_told_with_what_was_paid_too_much_elsewhere(account: Account, topic: str) -> None:
    again = Payment("P-2", "2026-0142", DUE, Money(207000))
    other = replace(account.invoices[0], number="2026-0150", due_date=date(2026, 9, 1))
    both = replace(account, invoices=(*account.invoices, other), payments=(*account.payments, again))
    assert ("overpaid_besides", {"surplus": Money(207000)}) in said(both, AFTER, topic)


def test_an_invoice_is_paid_since_the_day_its_money_came_for_good(account: Account) -> None:
    """Paid, moved to another invoice a month later, and paid again."""
    moved = Payment("P-2", "2026-0142", date(2026, 8, 13), Money(-207000))
    again = Payment("P-3", "2026-0142", date(2026, 8, 15), Money(207000))
    back = replace(account, payments=(*account.payments, moved, again))
    told = said(back, AFTER, asked=InvoiceQuery(invoice="2026-0142"))
    assert told[0] == ("paid_already", {"invoice": "2026-0142", "paid_on": date(2026, 8, 15)})
