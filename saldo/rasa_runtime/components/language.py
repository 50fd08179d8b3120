"""The Rasa component that cleans a message's text and tells its language."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from saldo.language import LANGUAGES, Detection, detect
from saldo.rasa_runtime.components.base import COMMAND, LANGUAGE, MessageComponent

SLOT = "language"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_LEADING = re.compile(r"^[\s/]+")
_COMMAND = re.compile(r"\s*/+[A-Za-z]\w*\s*(\{.*|\w{2})?\s*$", re.DOTALL)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageComponent(MessageComponent):
    """Sets `language` to code, confidence and reason; nothing that a person types stays a command."""

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Cleans the texts and sets the language, given the conversation's."""
        for message in messages:
            if isinstance(message.get(TEXT), str):
                message.set(COMMAND, is_command(message.get(TEXT)))
                message.set(TEXT, clean(message.get(TEXT)), add_to_output=True)
                detection = _detected(message, conversation_language(message, tracker))
                message.set(LANGUAGE, asdict(detection), add_to_output=True)
        return messages

    def understand(self, message: Message) -> None:
        """Sets the language of a message without a conversation."""
        self.process([message])


def _detected(message: Message, conversation: str | None) -> Detection:
    """What is written as a command is in no language, so the conversation keeps its own."""
    return detect("" if message.get(COMMAND) else message.get(TEXT), conversation)


def clean(text: str) -> str:
    """A text without control characters and, so that it is never a Rasa command, without leading slashes."""
    return _LEADING.sub("", _CONTROL.sub(" ", text.replace("\r\n", "\n")))


def is_command(text: str) -> bool:
    """Whether a text is written as a command ("/restart"): not one to anybody here, and no question either."""
    return bool(_COMMAND.match(text))


def conversation_language(message: Message, tracker: DialogueStateTracker | None) -> str | None:
    """The language used so far: of the slot, else the one the channel knows; None if neither is ours."""
    metadata: dict[str, Any] = message.get(METADATA) or {}
    slot = tracker.get_slot(SLOT) if tracker is not None else None
    return next((str(code) for code in (slot, metadata.get("language")) if code in LANGUAGES), None)
