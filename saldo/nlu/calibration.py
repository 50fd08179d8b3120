"""Makes probabilities honest and chooses the thresholds, both on predictions for examples the model had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from saldo.nlu.decision import OUT_OF_SCOPE, Thresholds, is_topic

Matrix = NDArray[np.float32]
Flags = NDArray[np.bool_]

OUTSIDE = 0.3  # weight of out-of-scope questions beside those on our topics: of more kinds than examples show
WRONG = 1.0  # a wrong article costs as much as a right one gains
ASKED = 0.3  # asking which of a few topics is meant is worth so much of a right answer
_TOPICS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)
_ANSWERS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
_MARGINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)


def probabilities(scores: Matrix, sharpness: float) -> Matrix:
    """Probabilities from scores, along the last axis."""
    raised = np.exp((scores - scores.max(axis=-1, keepdims=True)) * sharpness)
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def best_sharpness(scores: Matrix, right: NDArray[np.int64]) -> float:
    """The sharpness under which the right labels are likeliest (temperature scaling)."""
    rows = np.arange(len(right))
    tried = np.arange(0.5, 12.05, 0.1)
    losses = [-np.log(probabilities(scores, value)[rows, right] + 1e-9).mean() for value in tried]
    return round(float(tried[int(np.argmin(losses))]), 2)


def best_thresholds(weights: Matrix, labels: Sequence[str], right: NDArray[np.int64]) -> Thresholds:
    """The thresholds that serve most, where a wrong article is worse than asking and asking worse than answering."""
    judged = Predictions(weights, labels, right)
    grid = [Thresholds(answer, margin, mass) for mass, answer, margin in product(_TOPICS, _ANSWERS, _MARGINS)]
    return max(grid, key=judged.worth)


class Predictions:
    """Probabilities of many questions, judged at once under any thresholds."""

    def __init__(self, weights: Matrix, labels: Sequence[str], right: NDArray[np.int64]) -> None:
        topics = np.array([is_topic(label) for label in labels])
        names = np.asarray(labels)[right]
        ranked = np.sort(weights[:, topics], axis=1)[:, ::-1]
        self._mass = weights[:, topics].sum(axis=1)
        self._best = ranked[:, 0]
        self._lead = ranked[:, 0] - (ranked[:, 1] if ranked.shape[1] > 1 else 0)
        self._hit = np.flatnonzero(topics)[weights[:, topics].argmax(axis=1)] == right
        self._ours = topics[right]
        self._outside = names == OUT_OF_SCOPE

    def statuses(self, thresholds: Thresholds) -> tuple[Flags, Flags]:
        """Which questions are answered, and which are asked back."""
        ours = self._mass >= thresholds.topics
        sure = (self._best >= thresholds.answer) & (self._lead >= thresholds.margin)
        return ours & sure, ours & ~sure

    def worth(self, thresholds: Thresholds) -> float:
        """What the thresholds gain: 1 would be every question answered right or rightly refused."""
        answered, asked = self.statuses(thresholds)
        gain = np.where(answered, np.where(self._hit, 1.0, -WRONG), ASKED * asked)
        topics = float(gain[self._ours].mean()) if self._ours.any() else 0.0
        refused = 1.0 - answered - (1 - ASKED) * asked
        outside = float(refused[self._outside].mean()) if self._outside.any() else 0.0
        return round(topics + OUTSIDE / (1 - OUTSIDE) * outside, 6)
