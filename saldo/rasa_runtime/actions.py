"""The actions that Rasa's rules call: each reads the turn from the tracker and gives `conversation.respond` the word.

`actions/__init__.py` brings them to where Rasa looks for them. That there are several is Rasa's: its rules, stories and
predictions speak of actions, so each has a name that says what it does.
"""

from __future__ import annotations

import logging
import time
import uuid
from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from saldo.answers.plain_text import plain_text
from saldo.conversation import ConversationState, TurnMetadata, competing, following, instant, respond
from saldo.insight import turn
from saldo.nlu.understanding import Understanding
from saldo.rasa_runtime.services import services
from saldo.storage.engines import off_loop

log = logging.getLogger(__name__)
OWN_CHANNELS = ("saldo", "widget")
"""Channels that render blocks themselves; stock ones get plain text."""


class SaldoAction(Action, ABC):
    """Tracker in, reply out; abstract, so that the SDK does not make an action of it."""

    @abstractmethod
    def name(self) -> str: ...

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Utter the reply, and set the slots whose value it changes."""
        event: dict[str, Any] = next((one for one in reversed(tracker.events) if one.get("event") == "user"), {})
        understanding = Understanding.from_rasa(tracker.latest_message or {})
        state, metadata = ConversationState.from_slots(tracker.slots), TurnMetadata.from_json(event.get("metadata"))
        turn.go_on((event.get("metadata") or {}).get("turn"))
        log.debug("action", extra={"action": self.name()})
        at = services()
        reply = await off_loop(respond, understanding, state, metadata, at.faq, at.explainer(metadata))
        if event.get("input_channel") in OWN_CHANNELS:
            questions = [each.published() for each in reply.questions]
            acts = list(understanding.acts)
            about = [each.decision.ranking[0] for each in understanding.questions if each.decision.ranking]
            offered = {"instead": competing(understanding, reply.answer), "next": following(at.faq, reply.answer)}
            choices = {
                name: [{"id": topic, "label": at.faq.text(topic, reply.answer.language).question} for topic in topics]
                for name, topics in offered.items()
            }
            heard = {"questions": questions, "acts": acts, "about": about, "at": instant(time.time())}
            content = {"id": uuid.uuid4().hex, **reply.answer.to_json(), **heard, **choices}
            dispatcher.utter_message(json_message=content)
        else:
            dispatcher.utter_message(text=plain_text(reply.answer.published()["blocks"]))
        slots = reply.state.to_slots()
        return [SlotSet(name, value) for name, value in slots.items() if tracker.get_slot(name) != value]


class AnswerTopics(SaldoAction):
    """Rule: any of the topics in `faq/topics.yml`."""

    def name(self) -> str:
        return "action_answer"


class AskBack(SaldoAction):
    """Rule: the NLU is unsure."""

    def name(self) -> str:
        return "action_clarify"


class SmallTalk(SaldoAction):
    """Rule: greet, goodbye, thank, affirm, deny, help."""

    def name(self) -> str:
        return "action_small_talk"


class HandOver(SaldoAction):
    """Rule: the customer wants a person, or none of the choices fits."""

    def name(self) -> str:
        return "action_handover"


class Refuse(SaldoAction):
    """Rule: anything that is none of the topics, and languages that Saldo does not speak."""

    def name(self) -> str:
        return "action_out_of_scope"


class SwitchLanguage(SaldoAction):
    """Rule: the customer asks to go on in Dutch or in Finnish."""

    def name(self) -> str:
        return "action_switch_language"
