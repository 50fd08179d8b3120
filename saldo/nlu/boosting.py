"""Boosted decision trees as plain arrays: grown by scikit-learn, saved without pickle, evaluated with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from saldo.nlu.persistence import Arrays

Rows = NDArray[np.float32]
SEED = 0
TREES = 150
LEAVES = 10
PACE = 0.08  # how much of each tree's correction is taken


@dataclass(frozen=True)
class Trees:
    """All nodes of all trees in one list; a leaf is its own child, so that every path may go on equally long."""

    feature: NDArray[np.int16]
    threshold: Rows
    children: NDArray[np.int32]
    """Of node n the left child at 2n, the right one at 2n + 1."""
    value: Rows
    roots: NDArray[np.int32]
    """Where each tree begins."""
    baseline: float
    """The log odds before any tree."""
    depth: int
    """Steps from a root after which every path is at its leaf."""

    @classmethod
    def grow(cls, rows: Rows, right: NDArray[np.bool_]) -> Trees:
        """Trees that tell the rows that are right from those that are not; the same rows give the same trees."""
        grown = HistGradientBoostingClassifier(
            max_iter=TREES, learning_rate=PACE, max_leaf_nodes=LEAVES, min_samples_leaf=15, l2_regularization=2.0,
            early_stopping=False, random_state=SEED,
        ).fit(rows, right)  # fmt: skip
        # scikit-learn shows the trees of this ensemble nowhere else; a test compares with its own predictions
        trees = [tree.nodes for (tree,) in grown._predictors]
        sizes = [len(tree) for tree in trees]
        roots = np.cumsum([0, *sizes[:-1]])
        nodes, root_of = np.concatenate(trees), np.repeat(roots, sizes)
        leaf = nodes["is_leaf"].astype(bool)
        sides = [np.where(leaf, np.arange(len(nodes)), nodes[side] + root_of) for side in ("left", "right")]
        return cls(
            nodes["feature_idx"].astype(np.int16),
            np.where(leaf, 0, nodes["num_threshold"]).astype(np.float32),
            np.stack(sides, axis=1).ravel().astype(np.int32),
            nodes["value"].astype(np.float32),
            roots.astype(np.int32),
            float(grown._baseline_prediction.ravel()[0]),
            int(nodes["depth"].max()),
        )

    def probabilities(self, rows: Rows) -> Rows:
        """The probability that each row is right."""
        flat, width = np.ascontiguousarray(rows).ravel(), rows.shape[1]
        begin = (np.arange(len(rows)) * width)[:, None]
        places = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            goes_right = flat.take(begin + self.feature.take(places)) > self.threshold.take(places)
            places = self.children.take(places * 2 + goes_right)
        odds = self.baseline + self.value.take(places).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)

    def arrays(self) -> Arrays:
        """As `restore` takes them."""
        return {name: np.asarray(value) for name, value in vars(self).items()}

    @classmethod
    def restore(cls, arrays: Arrays) -> Trees:
        """The trees that `arrays` gave."""
        plain = {"baseline": float(arrays["baseline"]), "depth": int(arrays["depth"])}
        return cls(**{**arrays, **plain})  # type: ignore[arg-type]
