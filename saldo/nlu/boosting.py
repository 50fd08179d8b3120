"""Boosted decision trees as plain arrays: grown by scikit-learn, saved without pickle, evaluated with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from threadpoolctl import threadpool_limits

from saldo.nlu.persistence import Arrays

Rows = NDArray[np.float32]
SEED = 0
TREES = 250
LEAVES = 10
PACE = 0.08  # how much of each tree's correction is taken
QUESTIONS = LEAVES - 1
_BITS = 2 ** np.arange(QUESTIONS)
"""What each question's answer counts, if it is yes, …"""
_EVERY = np.arange(2**QUESTIONS)
"""… in the number that all answers of a tree make up: every way to answer them."""


@dataclass(frozen=True)
class Trees:
    """Trees as tables: all questions of a tree are asked at once, and their answers together say where its value is."""

    feature: NDArray[np.int16]
    """By tree and question: the number that is compared, …"""
    threshold: Rows
    """… and what it is compared with; the answer is yes if it is above."""
    value: Rows
    """By tree and answers."""
    baseline: float
    """The log odds before any tree."""

    @classmethod
    def grow(cls, rows: Rows, right: NDArray[np.bool_]) -> Trees:
        """Trees that tell the rows that are right from those that are not; the same rows give the same trees."""
        with threadpool_limits(1):  # several wait long for each other on a busy machine, and add up in their own order
            grown = HistGradientBoostingClassifier(
                max_iter=TREES, learning_rate=PACE, max_leaf_nodes=LEAVES, min_samples_leaf=15, l2_regularization=2.0,
                early_stopping=False, random_state=SEED,
            ).fit(rows, right)  # fmt: skip
        # scikit-learn shows the trees of this ensemble nowhere else; a test compares with its own predictions
        feature, threshold, value = zip(*(_table(tree.nodes) for (tree,) in grown._predictors), strict=True)
        baseline = float(grown._baseline_prediction.ravel()[0])
        return cls(np.stack(feature), np.stack(threshold), np.stack(value), baseline)

    def probabilities(self, rows: Rows) -> Rows:
        """The probability that each row is right."""
        answers = (rows[:, self.feature] > self.threshold) @ _BITS
        odds = self.baseline + self.value[np.arange(len(self.value)), answers].sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)

    def arrays(self) -> Arrays:
        """As `restore` takes them."""
        return {name: np.asarray(value) for name, value in vars(self).items()}

    @classmethod
    def restore(cls, arrays: Arrays) -> Trees:
        """The trees that `arrays` gave."""
        return cls(**{**arrays, "baseline": float(arrays["baseline"])})  # type: ignore[arg-type]


def _table(nodes: NDArray[Any]) -> tuple[NDArray[np.int16], Rows, Rows]:
    """One tree: the features and thresholds of its questions, and its value for every way to answer them."""
    leaf = nodes["is_leaf"].astype(bool)
    asks = np.flatnonzero(~leaf)
    feature, threshold = np.zeros(QUESTIONS, dtype=np.int16), np.full(QUESTIONS, np.inf, dtype=np.float32)
    feature[: len(asks)], threshold[: len(asks)] = nodes["feature_idx"][asks], nodes["num_threshold"][asks]
    question = np.cumsum(~leaf) - 1
    place = np.zeros_like(_EVERY)
    for _ in asks:  # no path is longer
        yes = _EVERY & _BITS[question[place]]
        onward = np.where(yes, nodes["right"][place], nodes["left"][place])
        place = np.where(leaf[place], place, onward)
    return feature, threshold, nodes["value"][place].astype(np.float32)
