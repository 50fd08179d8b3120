"""The Rasa component that parts a message into its questions."""

from __future__ import annotations

from dataclasses import asdict

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from saldo.nlu.component import QUESTIONS, MessageComponent, language_of
from saldo.nlu.joining import Classify, Question, merge, questions
from saldo.nlu.segments import Segment, split

__all__ = ["Classify", "Question", "QuestionsComponent", "Segment", "merge", "questions", "split"]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class QuestionsComponent(MessageComponent):
    """Sets `questions` by the words alone; `questions(…, classify)` parts them better."""

    def understand(self, message: Message) -> None:
        """Sets the questions of one message."""
        found = questions(message.get(TEXT), language_of(message))
        message.set(QUESTIONS, [asdict(question) for question in found], add_to_output=True)
