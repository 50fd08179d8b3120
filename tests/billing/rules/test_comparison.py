"""Two invoices side by side: which is higher, what each bills, and what licences and months do not explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from saldo.billing.explain import explain
from saldo.billing.explanation import Fact, InvoiceQuery, Value
from saldo.billing.model import Account, CreditNote, Invoice, InvoiceLine, LicenceChange, Money, TableImport
from saldo.billing.period import BillingPeriod

ON = date(2027, 2, 1)
PRICE = Money(3450)
NOVEMBER = date(2026, 11, 1)
SECOND_HALF, FIRST_HALF = (
    BillingPeriod(date(2026, 7, 1), date(2027, 1, 1)),
    BillingPeriod(date(2027, 1, 1), date(2027, 7, 1)),
)


def line(licences: int, months: int, period: BillingPeriod, number: int = 1, price: Money = PRICE) -> InvoiceLine:
    return InvoiceLine(number, licences, Decimal(months), Decimal(licences * months), price, period)


def bill(number: str, *lines: InvoiceLine, total: Money | None = None, on: date | None = None) -> Invoice:
    added = sum((one.unit_price.times(one.quantity) for one in lines), Money(0))
    day = on or lines[0].period.start
    return Invoice(number, "S-1", day, day.replace(day=28), total or added, lines)


def with_next(account: Account, *lines: InvoiceLine, total: Money | None = None) -> Account:
    """An invoice after the account's 2026-0142 of 10 licences × 6 months."""
    return replace(account, invoices=(*account.invoices, bill("2027-0001", *lines, total=total)))


def explained(account: Account, **named: object) -> tuple[dict[str, Mapping[str, Value]], dict[str, Fact]]:
    query = InvoiceQuery(point="comparison", **named)  # type: ignore[arg-type]
    explanation = explain("invoice_status", account, ON, query)
    assert explanation is not None
    sentences = {one.name: one.values for one in explanation.sentences}
    return sentences, {fact.name: fact for fact in explanation.facts}


def names(account: Account, **named: object) -> list[str]:
    return list(explained(account, **named)[0])


def test_more_licences_are_told_with_the_difference(account: Account) -> None:
    sentences, facts = explained(with_next(account, line(12, 6, FIRST_HALF)))
    assert list(sentences) == ["higher", "licences_differ"]
    assert sentences["higher"]["difference"] == Money(2 * 6 * 3450)
    assert str(facts["difference"].formula) == "2484.00 EUR − 2070.00 EUR"
    pair = {"invoice": "2027-0001", "other": "2026-0142"}
    assert sentences["licences_differ"] == {**pair, "licences": 12, "other_licences": 10}


def test_an_addition_on_the_next_invoice_is_told_with_its_days(account: Account) -> None:
    added = LicenceChange("S-1", NOVEMBER, NOVEMBER, 2)
    rest = line(2, 2, BillingPeriod(NOVEMBER, date(2027, 1, 1)), 2)
    changed = replace(account, licence_changes=(*account.licence_changes, added))
    sentences, _ = explained(with_next(changed, line(12, 6, FIRST_HALF), rest))
    assert list(sentences) == ["higher", "licences_differ", "bills_added"]
    assert sentences["bills_added"] == {
        "invoice": "2027-0001",
        "licences": 2,
        "months": 2,
        "quantity": 4,
        "since": NOVEMBER,
        "until": date(2026, 12, 31),
    }
    alone = replace(changed, invoices=(*account.invoices, bill("2026-0150", rest)))
    assert names(alone) == ["lower", "bills", "bills_added"]


def test_another_number_of_months_is_told(account: Account) -> None:
    sentences, _ = explained(with_next(account, line(10, 3, BillingPeriod(date(2027, 1, 1), date(2027, 4, 1)))))
    assert list(sentences) == ["lower", "months_differ"]
    assert (sentences["months_differ"]["months"], sentences["months_differ"]["other_months"]) == (3, 6)


def test_the_same_is_said_to_be_the_same(account: Account) -> None:
    assert names(with_next(account, line(10, 6, FIRST_HALF))) == ["same"]


