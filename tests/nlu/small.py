"""A vocabulary for the few examples of a test, in which every word is known, however seldom it stands."""

from __future__ import annotations

from collections.abc import Iterable

from saldo.nlu.features import FeatureSettings, Vocabulary
from saldo.nlu.model import Example


def every_word(examples: Iterable[Example | str]) -> Vocabulary:
    """The vocabulary of examples, or of texts."""
    texts = [one if isinstance(one, str) else one.text for one in examples]
    return Vocabulary.learn(texts, FeatureSettings(common=1))
