"""The price on an issued invoice, as such; what a licence will cost is never said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from saldo.billing.explain import explain
from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Account, Money

ON = date(2026, 11, 22)


def said(account: Account, query: InvoiceQuery = InvoiceQuery(point="price")) -> list[tuple[str, dict[str, object]]]:
    explanation = explain("invoice_status", account, ON, query)
    return [(one.name, dict(one.values)) for one in explanation.sentences] if explanation else []


def priced(account: Account, *cents: int) -> Account:
    (invoice,) = account.invoices
    (line,) = invoice.lines
    lines = tuple(replace(line, number=place, unit_price=Money(each)) for place, each in enumerate(cents, 1))
    return replace(account, invoices=(replace(invoice, lines=lines),))


def test_the_price_is_that_of_the_invoice(account: Account) -> None:
    told = ("unit_price", {"invoice": "2026-0142", "price": Money(1500)})
    assert said(priced(account, 1500)) == [told, ("no_price_to_come", {})]


def test_each_of_several_prices_is_told_once(account: Account) -> None:
    assert [name for name, _ in said(priced(account, 1500, 1500, 2000))] == [
        "unit_price",
        "unit_price",
        "no_price_to_come",
    ]


def test_a_line_without_a_price_names_none(account: Account) -> None:
    assert said(priced(account, 0)) == []


def test_no_other_invoice_is_told_in_the_stead_of_an_unknown_one(account: Account) -> None:
    assert said(account, InvoiceQuery(point="price", invoice="9999-7777")) == [("unknown_invoice", {})]


def test_what_a_change_will_cost_is_for_people(account: Account) -> None:
    explanation = explain("licence_change", account, ON, InvoiceQuery(licences=2, change="add", point="cost"))
    assert explanation is not None
    assert [one.name for one in explanation.sentences] == ["price_to_come", "would_add"]
    assert not any(isinstance(fact.value, Money) for fact in explanation.facts)
