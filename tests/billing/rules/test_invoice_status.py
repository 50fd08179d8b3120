"""The customer's own invoices: what is open, paid and due, and what the next one is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saldo.billing.explain import explain
from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Account, LicenceChange, Money

ON = date(2026, 10, 1)


def said(account: Account, query: InvoiceQuery = InvoiceQuery(), on: date = ON) -> list[tuple[str, dict[str, object]]]:
    explanation = explain("invoice_status", account, on, query)
    return [(one.name, dict(one.values)) for one in explanation.sentences] if explanation else []


def unpaid(account: Account) -> Account:
    return replace(account, payments=())


def test_nothing_is_open_and_the_latest_was_paid(account: Account) -> None:
    paid = ("paid_already", {"invoice": "2026-0142", "paid_on": date(2026, 7, 13)})
    assert said(account) == [("nothing_open", {}), paid]
    assert said(account, InvoiceQuery(point="paid")) == [paid]


def test_what_is_overdue_is_told_with_its_days(account: Account) -> None:
    amount, due = Money(207000), date(2026, 7, 15)
    assert said(unpaid(account)) == [
        ("overdue_invoice", {"invoice": "2026-0142", "amount": amount, "due_date": due}),
        ("days_late", {"invoice": "2026-0142", "days": (ON - due).days}),
    ]


def test_several_open_invoices_are_summed_up_first(account: Account) -> None:
    (invoice,) = account.invoices
    second = replace(invoice, number="2026-0150", due_date=date(2026, 10, 15))
    both = replace(unpaid(account), invoices=(invoice, second))
    assert said(both)[0] == ("sum_open", {"count": 2, "amount": Money(414000)})
    named = said(both, InvoiceQuery(invoice="2026-0150"))
    assert [name for name, _ in named] == ["open_invoice"], "one that is named is told alone"


def test_the_next_invoice_is_for_the_licences_of_its_first_day(account: Account) -> None:
    removed = LicenceChange("S-1", ON, date(2027, 1, 1), -2)
    fewer = replace(account, licence_changes=(*account.licence_changes, removed))
    period = {"since": date(2027, 1, 1), "until": date(2027, 6, 30)}
    assert said(fewer, InvoiceQuery(point="next")) == [("next", {**period, "licences": 8, "months": 6, "quantity": 48})]


def test_after_the_end_no_invoice_comes(account: Account) -> None:
    ending = replace(account, subscriptions=(replace(account.subscriptions[0], cancelled_on=date(2027, 1, 1)),))
    assert said(ending, InvoiceQuery(point="next")) == [("no_next", {"ends_on": date(2026, 12, 31)})]


def test_the_period_is_told_with_its_days(account: Account) -> None:
    days = {"since": date(2026, 7, 1), "until": date(2026, 12, 31)}
    assert said(account, InvoiceQuery(point="period")) == [("period", {"months": 6, **days})]


def test_what_came_after_the_day_is_not_known_on_it(account: Account) -> None:
    assert said(account, on=date(2026, 7, 10))[0][0] == "open_invoice", "paid on the 13th"
    assert said(account, on=date(2026, 6, 1)) == [("nothing_open", {})], "issued on 1 July"


def test_an_unknown_number_is_replaced_by_no_other(account: Account) -> None:
    for point in (None, "paid", "due", "open", "late", "copy"):
        assert said(unpaid(account), InvoiceQuery(invoice="9999-7777", point=point)) == [("unknown_invoice", {})]


def test_asked_how_late_the_days_come_first(account: Account) -> None:
    names = [name for name, _ in said(unpaid(account), InvoiceQuery(point="late"))]
    assert names == ["days_late", "overdue_invoice"]
    assert said(account, InvoiceQuery(point="late"))[0] == ("nothing_open", {})


def test_the_due_date_of_a_paid_one_that_is_named_is_told(account: Account) -> None:
    names = [name for name, _ in said(account, InvoiceQuery(invoice="2026-0142", point="due"))]
    assert names == ["was_due", "paid_already"]


def test_of_a_copy_nothing_is_told_beside_the_way_to_it(account: Account) -> None:
    assert said(account, InvoiceQuery(invoice="2026-0142", point="copy")) == []
