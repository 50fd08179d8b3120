"""What our untrained components share: they store a configuration and understand one message at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

LANGUAGE = "language"
QUESTIONS = "questions"
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
