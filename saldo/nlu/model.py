"""The intent model without Rasa: learn it from examples, ask it for a verdict, save it, load it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from saldo.nlu import embeddings
from saldo.nlu.decision import Decision, Thresholds, best_sharpness, best_thresholds, judge, probabilities, spoken_for
from saldo.nlu.embeddings import Embed
from saldo.nlu.features import FeatureSettings, Vocabulary
from saldo.nlu.persistence import Arrays, read_arrays, read_values, write_arrays, write_values
from saldo.nlu.reranker import Second, learn_second
from saldo.nlu.svm import Lexical, learn_lexical, unseen_scores

Matrix = NDArray[np.float32]

ARRAYS, VALUES = "intent.npz", "intent.json"
REMEMBERED = 64
"""Texts: a message is looked at piece by piece, and what is left is looked at again."""
SURE = 0.8  # from this lexical probability on no second opinion is asked: nine in ten questions


class Example(NamedTuple):
    """A question and its intent."""

    text: str
    label: str


@dataclass(frozen=True)
class Sharpness:
    """How decided scores are: the lexical ones alone, and both opinions added."""

    alone: float
    together: float


@dataclass
class IntentModel:
    """Classifies one question at a time."""

    lexical: Lexical
    second: Second | None
    sharpness: Sharpness
    thresholds: Thresholds
    embed: Embed = embeddings.embed

    def __post_init__(self) -> None:
        self._scores = lru_cache(maxsize=REMEMBERED)(self.lexical.scores)

    @classmethod
    def learn(
        cls, examples: Sequence[Example], embed: Embed | None = None, settings: FeatureSettings = FeatureSettings()
    ) -> IntentModel:
        """The same examples give the same model, in whatever order they come; `embed` adds a second opinion."""
        ordered = sorted(set(examples))
        texts, names = [text for text, _ in ordered], [label for _, label in ordered]
        lexical = learn_lexical(texts, names, settings)
        alone = unseen_scores(lexical, texts, names)
        second, opinion = learn_second(embed(texts), names, lexical.labels) if embed else (None, np.zeros_like(alone))
        right = np.array([lexical.labels.index(name) for name in names])
        sharpness = Sharpness(best_sharpness(alone, right), best_sharpness(alone + opinion, right))
        weights = probabilities(alone, sharpness.alone)
        if second:
            weights = _advised(weights, probabilities(alone + opinion, sharpness.together))
        return cls(lexical, second, sharpness, best_thresholds(weights, lexical.labels, right))

    def glance(self, text: str) -> tuple[str, float]:
        """The likeliest intent by the lexical opinion alone, in a fraction of a millisecond."""
        weights = probabilities(self._scores(text), self.sharpness.alone)
        best = int(weights.argmax())
        return self.lexical.labels[best], float(weights[best])

    def judge(self, text: str) -> Decision:
        """How a question is understood."""
        verdict = judge(self.lexical.labels, self.probabilities(text).tolist(), self.thresholds)
        return spoken_for(verdict, float(self._scores(text).max()))

    def probabilities(self, text: str) -> Matrix:
        """The probability of each label; a second opinion is asked where the first is unsure."""
        scores = self._scores(text)
        weights = probabilities(scores, self.sharpness.alone)
        if self.second is None or weights.max() >= SURE:
            return weights
        return probabilities(scores + self.second.scores(self.embed([text])[0]), self.sharpness.together)

    def save(self, folder: Path) -> None:
        """Two files, the same bytes for the same model."""
        write_arrays(folder / ARRAYS, {name: array.astype(np.float16) for name, array in self._arrays().items()})
        vocabulary = self.lexical.vocabulary
        values = {
            "features": asdict(vocabulary.settings),
            "vocabulary": [list(block) for block in vocabulary.blocks],
            "labels": self.lexical.labels,
            "sharpness": asdict(self.sharpness),
            "thresholds": asdict(self.thresholds),
        }
        write_values(folder / VALUES, values)

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """A model as it was saved."""
        arrays = {name: array.astype(np.float32) for name, array in read_arrays(folder / ARRAYS).items()}
        values = read_values(folder / VALUES)
        settings = FeatureSettings(**{**values["features"], "weights": tuple(values["features"]["weights"])})
        vocabulary = Vocabulary.restore(settings, values["vocabulary"], arrays["idf"])
        lexical = Lexical(vocabulary, tuple(values["labels"]), arrays["weights"], arrays["bias"])
        parts = {name.removeprefix("second_"): array for name, array in arrays.items() if name.startswith("second_")}
        second = Second(**parts) if parts else None
        return cls(lexical, second, Sharpness(**values["sharpness"]), Thresholds(**values["thresholds"]))

    def _arrays(self) -> Arrays:
        array: Arrays = {
            "idf": self.lexical.vocabulary.idf,
            "weights": self.lexical.weights,
            "bias": self.lexical.bias,
        }
        return array | {f"second_{name}": part for name, part in (vars(self.second) if self.second else {}).items()}


def _advised(alone: Matrix, together: Matrix) -> Matrix:
    """Row by row the first opinion where it is sure, else both."""
    return np.where(alone.max(axis=1, keepdims=True) >= SURE, alone, together)
