"""Turns as Rasa hands them to an action, and what an action says to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from saldo.answers.answer import Answer

KEY = "the key of the action tests, 32 characters and more"


@dataclass(frozen=True)
class FollowupText:
    """What an action uttered, and the slots it set."""

    message: Mapping[str, Any]
    slots: Mapping[str, Any]

    @property
    def answer(self) -> dict[str, Any]:
        """The answer in blocks, as our own channels get it."""
        content: dict[str, Any] = self.message["custom"]
        return {**content, **Answer.from_json(content).published()}

    @property
    def paragraphs(self) -> list[str]:
        return [block["text"] for block in self.answer["blocks"] if block["type"] == "paragraph"]

    @property
    def kinds(self) -> list[str]:
        return [block["type"] for block in self.answer["blocks"]]


Act = Callable[..., FollowupText]


def question(topic: str, status: str = "answer", text: str = "Wat nu?", **more: Any) -> dict[str, Any]:
    """One question as the NLU reads it."""
    decision = {"topic": topic, "status": status, "confidence": 0.9, "ranking": [], "choices": []}
    return {"text": text, "start": 0, "end": len(text), "language": "nl", **decision, **more}


def turn(
    intent: str = "seat_count",
    questions: list[dict[str, Any]] | None = None,
    text: str = "Wat nu?",
    language: str = "nl",
    reason: str = "model",
    channel: str = "saldo",
    entities: Mapping[str, Any] | None = None,
    slots: Mapping[str, Any] | None = None,
    **metadata: Any,
) -> Tracker:
    """A conversation whose last message was read so, with what the channel told beside it."""
    message = {
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
        "questions": [question(intent, text=text, language=language)] if questions is None else questions,
        "language": {"code": language, "confidence": 0.9, "reason": reason},
    }
    event = {"event": "user", "text": text, "input_channel": channel, "metadata": metadata, "parse_data": message}
    remembered = {"language": None, "language_chosen": None, "topic": None, "offered": None, "failures": 0.0}
    remembered |= {"invoice": None, "suggested": None}
    return Tracker.from_dict(
        {
            "sender_id": "widget-1",
            "slots": {**remembered, **(slots or {})},
            "latest_message": message,
            "events": [{"event": "action", "name": "action_listen"}, event],
        }
    )