@pytest.mark.parametrize(("than", "said"), [(None, "lower"), ("lower", "lower"), ("higher", "lower_instead")])
def test_asked_why_it_is_higher_it_is_denied(account: Account, than: str | None, said: str) -> None:
    assert names(with_next(account, line(8, 6, FIRST_HALF)), than=than)[0] == said


def test_another_price_and_package_are_told(account: Account) -> None:
    (subscription,) = account.subscriptions
    upgraded = replace(account, subscriptions=(replace(subscription, next_package="Pro"),))
    sentences, _ = explained(with_next(upgraded, line(10, 6, FIRST_HALF, price=Money(4950))))
    assert list(sentences) == ["higher", "prices_differ", "package_changed"]
    assert sentences["package_changed"] == {"package": "Team", "next_package": "Pro", "from_date": date(2027, 1, 1)}
    assert names(with_next(account, line(10, 6, FIRST_HALF, price=Money(4950)))) == ["higher", "prices_differ"]


def test_what_the_lines_do_not_come_to_is_for_people(account: Account) -> None:
    dearer = with_next(account, line(10, 6, FIRST_HALF), total=Money(250000))
    assert names(dearer) == ["higher", "unexplained"]


def test_vat_on_both_is_no_mystery(account: Account) -> None:
    (first,) = account.invoices
    taxed = replace(account, invoices=(replace(first, total=Money(250470)),))
    assert names(with_next(taxed, line(12, 6, FIRST_HALF), total=Money(300564))) == ["higher", "licences_differ"]


def test_several_prices_on_one_invoice_are_for_people(account: Account) -> None:
    lines = line(10, 6, FIRST_HALF), line(2, 6, FIRST_HALF, 2, Money(4950))
    assert names(with_next(account, *lines)) == ["higher", "quantities_differ", "unexplained"]


def test_a_credit_note_is_told_with_either(account: Account) -> None:
    note = CreditNote("C-1", "2026-0142", date(2026, 8, 1), Money(5000))
    credited = replace(with_next(account, line(12, 6, FIRST_HALF)), credit_notes=(note,))
    assert names(credited) == ["higher", "licences_differ", "credited"]


def test_before_the_first_there_is_none_and_of_none_it_is_said(account: Account) -> None:
    assert names(account) == ["first"]
    assert names(replace(account, invoices=())) == ["no_invoice"]


def test_two_that_are_named_are_compared_in_the_order_of_time(account: Account) -> None:
    third = bill("2027-0002", line(14, 6, FIRST_HALF), on=date(2027, 1, 20))
    three = with_next(account, line(12, 6, FIRST_HALF))
    three = replace(three, invoices=(*three.invoices, third))
    sentences, _ = explained(three, invoice="2026-0142", other="2027-0002")
    assert (sentences["higher"]["invoice"], sentences["higher"]["other"]) == ("2027-0002", "2026-0142")
    assert explained(three, before="2027-0001", place="previous")[0]["higher"]["invoice"] == "2027-0001"


@pytest.mark.parametrize("named", [{"invoice": "9999-7777"}, {"invoice": "2026-0142", "other": "9999-7777"}])
def test_an_unknown_one_is_compared_with_nothing(account: Account, named: dict[str, str]) -> None:
    assert names(with_next(account, line(12, 6, FIRST_HALF)), **named) == ["unknown_invoice"]


def test_invoices_of_another_subscription_are_not_the_one_before(account: Account) -> None:
    other = replace(account.subscriptions[0], id="S-2")
    later = replace(bill("2027-0009", line(3, 6, FIRST_HALF)), subscription="S-2")
    both = replace(account, subscriptions=(*account.subscriptions, other), invoices=(*account.invoices, later))
    assert names(both) == ["first"]


def test_without_lines_only_what_is_known_is_told(account: Account) -> None:
    tables = ("subscriptions", "licence_changes", "invoices", "payments")
    imports = tuple(TableImport(table, ON, "a folder") for table in tables)  # type: ignore[arg-type]
    bare = replace(with_next(account, line(12, 6, FIRST_HALF)), imports=imports)
    assert names(bare) == ["issued_invoice", "unknown_lines", "ask_people"]
