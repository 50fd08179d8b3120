"""Answers begin with what was asked: a lead per point, in both languages, with the customer's figures."""

from __future__ import annotations

from datetime import date

import pytest

from saldo.answers.answer import AnswerPart
from saldo.answers.blocks import Paragraph
from saldo.answers.compose import ExplainedTopic, answer
from saldo.billing import InvoiceQuery, explain, sample_accounts
from saldo.faq import load
from tests.support import CHECKOUT

ON = date(2026, 11, 26)
FAQ = load(CHECKOUT / "faq")
ACCOUNTS = {one.customer.id: one for one in sample_accounts(ON)}
LEADS = [
    (language, topic, point, name)
    for language, texts in FAQ.texts.items()
    for topic, text in texts.items()
    for point, lead in text.leads.items()
    for name in lead
]


def told(topic: str, point: str | None, customer: str | None, language: str, **named: int) -> AnswerPart:
    query = InvoiceQuery(point=point, **named)  # type: ignore[arg-type]
    explanation = explain(topic, ACCOUNTS[customer], ON, query) if customer else None
    (part,) = answer(FAQ, [ExplainedTopic(topic, language, explanation, point=point)], language).parts
    return part


def first(part: AnswerPart) -> str:
    assert isinstance(part.blocks[0], Paragraph)
    return part.blocks[0].text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("topic", "point", "customer", "dutch", "finnish"),
    [
        ("cancel_service", "other_way", "1001", "Nee, opzeggen doet u schriftelijk", "Ei, irtisanominen tehdään kirj"),
        ("seat_count", "inactive", None, "Ja, zolang hun licentie", "Kyllä, niin kauan kuin heidän lisenssinsä"),
        ("seat_count", "basis", "1001", "U betaalt voor de licenties in uw abonnement, niet", "Laskutus perustuu"),
        ("licence_change", "credit", None, "Nee, verwijderde licenties", "Ei, poistettuja lisenssejä ei hyvitetä"),
        ("change_package", "at_once", "1001", "Nee, alleen als de factureringsperiode", "Ei, vain laskutuskauden"),
        ("refund_requirements", "why", None, "Om zeker te weten dat het geld", "Jotta rahat palautuvat"),
        ("payment_extension", "possible", "1011", "Uitstel is vaak mogelijk: mail", "Maksuaikaa voidaan useimmiten"),
        ("invoice_status", "paid", "1001", "Ja, factuur 2026-0142 is op", "Kyllä, lasku 2026-0482 on maksettu"),
        (
            "invoice_status",
            "open",
            "1014",
            "Er staan 2 facturen open, samen € 196,00.",
            "Avoinna on 2 laskua, yhteensä 196",
        ),
        ("invoice_status", "next", "1005", "De volgende factuur is voor", "Seuraava lasku on kaudelta"),
    ],
)
def test_the_answer_begins_with_what_was_asked(
    topic: str, point: str, customer: str | None, dutch: str, finnish: str
) -> None:
    for language, start in (("nl", dutch), ("fi", finnish)):
        known = customer and (f"NL-{customer}" if language == "nl" else f"FI-{int(customer) + 1000}")
        assert first(told(topic, point, known or None, language)).startswith(start)


def test_a_number_that_is_not_on_the_invoice_is_denied_with_the_right_one() -> None:
    asked = told("invoice_quantity", "is_right", "NL-1001", "nl", quantity=70)
    assert first(asked) == "Nee, op factuur 2026-0142 staan er geen 70 maar 60."
    assert first(told("invoice_quantity", "is_right", "NL-1001", "nl", quantity=60)).startswith(
        "Ja, volgens onze gegevens wel"
    )


@pytest.mark.parametrize(("language", "topic", "point", "name"), LEADS)
def test_both_languages_have_the_same_leads(language: str, topic: str, point: str, name: str) -> None:
    other = "fi" if language == "nl" else "nl"
    assert name in FAQ.text(topic, other).leads[point]


def test_the_country_decides_who_collects_and_not_the_language_read() -> None:
    assert "Visma Amili" in first(told("payment_extension", "possible", "FI-2012", "nl"))
    assert "severa.invoicing@visma.com" in first(told("payment_extension", "possible", "NL-1012", "fi"))
    words = " ".join(
        block.text for block in told("payment_extension", None, "NL-1012", "fi").blocks if isinstance(block, Paragraph)
    )
    assert "Amili" not in words


@pytest.mark.parametrize("topic", ["payment_extension", "payment_reminder"])
@pytest.mark.parametrize("customer", ["NL-1001", "NL-1012"])
def test_no_block_of_a_dutch_customers_answer_names_the_finnish_collector(topic: str, customer: str) -> None:
    assert "Amili" not in str(told(topic, None, customer, "fi").blocks)
    assert "Amili" in str(told(topic, None, "FI-2012", "fi").blocks)


def test_what_is_with_the_collector_is_not_to_be_agreed_with_us() -> None:
    for language, ours in (("nl", "af met ons facturatieteam"), ("fi", "sähköpostitse laskutustiimimme")):
        assert ours not in str(told("payment_extension", None, "FI-2012", language).blocks)
        assert ours in str(told("payment_extension", None, "FI-2011", language).blocks), "due in a week"


def test_who_is_to_be_refunded_is_not_told_to_do_nothing() -> None:
    assert first(told("paid_twice", "must_act", "NL-1006", "nl")).startswith("Nee, voor de verrekening hoeft u niets")
    dutch, finnish = (
        first(told("paid_twice", "must_act", customer, language))
        for customer, language in (("NL-1007", "nl"), ("FI-2007", "fi"))
    )
    assert dutch.startswith("Ja: er komt geen factuur meer") and finnish.startswith("Kyllä: laskua, jolle")


def test_under_an_open_reminded_invoice_stands_not_that_there_is_nothing_to_do() -> None:
    for language, nothing in (("nl", "niets te doen"), ("fi", "toimenpiteitä")):
        assert nothing not in str(told("payment_reminder", None, "NL-1012", language).blocks)


def test_what_is_cancelled_is_not_told_how_to_remove_licences() -> None:
    for topic in ("manage_licences", "licence_change"):
        said = str(told(topic, None, "NL-1010", "nl").blocks)
        assert "30 november 2026 als laatste dag" in said.replace("\xa0", " ")
        assert "prullenbakpictogram" not in said and "volgende factureringsperiode" not in said


def test_a_textbook_example_is_left_out_beside_own_figures() -> None:
    def paragraphs(customer: str | None) -> str:
        return " ".join(
            one.text for one in told("seat_count", None, customer, "nl").blocks if isinstance(one, Paragraph)
        )

    assert "bijvoorbeeld 10 betaalde licenties" in paragraphs(None)
    assert "bijvoorbeeld" not in paragraphs("NL-1001")


def test_what_is_cancelled_is_not_told_how_to_cancel() -> None:
    said = [one.text for one in told("cancel_service", None, "NL-1007", "nl").blocks if isinstance(one, Paragraph)]
    assert said[0].startswith("Uw abonnement is al opgezegd") and not any("schriftelijk" in one for one in said)


def test_what_the_lead_says_is_not_said_again_below_it() -> None:
    said = {
        point: [
            block.text
            for block in answer(FAQ, [ExplainedTopic("licence_change", "nl", point=point)], "nl").blocks
            if isinstance(block, Paragraph)
        ]
        for point in ("deadline", "addition_from")
    }
    assert not any("Verwijdert u" in text for text in said["deadline"][1:])
    assert any("Verwijdert u" in text for text in said["addition_from"][1:])
