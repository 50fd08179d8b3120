"""What follows from a ranking: answer, ask which of a few topics is meant, small talk, or not one of our topics."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

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
    return Decision(OUT_OF_SCOPE, OUT_OF_SCOPE, dict(verdict.ranking).get(OUT_OF_SCOPE, 0.0), verdict.ranking)


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
