"""How well questions are understood, in figures; pure functions over labelled questions and verdicts on them.

Only an answered topic counts as right: asking which topic is meant is no error, but no success either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from saldo.evaluation.labelled import Labelled
from saldo.nlu.decision import OUT_OF_SCOPE, SMALL_TALK, Decision, is_topic

Z = 1.96  # 95 % of a normal distribution
BINS = 10


@dataclass(frozen=True)
class Outcome:
    """A labelled question and how it was understood."""

    asked: Labelled
    verdict: Decision
    topics: tuple[str, ...] = ()
    """All that was answered; where that is more than the one topic, an article too many."""

    @property
    def answered(self) -> bool:
        return self.verdict.status == "answer"

    @property
    def right(self) -> bool:
        """Understood as labelled, without asking back."""
        return self.verdict.status != "clarify" and self.verdict.topic == self.asked.label and not self.extra

    @property
    def extra(self) -> bool:
        """Answered with the right article and one that was not asked for."""
        return self.answered and len(self.topics) > 1


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    total: int

    @property
    def value(self) -> float:
        """0 where there is nothing to count."""
        return self.count / self.total if self.total else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval."""
        return wilson(self.count, self.total)


@dataclass(frozen=True)
class Figures:
    """The figures of a set of questions."""

    right: Share
    """Topic questions answered with their topic, and only that."""
    wrong: Share
    """Topic questions answered with another topic, or one more, without asking."""
    asked: Share
    """Topic questions answered by a question back."""
    offered: Share
    """Of those, the ones whose topic is among the choices."""
    refused: Share
    """Out-of-scope questions understood as such."""
    outside_asked: Share
    """Out-of-scope questions answered by a question back."""
    small_talk: Share
    """Small talk understood as the intent it is."""


@dataclass(frozen=True)
class Bin:
    """Questions of about the same confidence."""

    confidence: float
    """Their mean, 0 to 1."""
    right: Share
    """Those whose likeliest intent was the right one."""


@dataclass(frozen=True)
class Evaluation:
    """All there is to say about a set of questions."""

    total: Figures
    languages: dict[str, Figures]
    styles: dict[str, Figures]
    f1: dict[str, float]
    reliability: tuple[Bin, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def calibration_error(self) -> float:
        """See `calibration_error`."""
        return calibration_error(self.reliability)

    @property
    def mistakes(self) -> list[Outcome]:
        """The questions not understood as labelled."""
        return [one for one in self.outcomes if not one.right]


def score(outcomes: Sequence[Outcome]) -> Evaluation:
    """Everything that is reported."""
    return Evaluation(
        figures(outcomes),
        _grouped(outcomes, lambda outcome: outcome.asked.language),
        _grouped(outcomes, lambda outcome: outcome.asked.style),
        {label: f1(outcomes, label) for label in sorted({outcome.asked.label for outcome in outcomes})},
        reliability(outcomes),
        tuple(outcomes),
    )


def figures(outcomes: Sequence[Outcome]) -> Figures:
    """The counts over topics, out-of-scope questions and small talk."""
    topics = [outcome for outcome in outcomes if is_topic(outcome.asked.label)]
    outside = [outcome for outcome in outcomes if outcome.asked.label == OUT_OF_SCOPE]
    asked = [outcome for outcome in topics if outcome.verdict.status == "clarify"]
    return Figures(
        right=_share(topics, lambda outcome: outcome.answered and outcome.right),
        wrong=_share(topics, lambda outcome: outcome.answered and not outcome.right),
        asked=Share(len(asked), len(topics)),
        offered=_share(asked, lambda outcome: outcome.asked.label in outcome.verdict.choices),
        refused=_share(outside, lambda outcome: outcome.verdict.status == OUT_OF_SCOPE),
        outside_asked=_share(outside, lambda outcome: outcome.verdict.status == "clarify"),
        small_talk=_share((one for one in outcomes if one.asked.label in SMALL_TALK), lambda outcome: outcome.right),
    )


def f1(outcomes: Sequence[Outcome], label: str) -> float:
    """The harmonic mean of precision and recall of one label."""
    hits = sum(outcome.right for outcome in outcomes if outcome.asked.label == label)
    named = sum(outcome.asked.label == label for outcome in outcomes)
    found = sum(outcome.verdict.topic == label and outcome.verdict.status != "clarify" for outcome in outcomes)
    return 2 * hits / (named + found) if named + found else 0.0


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence lies from being right, on average over all questions."""
    total = sum(each.right.total for each in bins)
    return sum(abs(each.confidence - each.right.value) * each.right.total for each in bins) / total if total else 0.0


def reliability(outcomes: Sequence[Outcome], bins: int = BINS) -> tuple[Bin, ...]:
    """The likeliest intents by how sure the model was, in steps of equal width."""
    pairs = [(one.verdict.ranking[0][1], one.verdict.ranking[0][0] == one.asked.label) for one in outcomes]
    steps = [[pair for pair in pairs if min(int(pair[0] * bins), bins - 1) == place] for place in range(bins)]
    return tuple(
        Bin(
            sum(sure for sure, _ in bin_items) / max(len(bin_items), 1),
            Share(sum(right for _, right in bin_items), len(bin_items)),
        )
        for bin_items in steps
    )


def wilson(count: int, total: int, z: float = Z) -> tuple[float, float]:
    """The score interval of a proportion; of nothing it is (0, 1)."""
    if not total:
        return 0.0, 1.0
    share, spread = count / total, z * z / total
    middle = (share + spread / 2) / (1 + spread)
    half = z * sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _grouped(outcomes: Sequence[Outcome], key: Callable[[Outcome], str]) -> dict[str, Figures]:
    names = sorted({key(outcome) for outcome in outcomes} - {""})
    return {name: figures([outcome for outcome in outcomes if key(outcome) == name]) for name in names}


def _share(outcomes: Iterable[Outcome], counts: Callable[[Outcome], bool]) -> Share:
    flags = [counts(outcome) for outcome in outcomes]
    return Share(sum(flags), len(flags))
