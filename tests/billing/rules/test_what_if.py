"""What is supposed: a day to come, a number to get to, and what is invoiced already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saldo.billing.explain import explain, explain_to_anyone
from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Account, Invoice, InvoiceLine
from saldo.billing.period import BillingPeriod

ON = date(2026, 10, 1)
NEXT = date(2027, 1, 1)


def said(account: Account, query: InvoiceQuery) -> dict[str, dict[str, object]]:
    explanation = explain("licence_change", account, ON, query)
    return {one.name: dict(one.values) for one in explanation.sentences} if explanation else {}


def test_an_addition_on_a_day_to_come_is_billed_from_that_day(account: Account) -> None:
    told = said(account, InvoiceQuery(licences=3, change="add", date="--11-15"))
    assert told["would_add_on"]["since"] == date(2026, 11, 15)
    assert told["would_add_on"]["until"] == date(2026, 12, 31)
    assert told["would_add_on"]["licences"] == 13


def test_on_the_first_day_of_a_period_it_comes_with_that_period(account: Account) -> None:
    told = said(account, InvoiceQuery(licences=3, change="add", date="--01-01"))
    assert told["would_add_to_period"]["since"] == NEXT
    assert told["would_add_to_period"]["until"] == date(2027, 6, 30)


def test_a_removal_counts_from_the_period_after_the_day(account: Account) -> None:
    assert said(account, InvoiceQuery(licences=1, change="remove", date="--02-10"))["would_remove"][
        "from_date"
    ] == date(2027, 7, 1)


def test_a_number_to_get_to_is_so_many_more_or_fewer(account: Account) -> None:
    assert said(account, InvoiceQuery(target=8))["would_remove"]["removed"] == 2
    assert said(account, InvoiceQuery(target=12))["would_add"]["added"] == 2


def test_what_is_supposed_is_never_drawn(account: Account) -> None:
    explanation = explain("licence_change", account, ON, InvoiceQuery(licences=3, change="add"))
    assert explanation is not None and explanation.timeline is None


def test_once_the_next_period_is_invoiced_changes_count_from_the_one_after(account: Account) -> None:
    """Article: changes are to be made before the billing period changes; it is billed in advance."""
    (first,) = account.invoices
    (line,) = first.lines
    ahead = InvoiceLine(1, 10, line.months, line.quantity, line.unit_price, BillingPeriod(NEXT, date(2027, 7, 1)))
    invoiced = Invoice("2026-0150", "S-1", date(2026, 9, 20), date(2026, 10, 4), first.total, (ahead,))
    both = replace(account, invoices=(first, invoiced))
    assert said(both, InvoiceQuery(licences=1, change="remove"))["would_remove"]["from_date"] == date(2027, 7, 1)
    package = explain("change_package", both, ON)
    assert package is not None and package.sentences[0].values["from_date"] == date(2027, 7, 1)


def test_so_many_licences_for_so_many_months_need_no_records() -> None:
    explanation = explain_to_anyone("invoice_quantity", InvoiceQuery(licences=12, months=3))
    assert explanation is not None and explanation.sentences[0].values["quantity"] == 36
    assert explain_to_anyone("invoice_quantity", InvoiceQuery(licences=12)) is None
    assert explain_to_anyone("seat_count", InvoiceQuery(licences=12, months=3)) is None
