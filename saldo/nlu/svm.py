"""The first and usually only opinion: a linear support vector machine over characters, words and word pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from saldo.nlu.decision import OUT_OF_SCOPE
from saldo.nlu.features import Ids, Values, Vocabulary

Matrix = NDArray[np.float32]

FOLDS = 4
SOFTNESS = 1.7  # C of the machine; between 1 and 3 cross-validation hardly tells
OUTSIDE = 3.0
"""How much out-of-scope questions weigh beside any other label: what is not ours is wider than each of our topics."""
WANTED = 3.0
"""How much a text that asks something weighs beside one that does not; between 1 and 6 it hardly tells."""
ROUGHLY = 0.03
"""When a machine is good enough (tol): with a tenth of it none of 2,600 questions is told otherwise."""
SEED = 0


@dataclass(frozen=True)
class Lexical:
    """Scores of a text = its features × weights + bias, one column per label."""

    labels: tuple[str, ...]
    weights: Matrix
    bias: Matrix

    def scores(self, vector: tuple[Ids, Values], columns: slice | None = None) -> Matrix:
        """One score per label, or per label in some columns; above 0 speaks for it."""
        ids, values = vector
        if columns:
            return np.asarray(values @ self.weights[ids, columns] + self.bias[columns], dtype=np.float32)
        return np.asarray(values @ self.weights.take(ids, axis=0) + self.bias, dtype=np.float32)


def learn_lexical(texts: Sequence[str], names: Sequence[str], vocabulary: Vocabulary) -> Lexical:
    """A machine; every label weighs the same but out-of-scope, however many examples it has."""
    machine = _machine(names).fit(vocabulary.matrix(texts), names)
    weights, bias = machine.coef_, machine.intercept_
    if len(bias) == 1:  # of two labels scikit-learn keeps one column
        weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
    return Lexical(tuple(map(str, machine.classes_)), rounded(weights.T), rounded(bias))


def learn_several(texts: Sequence[str], wanted: Sequence[frozenset[str]], vocabulary: Vocabulary) -> Lexical:
    """A machine for each label by itself: a text may have several, or none."""
    rows = vocabulary.matrix(texts)
    labels = sorted(frozenset[str]().union(*wanted))
    machines = [_yes_or_no().fit(rows, [label in each for each in wanted]) for label in labels]
    weights = np.stack([each.coef_[0] for each in machines], axis=1)  # a text's rows must lie close together
    return Lexical(tuple(labels), rounded(weights), rounded(np.concatenate([each.intercept_ for each in machines])))


def unseen_scores(texts: Sequence[str], names: Sequence[str], labels: Sequence[str], vocabulary: Vocabulary) -> Matrix:
    """Scores for each text, one per label, from a machine that was not shown it; for calibration."""
    fold_of = folds(names, FOLDS)
    scores: Matrix = np.full((len(texts), len(labels)), -1, dtype=np.float32)
    for fold in sorted(set(fold_of)):
        shown, left_out = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        known = vocabulary.of(texts[place] for place in shown)
        machine = learn_lexical([texts[place] for place in shown], [names[place] for place in shown], known)
        columns = np.array([labels.index(label) for label in machine.labels])
        scores[left_out[:, None], columns] = [machine.scores(known.vector(texts[place])) for place in left_out]
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
    return LinearSVC(C=SOFTNESS, class_weight=weights, random_state=SEED, tol=ROUGHLY)


def _yes_or_no() -> LinearSVC:
    return LinearSVC(C=1.0, class_weight={True: WANTED, False: 1.0}, random_state=SEED, tol=ROUGHLY)
