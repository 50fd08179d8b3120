"""Measures how well questions are understood."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from saldo.evaluation.labelled import Labelled, read_labelled
from saldo.evaluation.predictor import Predict, predictor
from saldo.evaluation.scores import Evaluation, Outcome, score
from saldo.nlu.pipeline import Understood, deciding

__all__ = ["Evaluation", "Labelled", "Outcome", "Predict", "evaluate", "outcome", "predictor", "read_labelled", "score"]


def outcome(asked: Labelled, understood: Understood) -> Outcome:
    """How a labelled question was understood."""
    found = [one.decision for one in understood.questions]
    topics = tuple(dict.fromkeys(one.topic for one in found if one.status == "answer"))
    return Outcome(asked, deciding(understood.questions), topics)


def evaluate(files: Iterable[Path], predict: Predict, language: str | None = None) -> Evaluation:
    """How `predict` understands the labelled questions of these files; of one language only if it is given."""
    asked = [one for one in read_labelled(files) if language in (None, one.language)]
    return score([outcome(one, predict(one.text)) for one in asked])
