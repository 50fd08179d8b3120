"""What a question is answered with: the article that covers it, in its language, with the customer's own figures."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support import ARTICLES, Conversation, own_figures, words

SIXTY = {
    "nl": "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?",
    "fi": "Miksi laskulla on 60 lisenssiä, vaikka meillä on 10?",
}
HEADINGS = {
    "Waarom komt het aantal gebruikers op mijn factuur niet overeen met het aantal actieve gebruikers?": "seat_count",
    "Hoe beïnvloeden wijzigingen in het aantal licenties tijdens een factureringsperiode de facturering?": (
        "licence_change"
    ),
    "Waarom komt het aantal licenties op mijn factuur niet overeen met het aantal op mijn abonnement?": (
        "invoice_quantity"
    ),
    "Hoe kan ik mijn serviceplan wijzigen?": "change_package",
    "Hoe beëindig ik de service?": "cancel_service",
    "Ik heb mijn factuur twee keer betaald, wat moet ik doen?": "paid_twice",
    "Ik heb meer tijd nodig om mijn factuur te betalen, wat moet ik doen?": "payment_extension",
    "Ik heb een betalingsherinnering ontvangen, wat moet ik doen?": "payment_reminder",
    "Miksi laskulla näkyvä käyttäjämäärä ei vastaa aktiivisten käyttäjien määrää?": "seat_count",
    "Miten lisenssimäärien muuttaminen kesken laskutuskauden vaikuttaa laskutukseen?": "licence_change",
    "Miksi laskulla näkyvä lisenssien kappalemäärä ei vastaa tilauksella olevaa määrää?": "invoice_quantity",
    "Miten vaihdan palvelupakettiani?": "change_package",
    "Miten irtisanon palvelun?": "cancel_service",
    "Maksoin laskun kahdesti, mitä teen?": "paid_twice",
    "Tarvitsen laskulle maksuaikaa, mitä teen?": "payment_extension",
    "Sain perintäkirjeen, mitä teen?": "payment_reminder",
}
"""Every question heading of both articles, verbatim, and the topic it is about."""


@pytest.mark.parametrize(
    ("language", "customer", "invoice", "reckoned"),
    [
        ("nl", "NL-1001", "2026-0142", "10 licenties × 6 maanden"),
        ("fi", "FI-2001", "2026-0482", "10 lisenssiä × 6 kuukautta"),
    ],
)
def test_a_known_customer_reads_where_the_60_on_their_invoice_come_from(
    talk: Conversation, language: str, customer: str, invoice: str, reckoned: str
) -> None:
    answer = talk.say(SIXTY[language], customer)
    assert (answer["kind"], answer["language"], answer["topics"]) == ("answer", language, ["invoice_quantity"])
    quantity = next(fact for fact in answer["facts"] if fact["name"] == "quantity")
    assert (quantity["value"], quantity["formula"]) == (60, "10 × 6")
    assert invoice in quantity["source"]
    first = words(answer).splitlines()[0]
    assert invoice in first
    assert reckoned in first
    assert "6 × 10 = 60" not in words(answer)  # beside own figures the article's example is left out


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_without_a_customer_the_rule_is_told_and_nobodys_figures(talk: Conversation, language: str) -> None:
    answer = talk.say(SIXTY[language])
    assert (answer["language"], answer["topics"]) == (language, ["invoice_quantity"])
    assert "6 × 10 = 60" in words(answer)
    assert own_figures(answer) == set()


@pytest.mark.parametrize(("heading", "topic"), HEADINGS.items())
def test_a_heading_asked_verbatim_is_answered_by_its_own_article(talk: Conversation, heading: str, topic: str) -> None:
    answer = talk.say(heading)
    language = "nl" if list(HEADINGS).index(heading) < 8 else "fi"
    assert (answer["kind"], answer["language"], answer["topics"]) == ("answer", language, [topic])
    assert heading in words(answer)  # it names the heading it is from


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_these_are_all_the_headings_of_the_articles(language: str) -> None:
    article = ARTICLES / f"{language}.txt"
    if not article.is_file():
        pytest.skip(f"the articles are not at {ARTICLES}")
    lines = (line.removeprefix("- ") for line in article.read_text(encoding="utf-8").splitlines())
    asked = {line for line in lines if line.endswith(("?", "wat moet ik doen?", "mitä teen?"))}
    closing = {line for line in asked if line.startswith(("Was dit antwoord", "Oliko tästä"))}
    assert len(asked - closing) == 8
    assert asked - closing <= set(HEADINGS)


def test_several_questions_are_answered_in_the_order_asked_each_under_its_heading(talk: Conversation) -> None:
    answer = talk.say("Hoe zeg ik Severa op? En waarom kreeg ik een betalingsherinnering?")
    assert answer["topics"] == ["cancel_service", "payment_reminder"]
    headings = [block["text"] for block in answer["blocks"] if block["type"] == "heading"]
    assert len(headings) == 2
    assert words(answer).index("severa.support@visma.com") < words(answer).index("severa.invoicing@visma.com")


def test_the_questions_of_one_message_bring_the_figures_of_each(talk: Conversation) -> None:
    answer = talk.say(
        "Maksoin laskun kahdesti, mitä teen? Miksi laskulla on 21 lisenssiä, vaikka meillä on 7?", "FI-2006"
    )
    assert set(answer["topics"]) == {"paid_twice", "invoice_quantity"}
    assert {"surplus", "quantity"} <= {fact["name"] for fact in answer["facts"]}


def test_what_one_part_of_a_message_leaves_open_is_quoted(talk: Conversation) -> None:
    answer = talk.say("Hoe zeg ik Severa op? Wie heeft de Elfstedentocht van 1997 gewonnen?")
    assert answer["topics"] == ["cancel_service"]
    assert "Elfstedentocht" in words(answer)


@pytest.mark.parametrize(
    ("customer", "asked", "reason"),
    [
        ("NL-1001", "Waarom meer licenties dan actieve gebruikers?", "U betaalt voor de licenties in uw abonnement"),
        ("NL-1001", "waarom meer dan actief", "U betaalt voor de licenties in uw abonnement"),
        ("FI-2001", "Miksi laskulla on enemmän käyttäjiä kuin aktiivisia?", "Laskutus perustuu tilauksen lisensseihin"),
        ("FI-2001", "miks enemmän ku aktiivisia", "Laskutus perustuu tilauksen lisensseihin"),
    ],
)
def test_why_more_is_billed_than_is_active_is_answered_with_the_reason_first(
    talk: Conversation, customer: str, asked: str, reason: str
) -> None:
    assert words(talk.say(asked, customer)).startswith(reason)


def test_the_same_question_gets_the_same_answer(converse: Callable[[], Conversation]) -> None:
    first, second = (converse().say(SIXTY["nl"], "NL-1001") for _ in range(2))
    own = {"id": "", "at": ""}  # each message's own, whatever it says
    assert {**first, **own} == {**second, **own}
