"""The Rasa component that says what each question of a message is about."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from saldo.conversation.state import ConversationState, TurnMetadata
from saldo.nlu.messages import read_all_messages
from saldo.nlu.model import Example
from saldo.nlu.pipeline import Understood, chosen, command, deciding, intent_ranking, understand
from saldo.nlu.points import read_points
from saldo.nlu.reading import MessageModel
from saldo.nlu.thread import Before
from saldo.rasa_runtime.components.preprocessing import ACTS, COMMAND, QUESTIONS, language_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentComponent(GraphComponent, IntentClassifier):
    """Sets `questions` with topic and status, `acts`, and Rasa's own `intent` and `intent_ranking`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`messages` and `points`: the folders of what is learnt beside intents, from where Rasa is started."""
        return {"messages": "data/messages", "points": "data/points"}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """What Rasa cannot see of what is learnt: with other messages or points, its cached model is not this one."""
        given = {**cls.get_default_config(), **config}
        paths = [path for name in ("messages", "points") for path in sorted(Path(given[name]).glob("*.jsonl"))]
        return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: MessageModel | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentComponent:
        """A component that has yet to be trained."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentComponent:
        """The component as it was trained."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, MessageModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        """Learns from the examples, marked messages and points, and keeps the model in Rasa's storage."""
        labelled = [(message.get(TEXT), message.get(INTENT)) for message in training_data.intent_examples]
        examples = [Example(text, label) for text, label in labelled if text and label]
        messages, points = read_all_messages(Path(self._config["messages"])), read_points(Path(self._config["points"]))
        self._model = MessageModel.learn(examples, messages, points)
        with self._storage.write_to(self._resource) as folder:
            self._model.save(folder)
        return self._resource

    def process(self, messages: list[Message], tracker: DialogueStateTracker | None = None) -> list[Message]:
        """Sets the properties of each message that has a text."""
        for message in messages:
            if isinstance(message.get(TEXT), str):
                self._understand(message, _said_before(tracker))
        return messages

    def _understand(self, message: Message, before: Before) -> None:
        assert self._model is not None, "train or load comes before process"
        text, language = message.get(TEXT), language_of(message)
        metadata = TurnMetadata.from_json(message.get(METADATA))
        if metadata.option:
            found = Understood((chosen(text, metadata.option, language),))
        elif message.get(COMMAND):
            found = Understood((command(text, language),))
        else:
            found = understand(text, language, self._model, before, metadata.mail)
        decided = intent_ranking(deciding(found.questions))
        ranking = [{"name": name, "confidence": weight} for name, weight in decided]
        message.set(QUESTIONS, [question.to_json() for question in found.questions], add_to_output=True)
        message.set(ACTS, list(found.acts), add_to_output=True)
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)


def _said_before(tracker: DialogueStateTracker | None) -> Before:
    """What the conversation left open: its last topic, and the choices just offered."""
    if tracker is None:
        return Before()
    state = ConversationState.from_slots(tracker.current_slot_values())
    return Before(state.topic, state.offered)
