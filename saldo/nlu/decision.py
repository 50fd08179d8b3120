"""What follows from a ranking: answer, ask back, small talk or out of scope; and how the thresholds are chosen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["answer", "clarify", "out_of_scope", "small_talk"]
Ranking = tuple[tuple[str, float], ...]

OUT_OF_SCOPE: Literal["out_of_scope"] = "out_of_scope"
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "help", "human", "switch_language"})
RANKED = 12
"""Intents of a ranking: with so many there are always topics to ask back with."""
CHOICES = 3
SPOKEN_FOR: dict[Status, float] = {"answer": -0.45, "clarify": -0.45, "small_talk": -0.35}
"""The score that some label must reach. Probabilities only compare labels with each other: of gibberish, for which
all scores are low, one is still the likeliest. Nine in ten of our own questions have a label above 0.
"""


@dataclass(frozen=True)
class Thresholds:
    """From which probability what is done; chosen on predictions for examples the model had not seen."""

    answer: float = 0.5
    """The best topic is answered from here on, …"""
    margin: float = 0.1
    """… if it leads the next topic by as much."""
    topics: float = 0.5
    """All topics together must weigh as much, or the question is not one of ours."""
    small_talk: float = 0.5
    """Small talk is answered in kind if all of it together weighs as much."""
    choice: float = 0.1
    """A topic is offered as a choice from here on."""


@dataclass(frozen=True)
class Decision:
    """How one question is understood."""

    status: Status
    topic: str
    """The best intent that fits the status: the topic to answer, the first choice, the small talk, or out_of_scope."""
    confidence: float
    ranking: Ranking
    choices: tuple[str, ...] = ()
    """The topics to offer, best first, if the status is `clarify`."""
    rule: str = field(default="thresholds", compare=False)
    """Which rule decided, for `saldo ask --why`; the module's name where it is another than this one."""


def judge(labels: Sequence[str], probabilities: Sequence[float], thresholds: Thresholds) -> Decision:
    """The verdict on one question from the probability of each intent."""
    ranking = tuple(sorted(zip(labels, map(float, probabilities), strict=True), key=lambda pair: (-pair[1], pair[0])))
    topics = [(name, weight) for name, weight in ranking if is_topic(name)]
    status = _status(ranking, topics, thresholds)
    choices: tuple[str, ...] = ()
    if status in ("answer", "clarify"):
        best = topics[0]
    elif status == "small_talk":
        best = next(pair for pair in ranking if pair[0] in SMALL_TALK)
    else:
        best = (OUT_OF_SCOPE, dict(ranking).get(OUT_OF_SCOPE, 0.0))
    if status == "clarify":
        choices = tuple(name for name, weight in topics[:CHOICES] if weight >= thresholds.choice or name == best[0])
    return Decision(status, best[0], best[1], ranking[:RANKED], choices)


def spoken_for(verdict: Decision, score: float) -> Decision:
    """The verdict, or out of scope where even the best label's score (above 0 speaks for it) says that it is none."""
    if score >= SPOKEN_FOR.get(verdict.status, -math.inf):
        return verdict
    weight = dict(verdict.ranking).get(OUT_OF_SCOPE, 0.0)
    return Decision(OUT_OF_SCOPE, OUT_OF_SCOPE, weight, verdict.ranking, rule="score floor")


def is_topic(intent: str) -> bool:
    """Whether an intent is one of the topics that are answered from the FAQ."""
    return intent != OUT_OF_SCOPE and intent not in SMALL_TALK


def _status(ranking: Ranking, topics: list[tuple[str, float]], thresholds: Thresholds) -> Status:
    if not topics or sum(weight for _, weight in topics) < thresholds.topics:
        rest = next((name for name, _ in ranking if not is_topic(name)), OUT_OF_SCOPE)
        weight = sum(weight for name, weight in ranking if name in SMALL_TALK)
        return "small_talk" if rest in SMALL_TALK and weight >= thresholds.small_talk else "out_of_scope"
    lead = topics[0][1] - (topics[1][1] if len(topics) > 1 else 0.0)
    return "answer" if topics[0][1] >= thresholds.answer and lead >= thresholds.margin else "clarify"


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
