"""The rules of the conversation: which language to reply in, which questions to answer, what stays over."""

from __future__ import annotations

from typing import Any

import pytest

from saldo.conversation import ConversationState, TurnMetadata
from saldo.conversation.state import reply_language
from saldo.language import Detection
from saldo.nlu.understanding import Understanding


def read(
    code: str | None = "nl", reason: str = "model", slots: dict[str, Any] | None = None, **metadata: Any
) -> tuple[str, bool]:
    """The language to reply in, and whether it was chosen, after what the slots remember and the channel says."""
    detection = Detection(code or "other", 0.9, reason)
    return reply_language(detection, ConversationState.from_slots(slots or {}), TurnMetadata.from_json(metadata))


def reply_after(code: str, reason: str, remembered: str | None, chosen: bool) -> tuple[str, bool]:
    return read(code, reason, {"language": remembered, "language_chosen": chosen})


@pytest.mark.parametrize(
    ("code", "remembered", "reply"),
    [
        ("nl", None, "nl"),
        ("fi", None, "fi"),
        ("fi", "nl", "fi"),
        ("other", "fi", "fi"),
        ("other", None, "nl"),
    ],
)
def test_the_reply_is_in_the_messages_language_if_it_is_ours(code: str, remembered: str | None, reply: str) -> None:
    assert reply_after(code, "model", remembered, False) == (reply, False)


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
    assert reply_after(code, reason, "fi", True) == (reply, held)


def test_a_choice_lasts_over_several_turns_and_then_ends() -> None:
    language: str | None = "fi"
    chosen, replies = True, []
    for code, reason in [("nl", "model"), ("fi", "conversation"), ("fi", "model"), ("nl", "model")]:
        language, chosen = reply_after(code, reason, language, chosen)
        replies.append(language)
    assert replies == ["fi", "fi", "fi", "nl"]


def test_the_channels_own_choice_wins_over_the_conversation() -> None:
    assert read("nl", slots={"language": "nl"}, language="fi", language_chosen=True) == ("fi", True)


def test_the_language_of_the_page_counts_until_something_was_said() -> None:
    assert read(None, language="fi")[0] == "fi"
    assert read(None, slots={"language": "nl"}, language="fi")[0] == "nl"
    assert read("nl", language="fi")[0] == "nl"


@pytest.mark.parametrize("nonsense", ["sv", "", None, 7])
def test_a_language_that_is_none_of_ours_is_not_remembered(nonsense: Any) -> None:
    assert read(None, language=nonsense)[0] == "nl"


def test_a_conversation_that_has_just_begun_can_be_read() -> None:
    understanding = Understanding.from_rasa({})
    assert (understanding.text, understanding.intent) == ("", "out_of_scope")
    assert ConversationState.from_slots({}) == ConversationState()


@pytest.mark.parametrize(
    "metadata", [None, "NL-1001", ["identity"], {"customer": "NL-1001"}, {"identity": 7, "option": {}}]
)
def test_metadata_of_another_shape_grants_nothing(metadata: object) -> None:
    assert TurnMetadata.from_json(metadata) == TurnMetadata()


def test_what_a_channel_vouches_for_comes_through_rasa_unchanged() -> None:
    metadata = TurnMetadata("token", "fi", language_chosen=True, option="seat_count")
    assert TurnMetadata.from_json(metadata.to_json()) == metadata


def test_the_state_comes_through_the_slots_unchanged() -> None:
    state = ConversationState(
        "fi", True, "seat_count", "2026-0142", "2026-0143", 12, 3, -2, "--03", ("paid_twice",), 1, "0123456789abcdef"
    )
    assert ConversationState.from_slots(state.to_slots()) == state


STOCK = [("greet", "small_talk"), ("human", "small_talk"), ("out_of_scope", "out_of_scope"), ("seat_count", "answer")]


@pytest.mark.parametrize(("intent", "status"), STOCK)
def test_a_classifier_that_writes_no_questions_makes_one(intent: str, status: str) -> None:
    ranking = [{"name": intent, "confidence": 0.7}, {"name": "paid_twice", "confidence": 0.2}]
    understanding = Understanding.from_rasa({"text": "Hm?", "intent": ranking[0], "intent_ranking": ranking})
    (question,) = understanding.questions
    assert (question.decision.status, question.decision.topic, question.decision.confidence) == (status, intent, 0.7)


def test_a_stock_fallback_offers_the_topics_of_its_ranking() -> None:
    names = ["nlu_fallback", "greet", "paid_twice", "out_of_scope", "seat_count", "cancel_service", "payment_reminder"]
    ranking = [{"name": name, "confidence": 0.1} for name in names]
    (question,) = Understanding.from_rasa({"intent": ranking[0], "intent_ranking": ranking}).questions
    assert question.decision.status == "clarify"
    assert question.decision.choices == ("paid_twice", "seat_count", "cancel_service")
