"""Quantity = licences × months; what was added in mid-period is billed from that day; and which invoice is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from saldo.billing.explain import NOTHING_NAMED, explain
from saldo.billing.explanation import Explanation, InvoiceQuery
from saldo.billing.model import Account, Invoice, InvoiceLine, LicenceChange, Money
from saldo.billing.period import BillingPeriod

ON = date(2026, 10, 1)
END = date(2027, 1, 1)
FIRST_OF_MONTH, MID_MONTH = date(2026, 9, 1), date(2026, 9, 16)


def told(account: Account, asked: InvoiceQuery = NOTHING_NAMED) -> Explanation:
    explanation = explain("invoice_quantity", account, ON, asked)
    assert explanation is not None
    return explanation


def said(account: Account, asked: InvoiceQuery = NOTHING_NAMED) -> list[tuple[str, dict[str, object]]]:
    return [(one.name, dict(one.values)) for one in told(account, asked).sentences]


def line(number: int, licences: int, months: str, since: date) -> InvoiceLine:
    quantity = licences * Decimal(months)
    return InvoiceLine(number, licences, Decimal(months), quantity, Money(3450), BillingPeriod(since, END))


def added(account: Account, since: date, months: str, licences: int = 3) -> Account:
    """Licences added on a day and billed from it, on an invoice of their own."""
    change = LicenceChange("S-1", since, since, licences)
    one = line(1, licences, months, since)
    total = one.unit_price.times(one.quantity)
    invoice = Invoice("2026-0150", "S-1", since, date(2026, 9, 30), total, (one,))
    return replace(
        account,
        licence_changes=(*account.licence_changes, change),
        invoices=(*account.invoices, invoice),
    )


def test_ten_licences_for_six_months_are_sixty(account: Account) -> None:
    expected = {"invoice": "2026-0142", "quantity": 60, "licences": 10, "months": 6}
    assert said(account) == [("line", expected)]
    (fact,) = (fact for fact in told(account).facts if fact.name == "quantity")
    assert (fact.value, str(fact.formula)) == (60, "10 × 6")
    assert str(fact.source) == "invoice 2026-0142, line 1"


def test_billed_monthly_the_quantity_is_the_licences(account: Account) -> None:
    (invoice,) = account.invoices
    monthly = replace(
        account,
        subscriptions=(replace(account.subscriptions[0], months=1),),
        invoices=(replace(invoice, lines=(line(1, 10, "1", date(2026, 12, 1)),)),),
    )
    assert said(monthly) == [("single_month", {"invoice": "2026-0142", "quantity": 10, "licences": 10})]


def test_added_on_the_first_of_a_month_whole_months_are_left(account: Account) -> None:
    expected = {
        "invoice": "2026-0150",
        "quantity": 12,
        "licences": 3,
        "months": 4,
        "since": FIRST_OF_MONTH,
        "until": date(2026, 12, 31),
    }
    assert said(added(account, FIRST_OF_MONTH, "4")) == [("added_line", expected)]


def test_added_in_mid_month_the_quantity_is_uneven(account: Account) -> None:
    """From 16 September: half of September and three months, 3 × 3.5 = 10.5."""
    expected = {
        "invoice": "2026-0150",
        "quantity": Decimal("10.5"),
        "licences": 3,
        "since": MID_MONTH,
        "until": date(2026, 12, 31),
    }
    assert said(added(account, MID_MONTH, "3.5")) == [("uneven_line", expected)]


def test_a_first_short_period_is_no_addition(account: Account) -> None:
    """From 16 September to the first of a month: nothing was added."""
    begun = date(2026, 9, 16)
    short = BillingPeriod(begun, date(2027, 1, 1))
    line = InvoiceLine(1, 10, Decimal("3.5"), Decimal(35), Money(3450), short)
    first = replace(account.invoices[0], issued_on=begun, lines=(line,))
    new = replace(
        account,
        subscriptions=(replace(account.subscriptions[0], period=short),),
        licence_changes=(LicenceChange("S-1", begun, begun, 10),),
        invoices=(first,),
    )
    explanation = explain("invoice_quantity", new, date(2026, 10, 1))
    assert explanation is not None and explanation.timeline is None
    days = {"since": begun, "until": date(2026, 12, 31)}
    assert [(one.name, dict(one.values)) for one in explanation.sentences] == [
        ("short_line", {"invoice": "2026-0142", "quantity": 35, "licences": 10, **days})
    ]


def test_without_licences_no_quantity_is_supposed(account: Account) -> None:
    none = replace(account, licence_changes=())
    explanation = explain("invoice_quantity", none, date(2026, 10, 1), InvoiceQuery(months=3))
    assert explanation is not None and [one.name for one in explanation.sentences] == ["line"]


def test_a_line_for_fewer_months_is_not_added_unless_a_change_says_so(account: Account) -> None:
    (invoice,) = account.invoices
    shorter = replace(account, invoices=(replace(invoice, lines=(line(1, 10, "4", FIRST_OF_MONTH),)),))
    assert [name for name, _ in said(shorter)] == ["line"]


def test_no_formula_is_claimed_where_the_product_was_rounded_otherwise(account: Account) -> None:
    (invoice,) = account.invoices
    rounded = replace(line(1, 3, "3.52", MID_MONTH), quantity=Decimal("10.55"))
    account = replace(account, invoices=(replace(invoice, lines=(rounded,)),))
    (fact,) = (fact for fact in told(account).facts if fact.name == "quantity")
    assert (fact.value, fact.formula) == (Decimal("10.55"), None)


def test_every_line_is_told_and_the_lines_add_up(account: Account) -> None:
    (invoice,) = account.invoices
    both = replace(invoice, lines=(*invoice.lines, line(2, 3, "4", FIRST_OF_MONTH)))
    change = LicenceChange("S-1", FIRST_OF_MONTH, FIRST_OF_MONTH, 3)
    account = replace(account, invoices=(both,), licence_changes=(*account.licence_changes, change))
    assert [name for name, _ in said(account)] == ["line", "added_line", "sum"]
    total = told(account).facts[-1]
    assert (total.value, str(total.formula), str(total.source)) == (72, "60 + 12", "invoice 2026-0142")


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        (InvoiceQuery(), "2026-0150"),  # the latest
        (InvoiceQuery(quantity=60), "2026-0142"),  # the one with that quantity
        (InvoiceQuery(quantity=61), "2026-0150"),  # none has it: the latest
        (InvoiceQuery(invoice="2026-0142"), "2026-0142"),
        (InvoiceQuery(invoice=" 2026 -0142 "), "2026-0142"),
        (InvoiceQuery(invoice="2026-0142", quantity=12), "2026-0142"),
    ],
)
def test_finds_the_invoice_that_is_meant(account: Account, asked: InvoiceQuery, number: str) -> None:
    ((_, values),) = said(added(account, FIRST_OF_MONTH, "4"), asked)
    assert values["invoice"] == number


def test_a_total_quantity_is_found_too(account: Account) -> None:
    (invoice,) = account.invoices
    both = replace(invoice, lines=(*invoice.lines, line(2, 3, "4", FIRST_OF_MONTH)))
    later = replace(invoice, number="2027-0001", issued_on=date(2027, 1, 1))
    account = replace(account, invoices=(both, later))
    assert said(account, InvoiceQuery(quantity=72))[0][1]["invoice"] == "2026-0142"


def test_an_invoice_of_nobody_or_of_another_is_said_to_be_unknown(account: Account) -> None:
    """The latest is told instead, even if an earlier one has the quantity."""
    account = added(account, FIRST_OF_MONTH, "4")
    notice, line_told = said(account, InvoiceQuery(invoice="2026-0999", quantity=60))
    assert notice == ("which_invoice", {"invoice": "2026-0150"})
    assert line_told[1]["invoice"] == "2026-0150"


def test_there_is_no_invoice_yet(account: Account) -> None:
    new = replace(account, invoices=(), payments=())
    assert said(new, InvoiceQuery(invoice="2026-0142")) == [("no_invoice", {})]


@pytest.mark.parametrize(
    ("topic", "query", "expected"),
    [
        ("seat_count", InvoiceQuery(quantity=60, counts=(60, 10)), "invoice_quantity"),
        ("seat_count", InvoiceQuery(quantity=10, counts=(10, 60), point="basis"), "invoice_quantity"),
        ("seat_count", InvoiceQuery(quantity=10, counts=(10, 8), point="basis"), "seat_count"),
        ("seat_count", InvoiceQuery(quantity=70, counts=(70, 10)), "seat_count"),
        ("seat_count", InvoiceQuery(quantity=60, counts=(60,), point="how_many"), "seat_count"),
    ],
)
def test_a_quantity_on_an_invoice_chooses_the_topic(
    account: Account, topic: str, query: InvoiceQuery, expected: str
) -> None:
    """ "60, but 10 users" is about the 60."""
    explanation = explain(topic, account, date(2026, 11, 22), query)
    assert explanation is not None and explanation.topic == expected


def test_of_several_numbers_the_billed_one_is_meant_but_where_one_is_doubted(account: Account) -> None:
    day = date(2026, 11, 22)
    told = explain("invoice_quantity", account, day, InvoiceQuery(quantity=10, counts=(10, 60), point="is_right"))
    assert told is not None and [one.name for one in told.sentences] == ["line"]
    doubted = explain("invoice_quantity", account, day, InvoiceQuery(quantity=70, counts=(70, 60), point="is_right"))
    assert doubted is not None and doubted.sentences[0].values["asked"] == 70


def test_of_several_invoices_with_a_quantity_the_newest_is_told_and_said_to_be(account: Account) -> None:
    (invoice,) = account.invoices
    (line,) = invoice.lines
    half = replace(line, period=BillingPeriod(date(2026, 1, 1), date(2026, 7, 1)))
    earlier = replace(invoice, number="2026-0100", issued_on=date(2026, 1, 1), lines=(half,))
    twice = replace(account, invoices=(earlier, invoice))
    explanation = explain("invoice_quantity", twice, date(2026, 11, 22), InvoiceQuery(quantity=60))
    assert explanation is not None
    assert [(one.name, one.values.get("invoice", one.values.get("count"))) for one in explanation.sentences] == [
        ("line", "2026-0142"), ("newest", 2)
    ]  # fmt: skip
