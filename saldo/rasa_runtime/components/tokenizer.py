"""The Rasa tokenizer: spaCy's blank Dutch and Finnish with our rules."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from saldo.nlu.tokenizer import tokens
from saldo.rasa_runtime.components.base import language_of


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
