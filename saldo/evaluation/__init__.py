"""Measures how well questions are understood."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from saldo.evaluation.labelled import Labelled, read_labelled
from saldo.evaluation.predictor import Predict, predictor
from saldo.evaluation.scores import Evaluation, Outcome, score

__all__ = ["Evaluation", "Labelled", "Outcome", "Predict", "evaluate", "predictor", "read_labelled", "score"]


def evaluate(files: Iterable[Path], predict: Predict, language: str | None = None) -> Evaluation:
    """How `predict` understands the labelled questions of these files; of one language only if it is given."""
    asked = [one for one in read_labelled(files) if language in (None, one.language)]
    return score([Outcome(one, predict(one.text)) for one in asked])
