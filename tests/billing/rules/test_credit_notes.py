"""A credit note takes something off an invoice: the sums count it, and it is said wherever it changes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from saldo.answers.compose import ExplainedTopic, answer
from saldo.answers.plain_text import plain_text
from saldo.billing.account_state import balance, known_on
from saldo.billing.explain import explain
from saldo.billing.explanation import Explanation, InvoiceQuery
from saldo.billing.model import Account, CreditNote, Money
from saldo.billing.store.database import create_database
from saldo.billing.store.repository import Repository
from saldo.faq import load

FAQ = load(Path(__file__).parents[3] / "faq")
ON = date(2026, 11, 22)


def credited(account: Account, cents: int) -> Account:
    return replace(account, credit_notes=(CreditNote("C-1", "2026-0142", date(2026, 8, 1), Money(cents)),))


def told(topic: str, account: Account) -> Explanation:
    explanation = explain(topic, account, ON)
    assert explanation is not None
    return explanation


def amounts(explanation: Explanation) -> dict[str, str]:
    return {one.name: f"{one.value} = {one.formula}" for one in explanation.facts if one.formula}


def test_less_is_to_be_paid(account: Account) -> None:
    unpaid = credited(replace(account, payments=()), 7000)
    assert balance(unpaid, unpaid.invoices[0]) == Money(-200000)
    explanation = told("payment_extension", unpaid)
    assert amounts(explanation)["amount_due"] == "2000.00 EUR = 2070.00 EUR − 70.00 EUR"
    assert [one.name for one in explanation.sentences] == ["overdue_invoice", "credited"]


def test_what_was_paid_and_is_credited_is_too_much(account: Account) -> None:
    explanation = told("paid_twice", credited(account, 7000))
    assert amounts(explanation)["surplus"] == "70.00 EUR = 2070.00 EUR + 70.00 EUR − 2070.00 EUR"
    overpaid, set_off = explanation.sentences
    assert (overpaid.name, dict(overpaid.values)) == (
        "overpaid_credited",
        {
            "invoice": "2026-0142",
            "total": Money(207000),
            "credited": Money(7000),
            "paid": Money(207000),
            "refunded": Money(0),
            "surplus": Money(7000),
        },
    )
    assert set_off.values["surplus"] == Money(7000)


def test_credited_in_full_nothing_is_open_and_nothing_was_paid(account: Account) -> None:
    explanation = told("payment_extension", credited(replace(account, payments=()), 207000))
    assert [one.name for one in explanation.sentences] == ["nothing_open"]


def test_what_a_credit_note_settled_is_not_told_as_paid_that_day(account: Account) -> None:
    """2,000 of 2,070 paid in July, the rest credited on 1 August."""
    partly = credited(replace(account, payments=(replace(account.payments[0], amount=Money(200000)),)), 7000)
    explanation = explain("invoice_status", partly, ON, InvoiceQuery(invoice="2026-0142"))
    assert explanation is not None
    assert [(one.name, one.values["amount"]) for one in explanation.sentences] == [("credited", Money(7000))]


def test_before_it_is_issued_it_is_not_known(account: Account) -> None:
    assert known_on(credited(account, 7000), date(2026, 7, 31)).credit_notes == ()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nl", "Van factuur 2026-0142 is €\u00a070,00 gecrediteerd."),
        ("fi", "Laskusta 2026-0142 on hyvitetty 70,00\u00a0€."),
    ],
)
def test_it_is_said_in_both_languages(account: Account, language: str, said: str) -> None:
    explanation = told("payment_reminder", credited(replace(account, payments=()), 7000))
    text = plain_text(
        answer(FAQ, [ExplainedTopic("payment_reminder", language, explanation)], language).published()["blocks"]
    )
    assert said in text


def test_it_is_kept(account: Account, database_url: str) -> None:
    engine = create_database(database_url)
    Repository(engine).add([credited(account, 7000)])
    assert Repository(engine).account("NL-1") == credited(account, 7000)
    engine.dispose()
