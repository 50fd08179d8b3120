"""What becomes of a mail's text: turns that are not too long, the subject where it helps, each topic once."""

from __future__ import annotations

import asyncio

import pytest

from saldo.mail.ask_bot import LONGEST_TURN, MOST_TURNS, MailUnderstanding, pieces, understand
from tests.mail.mails import WordBot, mail


def understood(bot: WordBot, body: str, **headers: str) -> MailUnderstanding:
    return asyncio.run(understand(bot, mail(body, **headers), None, None))  # type: ignore[arg-type]


def test_a_short_mail_is_one_turn(word_bot: WordBot) -> None:
    found = understood(word_bot, "Hoe kan ik opzeggen?", subject="Iets anders")
    assert word_bot.texts == ["Hoe kan ik opzeggen?"]
    assert [(each.topic, each.status) for each in found.questions] == [("cancel_service", "answered")]


def test_a_long_mail_is_several_turns_and_its_topic_is_answered_once(word_bot: WordBot) -> None:
    found = understood(word_bot, "\n\n".join([f"Hoe kan ik opzeggen? {'x' * 900}"] * 5))
    assert len(word_bot.texts) == 3
    assert [part.topic for part in found.parts] == ["cancel_service"]
    assert not found.notes


def test_of_a_very_long_mail_the_rest_is_for_a_person(word_bot: WordBot) -> None:
    found = understood(word_bot, "Hoe kan ik opzeggen? " * 1000)
    assert len(word_bot.texts) == MOST_TURNS
    assert "were not read" in found.notes[0]
    assert found.leaves_something


@pytest.mark.parametrize("text", ["x" * 10_000, "a b. " * 3000, "regel\n" * 2000, "", "\n\n\n"])
def test_no_piece_is_longer_than_a_turn(text: str) -> None:
    assert all(0 < len(piece) <= LONGEST_TURN for piece in pieces(text))
    assert "".join("".join(pieces(text)).split()) == "".join(text.split())


def test_the_subject_helps_a_short_text_alone(word_bot: WordBot) -> None:
    assert understood(word_bot, "Zie onderwerp.", subject="Hoe kan ik opzeggen?").parts


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("Bedankt voor de uitleg.", {"subject": "Re: opzeggen"}),
        ("Bedankt voor de uitleg.", {"subject": "opzeggen", "in_reply_to": "<a@b>"}),
        ("Is er een app? " * 20, {"subject": "opzeggen"}),
    ],
)
def test_the_subject_of_a_thread_or_a_long_text_does_not_decide(
    word_bot: WordBot, body: str, headers: dict[str, str]
) -> None:
    assert not understood(word_bot, body, **headers).parts
