"""The first and usually only opinion: a linear support vector machine over characters, words and word pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags
from sklearn.svm import LinearSVC

from saldo.nlu.decision import OUT_OF_SCOPE
from saldo.nlu.features import Vocabulary

Matrix = NDArray[np.float32]

FOLDS = 4
SOFTNESS = 1.7  # C of the machine; between 1 and 3 cross-validation hardly tells
OUTSIDE = 3.0
"""How much out-of-scope questions weigh beside any other label: what is not ours is wider than each of our topics."""
SEED = 0


@dataclass(frozen=True)
class Lexical:
    """Scores of a text = its features × weights + bias, one column per label."""

    vocabulary: Vocabulary
    labels: tuple[str, ...]
    weights: Matrix
    bias: Matrix

    def scores(self, text: str, columns: slice | None = None) -> Matrix:
        """One score per label, or per label in some columns; above 0 speaks for it."""
        ids, values = self.vocabulary.vector(text)
        if columns:
            return np.asarray(values @ self.weights[ids, columns] + self.bias[columns], dtype=np.float32)
        return np.asarray(values @ self.weights.take(ids, axis=0) + self.bias, dtype=np.float32)


def learn_lexical(texts: Sequence[str], names: Sequence[str], vocabulary: Vocabulary) -> Lexical:
    """A machine; every label weighs the same but out-of-scope, however many examples it has."""
    machine = _machine(names).fit(vocabulary.matrix(texts), names)
    weights, bias = machine.coef_, machine.intercept_
    if len(bias) == 1:  # of two labels scikit-learn keeps one column
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Lexical(vocabulary, tuple(map(str, machine.classes_)), rounded(weights.T), rounded(bias))


def unseen_scores(lexical: Lexical, texts: Sequence[str], names: Sequence[str]) -> Matrix:
    """Scores for each text from a machine that was not shown it; for calibration."""
    rows, given = lexical.vocabulary.matrix(texts), np.asarray(names)
    fold_of = folds(names, FOLDS)
    scores = np.full((len(given), len(lexical.labels)), -1, dtype=np.float32)
    for fold in sorted(set(fold_of)):
        left_out = fold_of == fold
        shown = rows[~left_out]
        machine = _machine(given[~left_out]).fit(shown, given[~left_out])
        columns = [lexical.labels.index(label) for label in machine.classes_]
        found = machine.decision_function(_without_news(rows[left_out], shown))
        scores[np.ix_(left_out, columns)] = found if found.ndim == 2 else np.stack([-found, found], axis=1)
    return scores


def folds(names: Sequence[str], count: int, seed: int = SEED) -> NDArray[np.int64]:
    """The fold of each example; every label is spread evenly."""
    given, fold_of = np.asarray(names), np.zeros(len(names), dtype=np.int64)
    chance = np.random.RandomState(seed)
    for label in sorted(set(names)):
        places = np.flatnonzero(given == label)
        fold_of[chance.permutation(places)] = np.arange(len(places)) % count
    return fold_of


def rounded(values: NDArray[Any]) -> Matrix:
    """As it will be once saved in half precision: a loaded model answers like the one that was trained."""
    return values.astype(np.float16).astype(np.float32)


def _machine(names: Sequence[str] | NDArray[Any]) -> LinearSVC:
    labels, counts = np.unique(np.asarray(names), return_counts=True)
    even = len(names) / (len(labels) * counts)
    weights = {
        label: OUTSIDE * weight if label == OUT_OF_SCOPE else weight for label, weight in zip(labels, even, strict=True)
    }
    return LinearSVC(C=SOFTNESS, class_weight=weights, random_state=SEED, tol=1e-3)


def _without_news(rows: csr_matrix, shown: csr_matrix) -> csr_matrix:
    """Rows without the features that occur in none of the shown ones, as if their vocabulary were all."""
    shown_features = diags((shown.getnnz(axis=0) > 0).astype(np.float32))
    reduced = rows @ shown_features
    length = np.sqrt(np.asarray(reduced.multiply(reduced).sum(axis=1)).ravel())
    return csr_matrix(diags(1 / np.maximum(length, 1e-9)) @ reduced)
