"""What makes sense only in context is read with the conversation's last topic. The judge here knows a few words."""

from __future__ import annotations

import pytest

from saldo.nlu.decision import Decision
from saldo.nlu.followup import Before, in_thread

KNOWN = {
    "weg": "manage_licences",
    "aantal op de factuur": "invoice_quantity",
    "opzeg": "cancel_service",
    "pois": "manage_licences",
}


def judge(text: str) -> Decision:
    found = next((topic for word, topic in KNOWN.items() if word in text.casefold()), None)
    if found:
        return Decision("answer", found, 0.7, ((found, 0.7),))
    return Decision("clarify", "seat_count", 0.3, (("seat_count", 0.3), ("out_of_scope", 0.2)))


def after(topic: str, text: str, alone: Decision, language: str = "nl") -> str:
    return in_thread(text, alone, Before(topic), language, judge).topic


UNCLEAR = judge("?")
NONSENSE = Decision("out_of_scope", "out_of_scope", 0.98, (("out_of_scope", 0.98),))
PERSON = Decision("small_talk", "human", 0.75, (("human", 0.75),))


def test_what_points_back_is_read_with_the_topic() -> None:
    assert after("seat_count", "en hoe haal ik ze weg?", UNCLEAR) == "manage_licences"
    assert after("seat_count", "entä miten ne saa pois?", UNCLEAR, "fi") == "manage_licences"


def test_what_stays_open_is_about_the_topic_still() -> None:
    assert after("cancel_service", "naar welk adres moet dat?", UNCLEAR) == "cancel_service"


def test_asking_whom_about_it_is_no_request_for_a_person() -> None:
    assert after("payment_reminder", "met wie moet ik daarover contact opnemen?", PERSON) == "payment_reminder"
    assert after("payment_reminder", "ik wil een mens spreken", PERSON) == "human"


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("wordt het morgen mooi weer?", NONSENSE),
        ("hoe zeg ik op?", judge("opzeg")),
        ("We hebben een vraag. En wat kost dat dan?", UNCLEAR),
        ("een nieuwe vraag over iets wat langer is dan wat op een vorige vraag leunt, namelijk dit", UNCLEAR),
    ],
)
def test_what_stands_alone_starts_anew(text: str, alone: Decision) -> None:
    assert in_thread(text, alone, Before("payment_extension"), "nl", judge) is alone


def test_a_correction_is_what_was_meant() -> None:
    assert after("seat_count", "nee, ik bedoel het aantal op de factuur", UNCLEAR) == "invoice_quantity"


@pytest.mark.parametrize(("text", "topic"), [("de tweede", "cancel_service"), ("1", "change_package")])
def test_a_choice_in_words(text: str, topic: str) -> None:
    offered = Before(None, ("change_package", "cancel_service"))
    assert in_thread(text, UNCLEAR, offered, "nl", judge).topic == topic


def test_without_a_conversation_nothing_changes() -> None:
    assert in_thread("en hoe haal ik ze weg?", UNCLEAR, Before(), "nl", judge) is UNCLEAR
    assert in_thread("and how?", UNCLEAR, Before("seat_count"), "other", judge) is UNCLEAR


REFUND = Decision("answer", "refund_requirements", 0.9, (("refund_requirements", 0.9),))


def test_money_back_for_licences_is_a_credit() -> None:
    assert after("manage_licences", "krijgen we daar dan geld voor terug?", REFUND) == "licence_change"
    assert after("seat_count", "saadaanko rahat takaisin kuluneelta ajalta?", REFUND, "fi") == "licence_change"


def test_money_back_for_a_payment_stays_a_refund() -> None:
    assert after("manage_licences", "wat moet de bank verklaren voor geld terug?", REFUND) == "refund_requirements"
    assert after("paid_twice", "krijgen we het geld terug?", REFUND) == "refund_requirements"


def test_after_the_steps_comes_what_they_do_to_the_bill() -> None:
    assert after("manage_licences", "zie ik dat dan al op deze factuur?", UNCLEAR) == "licence_change"
    assert after("manage_licences", "waar staat dat dan?", UNCLEAR) == "manage_licences"


def test_another_explanation_is_of_the_same_matter() -> None:
    lost = Decision("small_talk", "help", 0.9, (("help", 0.9),))
    thanks = Decision("small_talk", "thank", 0.9, (("thank", 0.9),))
    assert after("invoice_quantity", "kun je een voorbeeld geven?", lost) == "invoice_quantity"
    assert after("invoice_quantity", "voitko selittää uudelleen?", lost, "fi") == "invoice_quantity"
    assert after("invoice_quantity", "bedankt voor de uitleg", thanks) == "thank"


def test_how_licences_go_is_about_the_steps() -> None:
    assert after("seat_count", "miten niistä pääsee eroon?", UNCLEAR, "fi") == "manage_licences"
    assert after("licence_change", "waar doe ik dat?", UNCLEAR) == "manage_licences"


def test_whom_to_turn_to_is_about_the_same_matter() -> None:
    person = Decision("small_talk", "human", 0.99, (("human", 0.99),))
    assert after("payment_reminder", "voinko soittaa suoraan niille?", person, "fi") == "payment_reminder"
    assert after("payment_extension", "naar welk e-mailadres moet ik dan schrijven?", NONSENSE) == "payment_extension"


def test_the_previous_invoice_is_asked_about_like_the_last() -> None:
    assert after("seat_count", "en op de vorige?", NONSENSE) == "seat_count"
    assert after("invoice_quantity", "entä edellisessä laskussa?", NONSENSE, "fi") == "invoice_quantity"


def test_a_small_word_that_points_makes_nothing_ours() -> None:
    weather = Decision("out_of_scope", "out_of_scope", 0.5, (("out_of_scope", 0.5),))
    assert after("payment_extension", "wordt het morgen mooi weer?", weather) == "out_of_scope"
