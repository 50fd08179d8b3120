"""Follow-ups of a known customer: which invoice was spoken of is remembered, one turn after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support import Conversation, words

CUSTOMER = {"nl": "NL-1002", "fi": "FI-2002"}
"""Billed monthly, with four invoices."""
SLIP = {"nl": "2026-162", "fi": "2026-502"}
"""The number of one of them with a digit left out."""


def invoices(said: dict[str, Any]) -> list[str]:
    return [fact["value"] for fact in said["facts"] if fact["name"] == "invoice"]


@pytest.mark.parametrize(
    ("language", "question", "previous"),
    [
        ("nl", "Hoe komt u aan het aantal op mijn laatste factuur?", "en de vorige?"),
        ("fi", "Mistä viimeisimmän laskun kappalemäärä tulee?", "entä edellinen?"),
    ],
)
def test_the_previous_one_goes_on_going_back(
    converse: Callable[[], Conversation], language: str, question: str, previous: str
) -> None:
    talk = converse()
    told = [invoices(talk.say(text, CUSTOMER[language])) for text in (question, *[previous] * 4)]
    assert all(len(one) == 1 for one in told), told
    numbers = [one[0] for one in told]
    assert numbers[:4] == sorted(set(numbers), reverse=True), "four, each before the other"
    assert numbers[4] == numbers[3], "there is none before the first"


@pytest.mark.parametrize(
    ("language", "question", "yes"),
    [
        ("nl", "Hoe komt u aan het aantal op factuur {}?", "ja"),
        ("nl", "Hoe komt u aan het aantal op factuur {}?", "ja, die bedoel ik"),
        ("fi", "Mistä laskun {} kappalemäärä tulee?", "joo"),
        ("fi", "Mistä laskun {} kappalemäärä tulee?", "kyllä"),
    ],
)
def test_a_yes_confirms_the_invoice_that_was_meant(
    converse: Callable[[], Conversation], language: str, question: str, yes: str
) -> None:
    talk = converse()
    asked_back = talk.say(question.format(SLIP[language]), CUSTOMER[language])
    (meant,) = invoices(asked_back)
    confirmed = talk.say(yes, CUSTOMER[language])
    assert (confirmed["kind"], invoices(confirmed)) == ("answer", [meant])
    assert words(confirmed) in words(asked_back) and words(confirmed) != words(asked_back), "without the question"
    assert talk.say(yes, CUSTOMER[language])["kind"] == "small_talk", "a second yes confirms nothing"


@pytest.mark.parametrize(
    ("language", "turns"),
    [
        ("nl", ["Hoeveel licenties heb ik?", "en als ik er 3 bij neem?", "en als ik er 2 weg haal?"]),
        ("fi", ["Montako lisenssiä meillä on?", "entä jos lisään kolme?", "entä jos poistan kaksi?"]),
    ],
)
def test_what_if_follows_whatever_was_asked(
    converse: Callable[[], Conversation], language: str, turns: list[str]
) -> None:
    talk = converse()
    first, adding, removing = (talk.say(text, CUSTOMER[language]) for text in turns)
    assert [fact["value"] for fact in adding["facts"] if fact["name"] == "to_add"] == [3]
    assert [fact["value"] for fact in removing["facts"] if fact["name"] == "last_day"]
    assert first["kind"] == adding["kind"] == removing["kind"] == "answer"


@pytest.mark.parametrize(
    ("language", "turns", "quantities"),
    [
        (
            "nl",
            ["10 licenties, 6 maanden, wat komt er op de factuur?", "sorry 3 maanden", "ik bedoel 12 licenties"],
            [60, 30, 36],
        ),
        (
            "fi",
            ["10 lisenssiä, 6 kuukautta, mitä laskulle tulee?", "sori 3 kuukautta", "eiku 12 lisenssiä"],
            [60, 30, 36],
        ),
    ],
)
def test_of_what_was_supposed_the_other_number_stays(
    converse: Callable[[], Conversation], language: str, turns: list[str], quantities: list[int]
) -> None:
    talk = converse()
    for text, quantity in zip(turns, quantities, strict=True):
        said = talk.say(text)
        assert said["topics"] == ["invoice_quantity"] and str(quantity) in words(said).splitlines()[0]
        assert said["facts"] == [], "nobody's figures are a customer's"


@pytest.mark.parametrize(
    ("language", "turns", "quantity"),
    [
        (
            "nl",
            [
                "Op de factuur staat 24, ons abonnement heeft 4 licenties. Hoe kan dat?",
                "en met een periode van 12 maanden?",
            ],
            48,
        ),
        ("fi", ["Laskulla on 24 kpl mutta tilauksella 4 lisenssiä, miksi?", "entä jos kausi on 12 kk?"], 48),
    ],
)
@pytest.mark.parametrize("between", [{}, {"nl": "ik snap het nog niet", "fi": "en ymmärrä vieläkään"}])
def test_a_number_told_in_a_question_stays_even_when_it_has_to_be_explained_again(
    converse: Callable[[], Conversation], language: str, turns: list[str], quantity: int, between: dict[str, str]
) -> None:
    talk = converse()
    talk.say(turns[0])
    if between:
        talk.say(between[language])
    said = talk.say(turns[1])
    assert said["topics"] == ["invoice_quantity"] and str(quantity) in words(said).splitlines()[0]


@pytest.mark.parametrize(
    ("language", "turns", "told"),
    [
        (
            "nl",
            ["wat als ik per 1 maart 3 licenties erbij neem?", "en vanaf 1 januari?", "en als het er 5 zijn?"],
            [("1 maart 2027", 3), ("1 januari 2027", 3), ("1 januari 2027", 5)],
        ),
        (
            "fi",
            ["entä jos otan 3 lisenssiä lisää 1. maaliskuuta?", "entä tammikuun alusta?", "entä jos 5?"],
            [("1.3.2027", 3), ("1.1.2027", 3), ("1.1.2027", 5)],
        ),
    ],
)
def test_of_a_change_supposed_before_what_is_not_said_anew_stays(
    converse: Callable[[], Conversation], language: str, turns: list[str], told: list[tuple[str, int]]
) -> None:
    talk = converse()
    for text, (day, licences) in zip(turns, told, strict=True):
        said = talk.say(text, CUSTOMER[language])
        assert said["topics"] == ["licence_change"]
        assert [fact["value"] for fact in said["facts"] if fact["name"] == "to_add"] == [licences]
        assert str(licences) in words(said).splitlines()[0] and day in words(said)


def test_whom_an_answer_made_angry_is_not_given_it_again(converse: Callable[[], Conversation]) -> None:
    talk = converse()
    assert talk.say("Waarom kreeg ik een betalingsherinnering?")["kind"] == "answer"
    said = talk.say("Dit is belachelijk, nu krijg ik weer een herinnering, ik schakel mijn advocaat in!")
    assert said["kind"] == "handover"


@pytest.mark.parametrize("text", ["Hoe zeg ik op?", "Miten irtisanon palvelun?"])
def test_an_answer_is_not_given_word_for_word_a_second_time(converse: Callable[[], Conversation], text: str) -> None:
    """People are named first then, and the third time a person takes over."""
    talk = converse()
    first, second, third = (talk.say(text) for _ in range(3))
    assert first["kind"] == second["kind"] == "answer"
    assert second["blocks"][0] != first["blocks"][0] and second["blocks"][-1] == first["blocks"][0]
    assert [block["type"] for block in second["blocks"]] == ["paragraph", "contacts", "paragraph"]
    assert third["kind"] == "handover"


def test_after_another_answer_the_same_one_is_given_whole(converse: Callable[[], Conversation]) -> None:
    talk = converse()
    first = talk.say("Hoe zeg ik op?")
    talk.say("Wanneer komt de volgende factuur?")
    assert talk.say("Hoe zeg ik op?")["blocks"] == first["blocks"]
