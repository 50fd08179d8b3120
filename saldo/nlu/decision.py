"""What follows from a reading: answer, ask back, small talk or out of scope; and how the thresholds are chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


LEAD = 0.2
"""None is answered unless the likeliest topic is so much likelier than that the same words ask none of ours; between 0
and 0.3 messages of hands left out hardly tell."""


@dataclass(frozen=True)
class Thresholds:
    """From which probability what is done; chosen on messages of hands that the models had not seen."""

    answer: float = 0.5
    """The likeliest topic is answered from here on."""
    also: float = 0.6
    """A further one is answered from here on: it gains less, for one is answered anyhow and nothing asked back."""
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


def rivalled(asked: Mapping[str, float], best: Mapping[str, int]) -> float:
    """How likely the segment that speaks most for the likeliest topic asks for none of ours; `best` is the segment of
    each. What is asked beside, in a segment of its own, is no rival.
    """
    topics = sorted((name for name in asked if is_topic(name)), key=lambda name: (-asked[name], name))
    same = topics and best.get(OUT_OF_SCOPE) == best[topics[0]]
    return asked[OUT_OF_SCOPE] if same else 0.0


def answered(asked: Mapping[str, float], thresholds: Thresholds, rival: float = 0.0) -> list[str]:
    """The topics to answer, the likeliest first; none that hardly leads what is none of ours (see `rivalled`)."""
    topics = sorted((name for name in asked if is_topic(name)), key=lambda name: (-asked[name], name))
    if not topics or asked[topics[0]] < max(thresholds.answer, rival + LEAD):
        return []
    return topics[:1] + [name for name in topics[1:] if asked[name] >= thresholds.also]


def choices(asked: Mapping[str, float], thresholds: Thresholds) -> tuple[str, ...]:
    """The topics to ask back with: the likeliest, and those that may be meant as well."""
    topics = [(name, likely) for name, likely in ranked(asked) if is_topic(name)][:CHOICES]
    return tuple(name for place, (name, likely) in enumerate(topics) if likely >= thresholds.choice or place == 0)


Matrix = NDArray[np.float32]

_ANSWERS = tuple(round(0.35 + 0.05 * step, 2) for step in range(10))
_CLARIFIED = (0.2, 0.3)
_ASKED_BACK = 0.1  # what asking back is worth of a right answer, if the right topic is among the choices
_NOISE = 0.4  # what asking back costs where nothing of ours was asked
_WRONG = 0.4  # what a wrong article costs in a chat, where it is seen at a glance and a person is one tap away …
_WRONG_IN_MAIL = 0.9  # … and in a letter, which a person has to take apart
_TOO_MANY = 1.0  # what each costs that stands beside another: it hides what was asked for


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
    rival: float = 0.0
    """See `rivalled`."""


class Gains:
    """What any thresholds gain, message by message: `answered` and `choices` for all messages at once."""

    def __init__(self, judged: Sequence[Judged], mail: bool = False) -> None:
        topics = sorted({name for one in judged for name in (*one.asked, *one.wanted) if is_topic(name)})
        likely = np.array([[one.asked.get(topic, 0.0) for topic in topics] for one in judged])
        wanted = np.array([[topic in one.wanted for topic in topics] for one in judged], dtype=np.bool_)
        order = np.argsort(-likely, axis=1, kind="stable")
        self._likely, self._wanted, self._most = likely, wanted, likely.max(axis=1, initial=0)
        self._rival = np.array([one.rival for one in judged])
        self._first, self._offered = _places(order[:, :1], wanted), _places(order[:, :CHOICES], wanted)
        self._count, self._asks = np.maximum(wanted.sum(axis=1), 1), wanted.any(axis=1)
        self._wrong = (_WRONG_IN_MAIL if mail else _WRONG) * (self._first & ~wanted).sum(axis=1)

    def under(self, thresholds: Thresholds) -> NDArray[np.float64]:
        """1 for all that is wanted and no more, less for asking back, below 0 for wrong."""
        first, wanted = self._first, self._wanted
        further = (self._likely >= thresholds.also) & ~first
        share = ((first | further) & wanted).sum(axis=1) / self._count
        answered = share - self._wrong - _TOO_MANY * (further & ~wanted).sum(axis=1)
        offered = self._offered & (first | (self._likely >= thresholds.choice))
        asked_back = np.where(self._asks, _ASKED_BACK * (offered & wanted).any(axis=1), 1 - _NOISE)
        silent = np.where(self._most >= thresholds.clarify, asked_back, np.where(self._asks, 0.0, 1.0))
        enough = np.maximum(thresholds.answer, self._rival + LEAD)
        return np.where(self._most >= enough, answered, silent)


def _places(of: NDArray[np.int64], like: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """True at these columns of each row."""
    found = np.zeros_like(like)
    np.put_along_axis(found, of, True, axis=1)
    return found


def best_thresholds(judged: Sequence[Judged], mail: bool = False) -> Thresholds:
    """The thresholds that gain most."""
    if not judged:
        return Thresholds()
    gains = Gains(judged, mail)
    tried = [Thresholds(*each) for each in product(_ANSWERS, _ANSWERS, _CLARIFIED) if each[2] <= min(each[:2])]
    return max(tried, key=lambda each: round(float(gains.under(each).sum()), 6))
