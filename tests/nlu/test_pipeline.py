"""What is asked is answered; what is told, negated, settled or taken back is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from saldo.evaluation.predictor import message_model
from saldo.language import detect
from saldo.nlu.pipeline import Understood, understand
from saldo.nlu.reading import MessageModel
from saldo.nlu.thread import NOTHING_BEFORE, Before


@pytest.fixture(scope="module")
def reader(model: Path) -> MessageModel:
    return message_model(model)


def read(reader: MessageModel, text: str, before: Before = NOTHING_BEFORE) -> Understood:
    return understand(text, detect(text).code, reader, before)


def answered(understood: Understood) -> list[str]:
    return [one.decision.topic for one in understood.questions if one.decision.status == "answer"]


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Hoe zeg ik het abonnement op?", ["cancel_service"]),
        ("Opzeggen is niet de bedoeling, wij willen uitstel van betaling.", ["payment_extension"]),
        ("Emme ole irtisanomassa, vaan kysyisin maksuaikaa laskulle.", ["payment_extension"]),
        ("De aanmaning is betaald. Hoe haal ik een licentie weg?", ["manage_licences"]),
        ("Muistutuslasku on jo maksettu. Mistä poistan lisenssin?", ["manage_licences"]),
        ("Hoe wijzig ik ons pakket? En wanneer vervalt factuur 2026-0142?", ["change_package", "invoice_status"]),
    ],
)
def test_only_what_is_asked_is_answered_in_the_order_asked(reader: MessageModel, text: str, topics: list[str]) -> None:
    assert answered(read(reader, text)) == topics


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("Laat maar, ik heb het gevonden.", {"withdraw", "settle"}),
        ("Ei tarvitse enää, asia selvisi. Kiitos!", {"withdraw", "settle", "courtesy"}),
        ("Hierbij zeggen wij ons abonnement op per 1 januari.", {"notice"}),
        ("Kysyin aamulla, miten saadaan lisää maksuaikaa. Ei tarvitse enää, asia hoitui.", {"withdraw", "settle"}),
        ("Vanmorgen vroeg ik waarom er 60 op de factuur staat. Laat maar zitten.", {"withdraw"}),
    ],
)
def test_what_asks_nothing_gets_no_article(reader: MessageModel, text: str, act: set[str]) -> None:
    (said,) = read(reader, text).questions
    assert (said.decision.status, said.act in act) == ("small_talk", True)


@pytest.mark.parametrize("text", ["Bedankt?", "Ja?", "Kiitos?"])
def test_a_question_is_never_taken_for_a_yes_a_no_or_thanks(reader: MessageModel, text: str) -> None:
    assert read(reader, text).questions[0].decision.topic not in ("affirm", "deny", "thank")


@pytest.mark.parametrize(
    ("language", "text"), [("nl", "ja"), ("nl", "ja, die bedoel ik"), ("fi", "joo"), ("fi", "kyllä")]
)
def test_a_mere_yes_after_an_answer_asks_nothing(reader: MessageModel, language: str, text: str) -> None:
    (said,) = understand(text, language, reader, Before("invoice_quantity")).questions
    assert (said.decision.status, said.decision.topic) == ("small_talk", "affirm")


def test_a_short_question_is_taken_up_where_the_conversation_stands(reader: MessageModel) -> None:
    assert answered(read(reader, "en als ik er drie bij neem?", Before("seat_count"))) == ["licence_change"]


def test_a_foreign_matter_is_none_of_ours_in_any_thread(reader: MessageModel) -> None:
    assert answered(read(reader, "Hoe keur ik uren goed in het projectoverzicht?", Before("seat_count"))) == []


def test_what_is_offered_can_be_named(reader: MessageModel) -> None:
    offered = Before(offered=("paid_twice", "cancel_service"))
    assert answered(read(reader, "de tweede", offered)) == ["cancel_service"]


def test_an_empty_message_asks_nothing(reader: MessageModel) -> None:
    assert read(reader, " ").questions == ()


@pytest.mark.parametrize(
    "text", ["Guten Tag, ich habe eine Frage zu meiner Rechnung", "Good morning, could you help me out"]
)
def test_a_foreign_greeting_with_a_question_in_it_is_no_small_talk(reader: MessageModel, text: str) -> None:
    (question,) = read(reader, text).questions
    assert question.decision.status == "out_of_scope"
