"""Records at odds are told as such, with the people who can look; what can be explained is no contradiction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.answers.blocks import Contacts
from saldo.answers.compose import ExplainedTopic, answer
from saldo.billing.explain import explain
from saldo.billing.explanation import Explanation, InvoiceQuery
from saldo.billing.model import Account, Invoice, InvoiceLine, LicenceChange, Money, User
from saldo.billing.period import BillingPeriod
from saldo.billing.rules.contradictions import invoice_disagrees
from saldo.billing.samples.histories import history
from tests.billing.rules.test_coverage import FAQ

ON = date(2026, 10, 1)


def told(topic: str, account: Account, query: InvoiceQuery | None = None) -> Explanation:
    explanation = explain(topic, account, ON, query or InvoiceQuery())
    assert explanation is not None
    return explanation


def said(explanation: Explanation) -> dict[str, dict[str, object]]:
    return {sentence.name: dict(sentence.values) for sentence in explanation.sentences}


def billed(account: Account, licences: int) -> Account:
    """The account with so many licences on its invoice."""
    (invoice,) = account.invoices
    line = replace(invoice.lines[0], licences=licences, quantity=Decimal(licences * 6))
    return replace(account, invoices=(replace(invoice, lines=(line,)),))


@pytest.mark.parametrize("topic", ["seat_count", "invoice_quantity"])
def test_ten_licences_on_record_and_twelve_billed_are_a_contradiction(account: Account, topic: str) -> None:
    explanation = told(topic, billed(account, 12))
    at_odds = {"invoice": "2026-0142", "day": date(2026, 7, 1), "billed": 12, "licences": 10}
    assert said(explanation)["invoice_disagrees"] == at_odds
    wordings = {"nl": "ons facturatieteam kan het nakijken", "fi": "laskutustiimimme on hyvä tarkistaa"}
    for language, words in wordings.items():
        (part,) = answer(FAQ, [ExplainedTopic(topic, language, explanation)], language).parts
        assert part.risks == ("records_disagree",)
        assert words in str(part.blocks[0])
        (people,) = (block for block in part.blocks if isinstance(block, Contacts))
        assert "severa.invoicing@visma.com" in [item.email for item in people.items]


def test_a_contradiction_is_told_once_however_many_lines_bill_that_day(account: Account) -> None:
    (invoice,) = billed(account, 12).invoices
    more = replace(invoice.lines[0], number=2, licences=3, quantity=Decimal(18))
    explanation = told("invoice_quantity", replace(account, invoices=(replace(invoice, lines=(*invoice.lines, more)),)))
    at_odds = [one.values["billed"] for one in explanation.sentences if one.name == "invoice_disagrees"]
    assert at_odds == [15]


def test_is_it_right_is_not_answered_with_yes_where_the_records_are_at_odds(account: Account) -> None:
    explanation = told("invoice_quantity", billed(account, 12), InvoiceQuery(quantity=72, point="is_right"))
    (part,) = answer(FAQ, [ExplainedTopic("invoice_quantity", "nl", explanation, point="is_right")], "nl").parts
    assert str(part.blocks[0]).count("Dat is niet zeker: factuur 2026-0142 is vanaf 1 juli 2026 voor 12 licenties") == 1


@pytest.mark.parametrize(
    ("topic", "query"),
    [
        ("seat_count", InvoiceQuery()),
        ("manage_licences", InvoiceQuery()),
        ("licence_change", InvoiceQuery(licences=2, change="remove")),
    ],
)
def test_more_users_than_licences_are_a_contradiction(account: Account, topic: str, query: InvoiceQuery) -> None:
    crowded = replace(account, users=tuple(User("NL-1", f"User {number}", True) for number in range(12)))
    explanation = told(topic, crowded, query)
    assert said(explanation)["users_exceed"] == {"licences": 10, "active": 12}
    (part,) = answer(FAQ, [ExplainedTopic(topic, "nl", explanation)], "nl").parts
    assert part.risks == ("records_disagree",)


def change(ordered: date, effective: date, licences: int) -> LicenceChange:
    return LicenceChange("S-1", ordered, effective, licences)


EXPLAINED = {
    "removed after the invoice": (change(date(2026, 7, 3), date(2026, 7, 1), -2),),
    "added on the day of the invoice": (change(date(2026, 7, 1), date(2026, 7, 1), 3),),
    "added within the period, its invoice still to come": (change(date(2026, 8, 1), date(2026, 8, 1), 3),),
}


@pytest.mark.parametrize("changes", EXPLAINED.values(), ids=EXPLAINED)
def test_what_can_be_explained_is_no_contradiction(account: Account, changes: tuple[LicenceChange, ...]) -> None:
    changed = replace(account, licence_changes=(*account.licence_changes, *changes))
    explanation = told("invoice_quantity", changed)
    assert "invoice_disagrees" not in said(explanation)


def test_an_addition_billed_twice_is_a_contradiction(account: Account) -> None:
    added = change(date(2026, 8, 1), date(2026, 8, 1), 3)
    rest = BillingPeriod(date(2026, 8, 1), date(2027, 1, 1))
    line = InvoiceLine(1, 3, Decimal(5), Decimal(15), Money(3450), rest)
    twice = tuple(
        Invoice(number, "S-1", date(2026, 8, 1), date(2026, 8, 15), Money(51750), (line,))
        for number in ("2026-0143", "2026-0144")
    )
    changed = replace(account, licence_changes=(*account.licence_changes, added), invoices=(*account.invoices, *twice))
    explanation = told("invoice_quantity", changed, InvoiceQuery(invoice="2026-0143"))
    at_odds = {"invoice": "2026-0143", "day": date(2026, 8, 1), "billed": 16, "licences": 13}
    assert said(explanation)["invoice_disagrees"] == at_odds


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.dates(date(2023, 1, 1), date(2029, 3, 1)), st.integers(1, 9))
def test_a_history_agrees_with_itself_until_an_invoice_is_changed(number: int, on: date, more: int) -> None:
    account = history(number, on)
    assert not any(invoice_disagrees(account, one).sentences for one in account.invoices)
    first, *others = account.invoices
    lines = tuple(replace(line, licences=line.licences + more) for line in first.lines)
    spoilt = replace(account, invoices=(replace(first, lines=lines), *others))
    assert invoice_disagrees(spoilt, spoilt.invoices[0]).sentences
