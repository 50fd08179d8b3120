"""What a channel needs of Rasa: to be one, to put a message to the bot, and to read what a conversation holds."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Sanic

from saldo.conversation import Utterance
from saldo.errors import SaldoError
from saldo.insight import metrics, spans, turn
from saldo.insight.stages import stage
from saldo.rasa_runtime.kept_events import restored
from saldo.rasa_runtime.stores import Conversations
from saldo.storage.conversations import ConversationBook, Overtaken, is_question
from saldo.storage.engines import off_loop

log = logging.getLogger(__name__)
__all__ = [
    "InputChannel",
    "OnNewMessage",
    "Utterance",
    "answer",
    "answered",
    "book_of",
    "check_actions",
    "is_ready",
    "length",
    "say",
    "utterances",
]

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
"""What Rasa gives a channel to hand messages to."""


async def say(
    on_new_message: OnNewMessage,
    channel: str,
    text: str,
    conversation: str,
    metadata: Mapping[str, Any],
    message_id: str | None = None,
) -> list[dict[str, Any]]:
    """Put a message to the bot, with `TurnMetadata.to_json`; each answer as `Answer.to_json`, with id and questions."""
    output = CollectingOutputChannel()
    with turn.during(conversation, message_id) as begun, metrics.in_flight.track_inprogress(), stage("turn"):
        told = {**metadata, "turn": begun}
        try:
            await on_new_message(UserMessage(text, output, conversation, None, channel, message_id, told))
            answers = [message["custom"] for message in output.messages if "custom" in message]
        except Overtaken:  # it is taken anew, and counts then
            raise
        except Exception:
            _note([])
            raise
        _note(answers)
    return answers


def _note(answers: list[dict[str, Any]]) -> None:
    """Count and log a turn by what it was answered with."""
    if not answers:
        metrics.turns.labels("failed").inc()
        log.error("a turn was not answered")
    for content in answers:
        metrics.answered(content)
        topics = [part["topic"] for part in content["parts"]]
        acts = list(content.get("acts", ()))
        spans.note(kind=content["kind"], language=content["language"], topics=topics, acts=acts)
        told = {"kind": content["kind"], "language": content["language"], "topics": topics, "acts": acts}
        log.info("turn", extra=told)


async def utterances(app: Sanic, conversation: str, after: int = 0) -> list[Utterance]:
    """Both sides of a conversation from a place on, oldest first; empty where there is none."""
    return list(utterances_in(await off_loop(book_of(app).said, conversation, after)))


async def length(app: Sanic, conversation: str) -> int:
    """How many utterances a conversation has."""
    return await off_loop(book_of(app).utterances, conversation)


async def answered(app: Sanic, conversation: str, message: str) -> tuple[list[Utterance], int] | None:
    """What was answered to the message of that id, and the cursor after it; None if it was not answered yet."""
    turn = await off_loop(book_of(app).turn, conversation, message)
    return ([utterance(event) for event in turn.answers], turn.cursor) if turn else None


async def answer(app: Sanic, conversation: str, name: str | None = None) -> Utterance | None:
    """The answer of that id, or the last one if none is given; None if there is none."""
    event = await off_loop(book_of(app).answer, conversation, name)
    return utterance(event) if event else None


def utterances_in(events: Iterable[Mapping[str, Any]]) -> Iterator[Utterance]:
    """What both sides said, of the events in which they did."""
    said = ""
    for event in events:
        one = utterance(event, said)
        said = one.text or said
        yield one


def utterance(event: Mapping[str, Any], said: str = "") -> Utterance:
    """What one side said, of the event in which it did; `said` is the message that it answers, if it is known."""
    if is_question(event):
        return Utterance(event.get("message_id"), event["text"], at=event.get("timestamp"))
    content = event["data"]["custom"]
    return Utterance(content["id"], answer=restored(content, said))


def book_of(app: Sanic) -> ConversationBook:
    """Where the server keeps conversations."""
    store = app.ctx.agent.tracker_store
    if not isinstance(store, Conversations):
        raise SaldoError("The widget needs its own store: tracker_store of endpoints.yml must be Saldo's.")
    return store.book


async def check_actions(app: Sanic) -> None:
    """Raise SaldoError if no action would be run now."""
    await app.ctx.agent.action_endpoint.check()


def is_ready(app: Sanic) -> bool:
    """Whether a model is loaded."""
    return bool(app.ctx.agent and app.ctx.agent.is_ready())
