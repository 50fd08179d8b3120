"""Which invoice a question means; a misspelt number is asked back, and nobody else's is ever found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saldo.billing.explain import explain
from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Account, Money
from saldo.billing.rules.invoice_reference import InvoiceReference, referenced

ON = date(2026, 11, 22)


@pytest.fixture
def several(account: Account) -> Account:
    """Invoices of January, of two days in March, of June of the year before, each with an amount of its own."""
    (invoice,) = account.invoices
    made = [
        ("2025-0060", date(2025, 6, 1), 60000),
        ("2026-0101", date(2026, 1, 5), 101000),
        ("2026-0117", date(2026, 3, 1), 31750),
        ("2026-0138", date(2026, 3, 20), 31799),
        ("2026-0142", date(2026, 7, 1), 207000),
    ]
    invoices = [
        replace(invoice, number=number, issued_on=day, due_date=day.replace(day=28), total=Money(cents))
        for number, day, cents in made
    ]
    return replace(account, invoices=tuple(invoices))


def numbers(found: InvoiceReference) -> list[str]:
    return [invoice.number for invoice in found.invoices]


def notices(found: InvoiceReference) -> list[str]:
    return [statement.name for statement in found.notice.sentences]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (InvoiceQuery(), ["2026-0142"]),
        (InvoiceQuery(place="latest"), ["2026-0142"]),
        (InvoiceQuery(place="previous"), ["2026-0138"]),
        (InvoiceQuery(place="previous", before="2026-0138"), ["2026-0117"]),
        (InvoiceQuery(place="previous", before="2026-9999"), ["2026-0138"]),  # somebody else's
        (InvoiceQuery(invoice="2026 - 0101"), ["2026-0101"]),
        (InvoiceQuery(date="2026-01-05"), ["2026-0101"]),
        (InvoiceQuery(date="2026-01"), ["2026-0101"]),
        (InvoiceQuery(date="--03"), ["2026-0117", "2026-0138"]),
        (InvoiceQuery(date="--06"), ["2025-0060"]),
        (InvoiceQuery(date="2026-03-28"), ["2026-0117", "2026-0138"]),  # due that day
        (InvoiceQuery(date="--09"), ["2026-0142"]),  # issued never in September, but for a period around it
        (InvoiceQuery(amount=Money(31799)), ["2026-0138"]),
        (InvoiceQuery(amount=Money(101000)), ["2026-0101"]),
        (InvoiceQuery(amount=Money(31700)), ["2026-0117", "2026-0138"]),  # whole euros
        (InvoiceQuery(amount=Money(31750), date="--03"), ["2026-0117"]),
    ],
)
def test_an_invoice_is_found_as_people_name_it(several: Account, asked: InvoiceQuery, expected: list[str]) -> None:
    found = referenced(several, asked)
    assert (numbers(found), notices(found), found.sure) == (expected, [], True)


@pytest.mark.parametrize(
    ("typed", "expected", "said"),
    [
        ("2026-142", ["2026-0142"], ["did_you_mean"]),
        ("2062-0142", ["2026-0142"], ["did_you_mean"]),
        ("0138", ["2026-0138"], ["did_you_mean"]),
        ("2026-0110", [], ["unknown_invoice", "could_be", "could_be"]),
        ("9999-7777", ["2026-0142"], ["which_invoice"]),
        ("1", ["2026-0142"], ["which_invoice"]),
    ],
)
def test_a_number_like_one_is_asked_back(several: Account, typed: str, expected: list[str], said: list[str]) -> None:
    found = referenced(several, InvoiceQuery(invoice=typed))
    assert (numbers(found), notices(found), found.sure) == (expected, said, False)


@pytest.mark.parametrize(
    "asked", [InvoiceQuery(amount=Money(1)), InvoiceQuery(date="2020-01"), InvoiceQuery(date="nonsense")]
)
def test_what_is_not_there_is_said_not_to_be(several: Account, asked: InvoiceQuery) -> None:
    found = referenced(several, asked)
    assert (numbers(found), notices(found), found.sure) == (["2026-0142"], ["which_invoice"], False)


def test_of_more_than_two_the_latest_is_told(several: Account) -> None:
    same = replace(several, invoices=tuple(replace(one, total=Money(500)) for one in several.invoices))
    found = referenced(same, InvoiceQuery(amount=Money(500)))
    assert (numbers(found), notices(found)) == (["2026-0142"], ["several"])
    assert found.notice.sentences[0].values["count"] == 5


def test_without_invoices_nothing_is_meant(account: Account) -> None:
    assert referenced(replace(account, invoices=()), InvoiceQuery(invoice="2026-0142")) == InvoiceReference(sure=False)


@pytest.mark.parametrize("topic", ["paid_twice", "refund_requirements", "payment_extension", "payment_reminder"])
def test_other_topics_ask_back_too(several: Account, topic: str) -> None:
    explanation = explain(topic, several, ON, InvoiceQuery(invoice="2026-142"))
    assert explanation is not None and explanation.sentences[0].name == "did_you_mean"
    unknown = explain(topic, several, ON, InvoiceQuery(invoice="9999-7777"))
    assert unknown is not None and unknown.sentences[0].name == "unknown_invoice"


def test_before_the_first_there_is_none(several: Account) -> None:
    oldest = min(several.invoices, key=lambda invoice: invoice.issued_on).number
    found = referenced(several, InvoiceQuery(place="previous", before=oldest))
    assert (numbers(found), notices(found), found.sure) == ([], ["earliest"], False)
