"""The components before the intent: they clean a message, tell its language, its words and what it names."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import asdict
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from saldo.language import LANGUAGES, Detection, detect
from saldo.nlu.entity_extraction import find_entities
from saldo.nlu.tokenizer import tokens
from saldo.text import printable

LANGUAGE = "language"
QUESTIONS = "questions"
ACTS = "acts"
COMMAND = "command"


class MessageComponent(GraphComponent, ABC):
    """A component without training; subclasses say what they read out of a message."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Nothing to set."""
        return {}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> MessageComponent:
        """A component with this configuration."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Sets the properties of each message that has a text."""
        for message in messages:
            if isinstance(message.get(TEXT), str):
                self.understand(message)
        return messages

    @abstractmethod
    def understand(self, message: Message) -> None:
        """Sets the properties of one message."""


def language_of(message: Message) -> str:
    """The code of a message's language, as the language component told it; Dutch where none did."""
    return str((message.get(LANGUAGE) or {}).get("code", "nl"))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class TokensComponent(Tokenizer):
    """Sets the tokens; numbers, dates and Finnish colon endings stay whole."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What Rasa's tokenizers must have: intent names are never split."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of one attribute; an empty text has one empty token, for Rasa cannot do with none."""
        text = message.get(attribute)
        found = [Token(piece, start) for piece, start in tokens(text, language_of(message))]
        return self._apply_token_pattern(found) or [Token(text, 0)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntitiesComponent(MessageComponent, EntityExtractorMixin):
    """Adds the entities, with normalised values, to those the message has."""

    def understand(self, message: Message) -> None:
        """Adds the entities of one message."""
        found = [asdict(entity) for entity in find_entities(message.get(TEXT), language_of(message))]
        present = message.get(ENTITIES, [])
        message.set(ENTITIES, present + self.add_extractor_name(found), add_to_output=True)


SLOT = "language"
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
    return _LEADING.sub("", printable(text.replace("\r\n", "\n")))


def is_command(text: str) -> bool:
    """Whether a text is written as a command ("/restart"): not one to anybody here, and no question either."""
    return bool(_COMMAND.match(text))


def conversation_language(message: Message, tracker: DialogueStateTracker | None) -> str | None:
    """The language used so far: of the slot, else the one the channel knows; None if neither is ours."""
    metadata: dict[str, Any] = message.get(METADATA) or {}
    slot = tracker.get_slot(SLOT) if tracker is not None else None
    return next((str(code) for code in (slot, metadata.get("language")) if code in LANGUAGES), None)
