"""What customers ask of their own bill, in many words: each answer begins with the right sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.support import CHECKOUT, Conversation, words

MOST_WRONG = 0.04
"""Another model may read a question in a hundred as something else; no more."""


def read(language: str) -> list[dict[str, str]]:
    path = CHECKOUT / "tests" / "conversation" / "own_bill" / f"{language}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_the_answer_begins_with_what_was_asked_of_the_bill(converse: Callable[[], Conversation], language: str) -> None:
    questions = read(language)
    assert len(questions) >= 70
    said = [first(converse().say(one["text"], one["customer"])) for one in questions]
    wrong = [
        (one["text"], text) for one, text in zip(questions, said, strict=True) if not text.startswith(one["first"])
    ]
    assert len(wrong) <= MOST_WRONG * len(questions), wrong


def first(answer: dict[str, Any]) -> str:
    return words(answer).split("\n")[0].replace("\u00a0", " ")


def test_nobody_known_reads_the_answer_that_was_given_before(talk: Conversation) -> None:
    """What follows from records alone is not answered to whoever has none."""
    assert talk.say("Wat kost een licentie?")["kind"] != "answer"
    (question,) = talk.say("Waarom is mijn factuur hoger dan de vorige?")["questions"]
    assert question["topic"] == "invoice_quantity"


def test_the_questions_are_told_as_they_were_answered(converse: Callable[[], Conversation]) -> None:
    (question,) = converse().say("Wat kost een licentie?", "NL-1001")["questions"]
    assert (question["topic"], question["point"]) == ("invoice_status", "price")
    (question,) = converse().say("Er staat 60 op de factuur maar we hebben maar 10 gebruikers", "NL-1001")["questions"]
    assert question["topic"] == "invoice_quantity"


def test_the_invoice_told_of_is_the_one_compared(talk: Conversation) -> None:
    talk.say("Waarom staat er 18 op factuur 2026-0182?", "NL-1003")
    compared = first(talk.say("En waarom is die hoger dan de vorige factuur?", "NL-1003"))
    assert compared.startswith("Factuur 2026-0182 is even hoog als factuur 2026-0181")
