"""A linear model: how much each label (an intent, an act, a facet) weighs in a text. Learn, ask, save and load it.

Models of one message share a vocabulary, so that a text is made into features once for all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from saldo.nlu.decision import best_sharpness, probabilities
from saldo.nlu.features import Vocabulary
from saldo.nlu.persistence import read_arrays, read_values, write_arrays, write_values
from saldo.nlu.side_by_side import side_by_side
from saldo.nlu.svm import Lexical, learn_lexical, learn_several, unseen_scores

Matrix = NDArray[np.float32]
REMEMBERED = 256
"""Texts: clauses, segments and the message they make up are weighed more than once."""


class Example(NamedTuple):
    """A question and its intent."""

    text: str
    label: str


class Lesson(NamedTuple):
    """What a model is learnt from, how sharp it shall be, and the features that it looks at."""

    examples: Sequence[Example]
    sharpness: float
    vocabulary: Vocabulary

    def learn(self) -> Lexical:
        """The machine; whatever the order of the examples."""
        ordered = sorted(set(self.examples))
        return learn_lexical([text for text, _ in ordered], [label for _, label in ordered], self.vocabulary)


class Whole(NamedTuple):
    """Whole messages with all that each asks, and the features that are looked at."""

    wanted: Sequence[tuple[str, frozenset[str]]]
    vocabulary: Vocabulary
    sharpness: float = 1.0

    def learn(self) -> Lexical:
        """The machine; whatever the order of the messages."""
        ordered = sorted(set(self.wanted), key=lambda one: (one[0], sorted(one[1])))
        return learn_several([text for text, _ in ordered], [each for _, each in ordered], self.vocabulary)


@dataclass
class IntentModel:
    """Weighs the intents of a text; `sharpness` is how decided its scores are."""

    vocabulary: Vocabulary
    lexical: Lexical
    sharpness: float

    def __post_init__(self) -> None:
        self._weighed = lru_cache(maxsize=REMEMBERED)(self._weigh)

    @property
    def labels(self) -> tuple[str, ...]:
        """The intents, in the order of `weigh`."""
        return self.lexical.labels

    @classmethod
    def learn(
        cls,
        examples: Sequence[Example],
        sharpness: float | None = None,
        vocabulary: Vocabulary | None = None,
    ) -> IntentModel:
        """The same examples give the same model, in whatever order they come.

        Without `sharpness` it is found on examples that a part of the model has not seen; without `vocabulary` the
        model has one of its own.
        """
        ordered = sorted(set(examples))
        texts, names = [text for text, _ in ordered], [label for _, label in ordered]
        vocabulary = vocabulary or Vocabulary.learn(texts)
        lexical = learn_lexical(texts, names, vocabulary)
        if sharpness is None:
            right = np.array([lexical.labels.index(name) for name in names])
            sharpness = best_sharpness(unseen_scores(texts, names, lexical.labels, vocabulary), right)
        return cls(vocabulary, lexical, sharpness)

    def weigh(self, text: str) -> tuple[Matrix, float]:
        """The weight of each label, 1 in all, and the score of the best: above 0 speaks for it.

        Weights only compare labels with each other: of gibberish, for which all scores are low, one is the likeliest.
        """
        return self._weighed(text)

    def scores(self, text: str, columns: slice | None = None) -> Matrix:
        """One score per label, or per label in some columns; above 0 speaks for it."""
        return self.lexical.scores(self.vocabulary.vector(text), columns)

    def _weigh(self, text: str) -> tuple[Matrix, float]:
        scores = self.scores(text)
        return probabilities(scores, self.sharpness), float(scores.max())

    def glance(self, text: str) -> tuple[str, float]:
        """The likeliest intent and its weight."""
        weights, _ = self.weigh(text)
        best = int(weights.argmax())
        return self.labels[best], float(weights[best])

    def save(self, folder: Path, name: str) -> None:
        """Two files, the same bytes for the same model; the vocabulary is saved by itself."""
        arrays = {"weights": self.lexical.weights, "bias": self.lexical.bias}
        write_arrays(folder / f"{name}.npz", {each: array.astype(np.float16) for each, array in arrays.items()})
        write_values(folder / f"{name}.json", {"labels": self.labels, "sharpness": self.sharpness})

    @classmethod
    def load(cls, folder: Path, name: str, vocabulary: Vocabulary) -> IntentModel:
        """A model as it was saved."""
        arrays = {each: array.astype(np.float32) for each, array in read_arrays(folder / f"{name}.npz").items()}
        values = read_values(folder / f"{name}.json")
        return cls(vocabulary, Lexical(tuple(values["labels"]), **arrays), values["sharpness"])


def learn_all(lessons: Sequence[Lesson | Whole]) -> list[IntentModel]:
    """A model of each lesson, learnt at the same time."""
    learnt = side_by_side([lesson.learn for lesson in lessons])
    return [
        IntentModel(lesson.vocabulary, lexical, lesson.sharpness)
        for lesson, lexical in zip(lessons, learnt, strict=True)
    ]
