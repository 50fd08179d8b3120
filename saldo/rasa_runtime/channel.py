"""What a channel needs of Rasa: to be one, to put a message to the bot, and to read what a conversation holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from sanic import Sanic

__all__ = ["InputChannel", "OnNewMessage", "Utterance", "is_ready", "say", "utterances"]

OnNewMessage = Callable[[UserMessage], Awaitable[Any]]
"""What Rasa gives a channel to hand messages to."""


@dataclass(frozen=True)
class Utterance:
    """One side's message in a conversation: the customer's id and text, or the JSON of what was answered."""

    id: str | None
    text: str = ""
    answer: Mapping[str, Any] | None = None


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
    await on_new_message(UserMessage(text, output, conversation, None, channel, message_id, dict(metadata)))
    return [message["custom"] for message in output.messages if "custom" in message]


async def utterances(app: Sanic, conversation: str) -> list[Utterance]:
    """Both sides of a conversation, oldest first; empty where there is none."""
    tracker = await app.ctx.agent.tracker_store.retrieve(conversation)
    found = []
    for event in tracker.events if tracker else ():
        if isinstance(event, UserUttered) and event.text:
            found.append(Utterance(event.message_id, event.text))
        elif isinstance(event, BotUttered) and (content := (event.data or {}).get("custom")):
            found.append(Utterance(content["id"], answer=content))
    return found


def is_ready(app: Sanic) -> bool:
    """Whether a model is loaded."""
    return bool(app.ctx.agent and app.ctx.agent.is_ready())
