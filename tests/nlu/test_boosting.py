"""Trees as arrays, against scikit-learn's own predictions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from saldo.nlu.boosting import LEAVES, PACE, SEED, TREES, Trees
from saldo.nlu.persistence import read_arrays, write_arrays

CHANCE = np.random.RandomState(0)
ROWS = CHANCE.rand(600, 8).astype(np.float32)
RIGHT = np.asarray(ROWS[:, 0] + ROWS[:, 3] * ROWS[:, 7] > 0.8)


def test_they_say_what_scikit_learn_says() -> None:
    grown = HistGradientBoostingClassifier(
        max_iter=TREES, learning_rate=PACE, max_leaf_nodes=LEAVES, min_samples_leaf=15, l2_regularization=2.0,
        early_stopping=False, random_state=SEED,
    ).fit(ROWS, RIGHT)  # fmt: skip
    assert np.abs(Trees.grow(ROWS, RIGHT).probabilities(ROWS) - grown.predict_proba(ROWS)[:, 1]).max() < 1e-5


def test_they_come_back_from_a_file_as_they_were(tmp_path: Path) -> None:
    trees = Trees.grow(ROWS, RIGHT)
    write_arrays(tmp_path / "trees.npz", trees.arrays())
    restored = Trees.restore(read_arrays(tmp_path / "trees.npz"))
    assert (restored.probabilities(ROWS) == trees.probabilities(ROWS)).all()
