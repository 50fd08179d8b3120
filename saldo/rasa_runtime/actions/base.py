"""The one shape of every action: read the turn, make an answer, remember a little."""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from saldo.answers.compose import Answer
from saldo.answers.plain_text import plain_text
from saldo.rasa_runtime.actions.turn import Turn, read_turn
from saldo.rasa_runtime.services import Services, services

OWN_CHANNELS = ("saldo", "widget")
"""Channels that render blocks themselves; stock ones get plain text."""


@dataclass(frozen=True)
class Reply:
    """What to say, and what the conversation is to remember."""

    answer: Answer
    slots: Mapping[str, Any] = field(default_factory=dict)


class SaldoAction(Action, ABC):
    """Tracker in, answer out; abstract, so that the SDK does not make an action of it."""

    @abstractmethod
    def reply(self, turn: Turn, at: Services) -> Reply:
        """What this action says to this turn."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        turn = read_turn(tracker)
        reply = self.reply(turn, services())
        _utter(dispatcher, reply.answer, turn)
        remembered = {
            "language": turn.language,
            "language_chosen": turn.language_chosen,
            "offered": [],
            "failures": 0,
            "suggested": None,
            **reply.slots,
        }
        return [SlotSet(name, value) for name, value in remembered.items() if tracker.get_slot(name) != value]


def _utter(dispatcher: CollectingDispatcher, answer: Answer, turn: Turn) -> None:
    content = answer.as_json()
    if turn.channel in OWN_CHANNELS:
        read = [{"text": q.text, "topic": q.topic, "confidence": q.confidence} for q in turn.questions]
        dispatcher.utter_message(json_message={"id": uuid.uuid4().hex, **content, "questions": read})
    else:
        dispatcher.utter_message(text=plain_text(content["blocks"]))
