"""The bot in this process: one Rasa agent with its model, and one turn at a time."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine.exceptions import GraphComponentException
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from saldo.answers.answer import Answer
from saldo.errors import SaldoError, UnusableFile
from saldo.rasa_runtime.action_endpoint import InProcessActions
from saldo.rasa_runtime.channel import say
from saldo.rasa_runtime.patches.graph_runner import plan

CHANNEL = "saldo"
KEPT = 1000
"""Conversations that are remembered."""
Json = dict[str, Any]


class NoAnswer(SaldoError):
    """A turn ended without anything said, which no rule allows: a fault in the bot, not of the user."""

    def __init__(self) -> None:
        super().__init__("The bot said nothing to this message, which is a fault of ours; its log says where.")


class Recent(InMemoryTrackerStore):
    """The latest conversations, in memory: a pile of questions does not fill it, however high."""

    async def save(self, tracker: DialogueStateTracker) -> None:
        self.store.pop(tracker.sender_id, None)
        await super().save(tracker)
        while len(self.store) > KEPT:
            del self.store[next(iter(self.store))]


class Bot:
    """Answers messages with the trained model."""

    def __init__(self, model: Path, stock_rasa: bool = False) -> None:
        actions, conversations = InProcessActions(), Recent(Domain.empty())
        try:
            agent = Agent.load(str(model), action_endpoint=actions, tracker_store=conversations)
            self._agent = agent if stock_rasa else plan(agent)
        except (RasaException, GraphComponentException):
            raise UnusableFile(model, "this model cannot be used; make it anew: `saldo train --force`.") from None

    async def turn(self, text: str, conversation: str | None = None, metadata: Mapping[str, Any] | None = None) -> Json:
        """One message in, its answer out, as JSON: `Answer.published` and `to_json` in one, and its questions."""
        answers = await say(self._agent.handle_message, CHANNEL, text, conversation or uuid.uuid4().hex, metadata or {})
        if not answers:
            raise NoAnswer()
        content = answers[-1]
        return {**content, **Answer.from_json(content).published()}
