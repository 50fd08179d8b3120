"""One turn as the actions see it: a typed view of Rasa's tracker, and the rules of the conversation. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from saldo.language import DEFAULT, LANGUAGES, OTHER

FAILED_TRIES = 2
"""After this many messages in a row that led nowhere, a person takes over."""


@dataclass(frozen=True)
class Question:
    """One question of the message, as the NLU read it."""

    text: str
    topic: str
    status: str
    language: str
    confidence: float = 0.0
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Turn:
    """What was said, what it was read as, and what the conversation remembers."""

    text: str
    intent: str
    questions: tuple[Question, ...]
    language: str
    """The language to reply in."""
    language_chosen: bool
    """Whether the customer asked for that language, and has not written in it since."""
    unsupported: bool
    """The message is in a language that Saldo does not speak."""
    entities: tuple[Mapping[str, Any], ...]
    metadata: Mapping[str, Any]
    channel: str
    offered: tuple[str, ...]
    """The topics of a clarification that the message may answer."""
    failures: int
    """Messages in a row, before this one, that led nowhere."""
    topic: str = ""
    """The topic answered last."""
    invoice: str = ""
    """The number of the invoice told of last."""
    suggested: str = ""
    """The number of the invoice that was asked back just now: "did you mean …?"."""

    def named(self, entity: str) -> Any:
        """The first value of that kind in the message; None if it names none."""
        return next((found["value"] for found in self.entities if found["entity"] == entity), None)


def read_turn(tracker: Any) -> Turn:
    """Read the SDK's tracker; nothing in it is trusted to say who the customer is but the signed capability."""
    message = tracker.latest_message or {}
    event: dict[str, Any] = next((one for one in reversed(tracker.events) if one.get("event") == "user"), {})
    metadata = event.get("metadata") or {}
    detected = message.get("language") or {}
    held = bool(metadata.get("language_chosen") or tracker.get_slot("language_chosen"))
    language, chosen = reply_language(detected, _remembered(tracker, metadata), held)
    return Turn(
        text=message.get("text") or "",
        intent=(message.get("intent") or {}).get("name") or "",
        questions=tuple(_question(each, language) for each in message.get("questions") or ()),
        language=language,
        language_chosen=chosen,
        unsupported=detected.get("code") == OTHER,
        entities=tuple(message.get("entities") or ()),
        metadata=metadata,
        channel=event.get("input_channel") or "",
        offered=tuple(tracker.get_slot("offered") or ()),
        failures=int(tracker.get_slot("failures") or 0),
        topic=tracker.get_slot("topic") or "",
        invoice=tracker.get_slot("invoice") or "",
        suggested=tracker.get_slot("suggested") or "",
    )


def reply_language(detected: Mapping[str, Any], remembered: str | None, chosen: bool) -> tuple[str, bool]:
    """The language to reply in, and whether it is still held by the customer's own choice.

    A choice holds until the customer has written in the chosen language; from then on each message speaks for itself.
    """
    code = detected.get("code")
    if code not in LANGUAGES:
        return remembered or DEFAULT, chosen
    if not chosen or not remembered:
        return code, False
    if code != remembered:
        return remembered, True
    return remembered, detected.get("reason") in ("conversation", "short")


def topics_to_answer(turn: Turn) -> list[Question]:
    """The questions to answer, each topic once, in the order asked."""
    seen: dict[str, Question] = {}
    for question in turn.questions:
        if question.status == "answer":
            seen.setdefault(question.topic, question)
    return list(seen.values())


def left_over(turn: Turn) -> list[str]:
    """The questions beside the answered ones that stay unanswered, quoted."""
    return [question.text for question in turn.questions if question.status in ("clarify", "out_of_scope")]


def _remembered(tracker: Any, metadata: Mapping[str, Any]) -> str | None:
    """The language spoken so far: the one just chosen in the channel, the conversation's, or the one it began in."""
    begun, spoken = metadata.get("language"), tracker.get_slot("language")
    language = begun if metadata.get("language_chosen") else spoken or begun
    return language if language in LANGUAGES else None


def _question(read: Mapping[str, Any], language: str) -> Question:
    own = read.get("language")
    return Question(
        read.get("text", ""),
        read.get("topic", ""),
        read.get("status", ""),
        own if own in LANGUAGES else language,
        round(float(read.get("confidence") or 0.0), 4),
        tuple(_choices(read)),
    )


def _choices(read: Mapping[str, Any]) -> Sequence[str]:
    return read.get("choices") or [name for name, _ in read.get("ranking") or ()]
