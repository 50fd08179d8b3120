"""The Rasa component that finds invoices, amounts, dates, periods and numbers of licences."""

from __future__ import annotations

from dataclasses import asdict

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from saldo.nlu.entity_extraction import find_entities
from saldo.rasa_runtime.components.base import MessageComponent, language_of


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntitiesComponent(MessageComponent, EntityExtractorMixin):
    """Adds the entities, with normalised values, to those the message has."""

    def understand(self, message: Message) -> None:
        """Adds the entities of one message."""
        found = [asdict(entity) for entity in find_entities(message.get(TEXT), language_of(message))]
        present = message.get(ENTITIES, [])
        message.set(ENTITIES, present + self.add_extractor_name(found), add_to_output=True)
