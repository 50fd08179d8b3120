"""From a ranking to what is done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saldo.nlu.decision import Decision, Status, Thresholds, judge, spoken_for
from saldo.nlu.pipeline import chosen, deciding, intent_ranking
from saldo.nlu.understanding import Question

LABELS = ("cancel_service", "greet", "out_of_scope", "paid_twice", "seat_count")
THRESHOLDS = Thresholds(answer=0.4, margin=0.1, topics=0.6, choice=0.1)


@pytest.mark.parametrize(
    ("weights", "status", "topic", "choices"),
    [
        ((0.90, 0.02, 0.05, 0.02, 0.01), "answer", "cancel_service", ()),
        ((0.42, 0.01, 0.02, 0.45, 0.10), "clarify", "paid_twice", ("paid_twice", "cancel_service", "seat_count")),
        ((0.04, 0.01, 0.02, 0.47, 0.46), "clarify", "paid_twice", ("paid_twice", "seat_count")),
        ((0.30, 0.01, 0.68, 0.01, 0.00), "out_of_scope", "out_of_scope", ()),
        ((0.20, 0.50, 0.10, 0.10, 0.10), "small_talk", "greet", ()),
        ((0.20, 0.05, 0.30, 0.25, 0.20), "clarify", "paid_twice", ("paid_twice", "cancel_service", "seat_count")),
    ],
)
def test_what_is_done(weights: tuple[float, ...], status: str, topic: str, choices: tuple[str, ...]) -> None:
    verdict = judge(LABELS, weights, THRESHOLDS)
    assert (verdict.status, verdict.topic, verdict.choices) == (status, topic, choices)


def test_labels_without_topics_never_answer() -> None:
    assert judge(("greet", "out_of_scope"), (0.3, 0.7), THRESHOLDS).status == "out_of_scope"


def reading(status: str, topic: str) -> Question:
    verdict = Decision(status, topic, 0.6, ((topic, 0.6), ("help", 0.4)))  # type: ignore[arg-type]
    return replace(chosen("…", topic, "nl"), decision=verdict)


@pytest.mark.parametrize(
    ("readings", "intent"),
    [
        ([("small_talk", "greet"), ("answer", "paid_twice"), ("answer", "seat_count")], "paid_twice"),
        ([("small_talk", "greet"), ("clarify", "paid_twice")], "nlu_fallback"),
        ([("out_of_scope", "out_of_scope"), ("small_talk", "thank")], "thank"),
        ([], "out_of_scope"),
    ],
)
def test_the_first_question_to_answer_decides(readings: list[tuple[str, str]], intent: str) -> None:
    ranking = intent_ranking(deciding([reading(*one) for one in readings]))
    weights = [weight for _, weight in ranking]
    assert ranking[0][0] == intent
    assert weights == sorted(weights, reverse=True)


def test_a_tapped_choice_is_certain() -> None:
    assert chosen("Opzeggen", "cancel_service", "nl").decision.confidence == 1.0


@pytest.mark.parametrize(("status", "score"), [("answer", -0.5), ("clarify", -0.5), ("small_talk", -0.4)])
def test_what_nothing_speaks_for_is_none_of_ours(status: Status, score: float) -> None:
    """Gibberish, too, has a likeliest label; its score tells that it is no more than that."""
    likeliest = Decision(status, "greet", 0.9, (("greet", 0.9), ("out_of_scope", 0.1)))
    assert spoken_for(likeliest, score).status == "out_of_scope"
    assert spoken_for(likeliest, 0.1) is likeliest
