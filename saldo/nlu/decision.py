"""What follows from a reading: answer, ask back, small talk or out of scope; and how the thresholds are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Status = Literal["answer", "clarify", "out_of_scope", "small_talk"]
Ranking = tuple[tuple[str, float], ...]

OUT_OF_SCOPE: Literal["out_of_scope"] = "out_of_scope"
FALLBACK = "nlu_fallback"
"""What asks, and does not say what about; learnt like an intent, and Rasa's name for what is asked back."""
SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "help", "human", "switch_language"})
RANKED = 12
"""Intents of a ranking: with so many there are always topics to ask back with."""
CHOICES = 3


@dataclass(frozen=True)
class Thresholds:
    """From which probability what is done; chosen on messages of hands that the models had not seen."""

    answer: float = 0.5
    """A topic is answered from here on."""
    clarify: float = 0.3
    """Where none is answered, a topic is asked back from here on."""
    choice: float = 0.1
    """A topic is offered as a further choice from here on."""


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
    rule: str = field(default="asked", compare=False)
    """Which rule decided, for `saldo ask --why`."""


def is_topic(intent: str) -> bool:
    """Whether an intent is one of the topics that are answered from the FAQ."""
    return intent not in (OUT_OF_SCOPE, FALLBACK) and intent not in SMALL_TALK


def ranked(asked: Mapping[str, float]) -> Ranking:
    """The considered topics, the likeliest first."""
    return tuple(sorted(asked.items(), key=lambda pair: (-pair[1], pair[0]))[:RANKED])


def choices(asked: Mapping[str, float], thresholds: Thresholds) -> tuple[str, ...]:
    """The topics to ask back with: the likeliest, and those that may be meant as well."""
    topics = [(name, likely) for name, likely in ranked(asked) if is_topic(name)][:CHOICES]
    return tuple(name for place, (name, likely) in enumerate(topics) if likely >= thresholds.choice or place == 0)


Matrix = NDArray[np.float32]

_ANSWERS = tuple(round(0.35 + 0.05 * step, 2) for step in range(10))
_CLARIFIED = (0.2, 0.3)
_ASKED_BACK = 0.2  # what asking back is worth of a right answer, if the right topic is among the choices
_WRONG = 0.7  # what a wrong article costs, or one too many: asking back in its stead would not have been free either
_NOISE = 0.4  # what asking back costs where nothing of ours was asked


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


@dataclass(frozen=True)
class Judged:
    """A message that the models had not seen: what it asks about, and how likely each topic was held to be asked."""

    wanted: frozenset[str]
    asked: Mapping[str, float]
    mail: bool = False

    def worth(self, thresholds: Thresholds) -> float:
        """What deciding so gains: 1 for all that is wanted and no more, less for asking back, below 0 for wrong."""
        likely = {topic: value for topic, value in self.asked.items() if is_topic(topic)}
        answered = {topic for topic, value in likely.items() if value >= thresholds.answer}
        if answered:
            return len(answered & self.wanted) / max(len(self.wanted), 1) - _WRONG * len(answered - self.wanted)
        if max(likely.values(), default=0.0) >= thresholds.clarify:
            if not self.wanted:
                return 1.0 - _NOISE
            return _ASKED_BACK if self.wanted & set(choices(self.asked, thresholds)) else 0.0
        return 0.0 if self.wanted else 1.0


def best_thresholds(judged: Iterable[Judged]) -> Thresholds:
    """The middle of the thresholds that gain as much as any, within one standard error of the difference.

    Around the best the gain is flat, and where on the flat it is greatest chance decides.
    """
    everyone = list(judged)
    worths = {
        Thresholds(answer, clarify): np.array([one.worth(Thresholds(answer, clarify)) for one in everyone])
        for answer, clarify in product(_ANSWERS, _CLARIFIED)
        if clarify <= answer
    }
    most = max(worths.values(), key=lambda worth: round(float(worth.sum()), 6))

    def is_as_good(worth: NDArray[np.float64]) -> bool:
        lost = most - worth
        return bool(lost.mean() <= lost.std() / len(lost) ** 0.5)

    good = {each: round(float(worth.sum()), 6) for each, worth in worths.items() if is_as_good(worth)}
    answers = sorted({each.answer for each in good})
    middle = answers[len(answers) // 2]
    return max((each for each in good if each.answer == middle), key=lambda each: good[each])
