"""The sums of a year: what was invoiced, what was paid, and what credit notes and refunds take off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from saldo.billing.explain import explain
from saldo.billing.explanation import Fact, InvoiceQuery
from saldo.billing.model import Account, CreditNote, Money, Payment, Refund

ON = date(2026, 11, 22)
TOTAL = Money(207000)


@pytest.fixture
def two_years(account: Account) -> Account:
    """Invoices of July 2025, January and July 2026; the last was paid twice, and once paid back."""
    (invoice,) = account.invoices
    days = {"2025-0060": date(2025, 7, 1), "2026-0101": date(2026, 1, 1), "2026-0142": date(2026, 7, 1)}
    invoices = [replace(invoice, number=number, issued_on=day) for number, day in days.items()]
    paid = [(number, day.replace(day=13)) for number, day in days.items()] + [("2026-0142", date(2026, 7, 20))]
    payments = [Payment(f"P-{place}", number, day, TOTAL) for place, (number, day) in enumerate(paid)]
    return replace(
        account,
        invoices=tuple(invoices),
        payments=tuple(payments),
        refunds=(Refund("2026-0142", date(2026, 8, 1), TOTAL),),
    )


def explained(account: Account, **named: Any) -> tuple[dict[str, Mapping[str, Any]], dict[str, Fact]]:
    query = InvoiceQuery(**{"point": "total", **named})
    explanation = explain("invoice_status", account, ON, query)
    if explanation is None:
        return {}, {}
    return {one.name: one.values for one in explanation.sentences}, {fact.name: fact for fact in explanation.facts}


def test_invoiced_and_paid_are_told_apart(two_years: Account) -> None:
    sentences, facts = explained(two_years, year=2026)
    assert sentences["total_invoiced"] == {
        "since": date(2026, 1, 1), "until": ON, "count": 2, "invoiced": Money(414000), "paid": Money(621000)
    }  # fmt: skip
    assert sentences["total_refunded"] == {"amount": TOTAL, "left": Money(414000)}
    assert str(facts["invoiced_in_all"].formula) == "2 × 2070.00 EUR"
    assert str(facts["paid_after_all"].formula) == "6210.00 EUR − 2070.00 EUR"
    assert "total_paid" in explained(two_years, year=2026, point="total_paid")[0]


@pytest.mark.parametrize(
    ("named", "since", "until"),
    [
        ({"year": 2025}, date(2025, 1, 1), date(2025, 12, 31)),
        ({"year": "previous"}, date(2025, 1, 1), date(2025, 12, 31)),
        ({"year": "this"}, date(2026, 1, 1), ON),
        ({"year": "last"}, date(2025, 11, 23), ON),
        ({"months": 12}, date(2025, 11, 23), ON),
        ({"months": 3}, date(2026, 8, 23), ON),
        ({}, date(2025, 7, 1), ON),
    ],
)
def test_of_which_days_it_is(two_years: Account, named: dict[str, Any], since: date, until: date) -> None:
    values = next(iter(explained(two_years, **named)[0].values()))
    assert (values["since"], values["until"]) == (since, until)


def test_a_credit_note_is_taken_off_by_its_own_day(two_years: Account) -> None:
    note = CreditNote("C-1", "2025-0060", date(2026, 2, 1), Money(7000))
    credited = replace(two_years, credit_notes=(note,))
    assert explained(credited, year=2026)[0]["total_credited"] == {"amount": Money(7000), "left": Money(407000)}
    assert not {"total_credited", "credited_then"} & {*explained(credited, year=2025)[0]}
    late = replace(credited, credit_notes=(replace(note, issued_on=date(2026, 9, 1)),))
    assert "credited_then" in explained(late, months=3)[0], "more than was invoiced in those months"


def test_how_far_the_records_go_is_said(two_years: Account) -> None:
    assert explained(two_years, year=2025)[0]["first_issued"] == {"day": date(2025, 7, 1)}
    assert "first_issued" not in explained(two_years, year=2026)[0]
    assert list(explained(two_years, year=2024)[0]) == ["total_nothing", "first_issued"]


def test_of_a_year_to_come_nothing_is_said(two_years: Account) -> None:
    assert explained(two_years, year=2027) == ({}, {})
