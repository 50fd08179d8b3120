"""The second opinion, asked where the lexical one is unsure: kernel ridge regression over sentence embeddings.

Its kernel compares a question with every training question (a Gaussian on the sphere), so a near miss that shares
all its words with a topic but not its meaning is told apart. Leave-one-out scores come in closed form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from saldo.nlu.svm import rounded

Matrix = NDArray[np.float32]

WIDTH = 2.0  # of the Gaussian: exp(WIDTH × (cosine - 1))
RIDGE = 0.1


@dataclass(frozen=True)
class Second:
    """The training questions' embeddings and how much each speaks for each label."""

    centre: Matrix
    support: Matrix
    weights: Matrix
    bias: Matrix

    def scores(self, embedding: Matrix) -> Matrix:
        """One score per label for one embedded question."""
        return np.asarray(_kernel(_placed(embedding[None], self.centre), self.support)[0] @ self.weights + self.bias)


def learn_second(embeddings: Matrix, names: Sequence[str], labels: Sequence[str]) -> tuple[Second, Matrix]:
    """The opinion and, for calibration, the scores of each example as if it had not been shown."""
    centre = rounded(embeddings.mean(axis=0))
    support = rounded(_placed(embeddings, centre))
    targets = np.where(np.asarray(names)[:, None] == np.asarray(labels), 1.0, -1.0).astype(np.float32)
    share = _shares(targets)
    bias = (targets * share[:, None]).sum(axis=0) / share.sum()
    inverse = _inverse(_kernel(support, support) + np.diag(RIDGE / share))
    weights = inverse @ (targets - bias)
    unseen = targets - weights / np.diag(inverse)[:, None]
    return Second(centre, support, rounded(weights), rounded(bias)), unseen.astype(np.float32)


def _placed(embeddings: Matrix, centre: Matrix) -> Matrix:
    """Centred and of length 1: raw cosines all lie between 0.75 and 0.95."""
    moved = embeddings - centre
    return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _kernel(left: Matrix, right: Matrix) -> Matrix:
    return np.asarray(np.exp(WIDTH * (left @ right.T - 1)), dtype=np.float32)


def _shares(targets: Matrix) -> Matrix:
    """The weight of each example, so that every label weighs the same."""
    counts = (targets > 0).sum(axis=0)
    return np.asarray((len(targets) / len(counts) / counts)[targets.argmax(axis=1)], dtype=np.float32)


def _inverse(matrix: Matrix) -> Matrix:
    """Of a symmetric positive matrix, by Cholesky; the fastest way that also gives its diagonal."""
    factor, _ = lapack.spotrf(matrix, lower=1, overwrite_a=1)
    half, _ = lapack.spotri(factor, lower=1, overwrite_c=1)
    half = np.tril(half)
    return np.asarray(half + np.tril(half, -1).T, dtype=np.float32)
