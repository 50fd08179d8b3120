"""Measures the intent model on its own training examples: cross-validation and the learning curve."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from saldo.evaluation.labelled import Labelled
from saldo.evaluation.scores import Evaluation, Outcome, Share, figures, score
from saldo.nlu.decision import OUT_OF_SCOPE, SMALL_TALK, Decision, Status
from saldo.nlu.model import Example, IntentModel
from saldo.nlu.svm import folds as spread

SHARES = (0.25, 0.5, 0.75, 1.0)
FOLDS = 5
LEARNINGS = FOLDS + len(SHARES)
"""How many models `validate` learns."""
Progress = Callable[[], object]
"""Called after each model that was learned."""


@dataclass(frozen=True)
class Learned:
    """What the training examples themselves tell."""

    validated: Evaluation
    curve: tuple[tuple[int, Share], ...]
    """How many examples were learned from, and the topic questions of others then answered right."""


def validate(examples: Sequence[Labelled], held_out: Sequence[Labelled], progress: Progress = bool) -> Learned:
    """Cross-validation of the examples, and the learning curve on questions held out; `LEARNINGS` models."""
    validated = cross_validate(examples, FOLDS, progress=progress)
    return Learned(validated, tuple(learning_curve(examples, held_out, SHARES, progress=progress)))


def cross_validate(
    examples: Sequence[Labelled],
    folds: int = FOLDS,
    seed: int = 0,
    progress: Progress = bool,
) -> Evaluation:
    """Every example judged by a model that learned from the other folds only, sharpness included."""
    fold_of = spread([example.label for example in examples], folds, seed)
    outcomes: list[Outcome] = []
    for fold in range(folds):
        judge = _learn([examples[place] for place in np.flatnonzero(fold_of != fold)])
        left_out = [examples[place] for place in np.flatnonzero(fold_of == fold)]
        outcomes += [Outcome(one, judge(one.text)) for one in left_out]
        progress()
    return score(outcomes)


def learning_curve(
    examples: Sequence[Labelled],
    held_out: Sequence[Labelled],
    shares: Sequence[float] = SHARES,
    seed: int = 0,
    progress: Progress = bool,
) -> list[tuple[int, Share]]:
    """How many examples were learned from, and how many topic questions of others were then answered right."""
    order = np.random.RandomState(seed).permutation(len(examples))
    curve = []
    for share in shares:
        judge = _learn([examples[place] for place in order[: int(share * len(order))]])
        right = figures([Outcome(one, judge(one.text)) for one in held_out]).right
        curve.append((int(share * len(order)), right))
        progress()
    return curve


def _learn(examples: Sequence[Labelled]) -> Callable[[str], Decision]:
    """The likeliest intent, whatever its weight."""
    model = IntentModel.learn([Example(one.text, one.label) for one in examples])

    def judge(text: str) -> Decision:
        label, weight = model.glance(text)
        status: Status = "small_talk" if label in SMALL_TALK else "out_of_scope" if label == OUT_OF_SCOPE else "answer"
        return Decision(status, label, weight, ((label, weight),))

    return judge
