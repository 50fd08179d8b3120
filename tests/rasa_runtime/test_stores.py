"""Rasa on our store: a turn that failed is not kept and may be tried anew, and a long conversation costs no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from saldo.rasa_runtime.action_endpoint import InProcessActions
from saldo.rasa_runtime.channel import say
from saldo.rasa_runtime.patches.graph_runner import plan
from saldo.rasa_runtime.stores import Conversations, Unanswered
from saldo.storage.conversations import Standing
from tests.conftest import environment_of
from tests.fault_table import Seen

QUESTION = "Waarom staan er 60 licenties op mijn factuur?"
LONG = 499


class Failing(InProcessActions):
    """Actions that fail while they are told to."""

    fails = False

    async def request(self, *args: Any, json: dict[str, Any], **kwargs: Any) -> Any:
        if self.fails:
            raise RuntimeError("an action fails")
        return await super().request(*args, json=json, **kwargs)


@pytest.fixture(scope="module")
def agent(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Agent]:
    """An agent with its model, whose conversations are in a file."""
    from saldo.rasa_runtime.services import services

    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment_of(home).items():
            patch.setenv(name, value)
        services.cache_clear()
        with pytest.MonkeyPatch.context() as unwrapping:
            unwrapping.setattr(Agent, "_create_tracker_store", staticmethod(Agent._create_tracker_store))
            model = str(home / "models" / "saldo.tar.gz")
            yield plan(Agent.load(model, action_endpoint=Failing(), tracker_store=Conversations()))
        services.cache_clear()


def ask(agent: Agent, loop: asyncio.AbstractEventLoop, conversation: str, name: str) -> list[dict[str, Any]]:
    async def handed(message: UserMessage) -> None:
        await agent.handle_message(message)

    return loop.run_until_complete(say(handed, "widget", QUESTION, conversation, {"language": "nl"}, name))


@pytest.mark.fault("an action fails", expected="the turn is refused, not kept, and answered when it is sent again")
def test_a_turn_whose_action_failed_is_answered_when_it_is_sent_again(
    agent: Agent, loop: asyncio.AbstractEventLoop, seen: Seen
) -> None:
    store = agent.tracker_store
    assert isinstance(store, Conversations)  # with no fail-safe around it
    agent.action_endpoint.fails = True
    with pytest.raises(Unanswered):
        ask(agent, loop, "failed", "m")
    assert store.book.read("failed") == (Standing(), [])
    agent.action_endpoint.fails = False
    answers = ask(agent, loop, "failed", "m")
    turn = store.book.turn("failed", "m")
    assert turn and [each["data"]["custom"]["id"] for each in turn.answers] == [answers[0]["id"]]
    seen("refused, nothing kept of it; the same message again was answered")


def test_a_long_conversation_is_answered_as_a_short_one(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    """From the slots' values and the latest events, what all events lead to."""
    store = agent.tracker_store
    for number in range(6):
        ask(agent, loop, "long", f"m{number}")
    whole = loop.run_until_complete(store.retrieve_full_tracker("long"))
    part = loop.run_until_complete(store.retrieve("long"))
    passing = {"session_started_metadata"}
    assert {name: slot.value for name, slot in part.slots.items() if name not in passing} == {
        name: slot.value for name, slot in whole.slots.items() if name not in passing
    }
    assert len(part.events) < len(whole.events)


@pytest.mark.fault("a conversation of 500 turns", expected="the 500th costs at most 1.5 times the first")
def test_the_500th_turn_costs_what_the_tenth_does(agent: Agent, loop: asyncio.AbstractEventLoop, seen: Seen) -> None:
    """In the processor's time, of which another program takes nothing."""
    book = agent.tracker_store.book
    for number in range(10):
        ask(agent, loop, "short", f"m{number}")
    standing, said = book.read("short")
    turn = said[-(len(said) - 3) // 10 :]
    standing = book.write("grown", Standing(), said, standing.slots)
    for number in range(10, LONG):
        copied = [{**each, "message_id": f"m{number}"} if each["event"] == "user" else each for each in turn]
        standing = book.write("grown", standing, copied, standing.slots)

    def least(conversation: str) -> float:
        took = []
        for number in range(8):
            began = time.process_time()
            ask(agent, loop, conversation, f"new-{number}")
            took.append(time.process_time() - began)
        return min(took)

    short, long = least("short"), least("grown")
    assert book.utterances("grown") >= 2 * LONG - 20
    assert long <= 1.5 * short
    seen(f"{long / short:.2f} times ({long * 1000:.0f} ms after 499 turns, {short * 1000:.0f} ms after 10)")
