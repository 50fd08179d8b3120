"""The rules of the conversation: which language to reply in, which questions to answer, what stays over."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from saldo.rasa_runtime.actions.turn import Question, Turn, left_over, read_turn, reply_language, topics_to_answer


def read(code: str | None = "nl", reason: str = "model", slots: dict[str, Any] | None = None, **metadata: Any) -> Turn:
    """A turn in that language, after what the slots remember, with what the channel told."""
    message = {"text": "Wat nu?", "intent": {"name": "greet"}, "language": {"code": code, "reason": reason}}
    events = [{"event": "user", "text": "Wat nu?", "metadata": metadata}]
    return read_turn(
        Tracker.from_dict({"sender_id": "1", "slots": slots or {}, "latest_message": message, "events": events})
    )


@pytest.mark.parametrize(
    ("code", "remembered", "reply"),
    [
        ("nl", None, "nl"),
        ("fi", None, "fi"),
        ("fi", "nl", "fi"),
        ("other", "fi", "fi"),
        ("other", None, "nl"),
        (None, "fi", "fi"),
        (None, None, "nl"),
    ],
)
def test_the_reply_is_in_the_messages_language_if_it_is_ours(
    code: str | None, remembered: str | None, reply: str
) -> None:
    assert reply_language({"code": code, "reason": "model"}, remembered, False) == (reply, False)


@pytest.mark.parametrize(
    ("code", "reason", "reply", "held"),
    [
        ("nl", "model", "fi", True),  # Dutch typed after asking for Finnish: Finnish it is
        ("other", "model", "fi", True),  # another language changes nothing
        ("fi", "conversation", "fi", True),  # "ok" and "60" say nothing about the language
        ("fi", "short", "fi", True),
        ("fi", "model", "fi", False),  # Finnish written: from now on each message speaks for itself
        ("fi", "words", "fi", False),
    ],
)
def test_a_chosen_language_is_held_until_the_customer_writes_in_it(
    code: str, reason: str, reply: str, held: bool
) -> None:
    assert reply_language({"code": code, "reason": reason}, "fi", True) == (reply, held)


def test_a_choice_lasts_over_several_turns_and_then_ends() -> None:
    language: str | None = "fi"
    chosen, replies = True, []
    for code, reason in [("nl", "model"), ("fi", "conversation"), ("fi", "model"), ("nl", "model")]:
        language, chosen = reply_language({"code": code, "reason": reason}, language, chosen)
        replies.append(language)
    assert replies == ["fi", "fi", "fi", "nl"]


def test_the_channels_own_choice_wins_over_the_conversation() -> None:
    turn = read("nl", slots={"language": "nl"}, language="fi", language_chosen=True)
    assert (turn.language, turn.language_chosen) == ("fi", True)


def test_the_language_of_the_page_counts_until_something_was_said() -> None:
    assert read(None, language="fi").language == "fi"
    assert read(None, slots={"language": "nl"}, language="fi").language == "nl"
    assert read("nl", language="fi").language == "nl"


@pytest.mark.parametrize("nonsense", ["sv", "", None, 7])
def test_a_language_that_is_none_of_ours_is_not_remembered(nonsense: Any) -> None:
    assert read(None, language=nonsense).language == "nl"


def test_a_message_in_another_language_is_unsupported() -> None:
    assert read("other").unsupported
    assert not read("fi").unsupported and not read(None).unsupported


def test_a_conversation_that_has_just_begun_can_be_read() -> None:
    turn = read_turn(Tracker.from_dict({"sender_id": "1"}))
    assert (turn.text, turn.intent, turn.questions, turn.offered, turn.failures) == ("", "", (), (), 0)


def asked(*questions: tuple[str, str, str]) -> Turn:
    """A turn with these questions: text, topic and status."""
    read = tuple(Question(text, topic, status, "nl") for text, topic, status in questions)
    return Turn("", "", read, "nl", False, False, (), {}, "saldo", (), 0)


def test_each_topic_is_answered_once_in_the_order_asked() -> None:
    turn = asked(("A?", "paid_twice", "answer"), ("B?", "seat_count", "answer"), ("C?", "paid_twice", "answer"))
    assert [question.text for question in topics_to_answer(turn)] == ["A?", "B?"]


def test_only_questions_understood_are_answered_and_only_questions_are_left_over() -> None:
    turn = asked(
        ("Hoi!", "greet", "small_talk"),
        ("A?", "paid_twice", "answer"),
        ("B?", "seat_count", "clarify"),
        ("C?", "out_of_scope", "out_of_scope"),
    )
    assert [question.text for question in topics_to_answer(turn)] == ["A?"]
    assert left_over(turn) == ["B?", "C?"]


def test_the_first_entity_of_a_kind_is_what_was_named() -> None:
    entities = [{"entity": "count", "value": 60}, {"entity": "count", "value": 10}]
    message = {"text": "", "entities": entities}
    turn = read_turn(Tracker.from_dict({"sender_id": "1", "latest_message": message}))
    assert (turn.named("count"), turn.named("licences")) == (60, None)
