"""From what is likely to what is done, and how the thresholds for it are chosen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from saldo.nlu.decision import Decision, Gains, Judged, Thresholds, answered, best_thresholds, choices, rivalled
from saldo.nlu.pipeline import chosen, deciding, intent_ranking
from saldo.nlu.understanding import Question

LIMITS = Thresholds(answer=0.5, also=0.6, clarify=0.3, choice=0.1)


def test_the_choices_are_the_likeliest_topics_and_no_more_than_three() -> None:
    asked = {"paid_twice": 0.5, "out_of_scope": 0.9, "seat_count": 0.4, "human": 0.3, "cancel_service": 0.2}
    assert choices({**asked, "invoice_status": 0.15}, LIMITS) == ("paid_twice", "seat_count", "cancel_service")


def test_a_topic_that_hardly_counts_is_no_choice() -> None:
    assert choices({"paid_twice": 0.5, "seat_count": 0.05}, LIMITS) == ("paid_twice",)


def test_a_topic_beside_another_has_to_be_surer_than_one_alone() -> None:
    assert answered({"paid_twice": 0.55, "out_of_scope": 0.9}, LIMITS) == ["paid_twice"]
    assert answered({"paid_twice": 0.55, "seat_count": 0.7}, LIMITS) == ["seat_count"]
    assert answered({"paid_twice": 0.65, "seat_count": 0.7}, LIMITS) == ["seat_count", "paid_twice"]
    assert answered({"paid_twice": 0.45, "seat_count": 0.4}, LIMITS) == []


def test_a_topic_that_hardly_leads_what_is_none_of_ours_is_not_answered() -> None:
    """ "Can I pay my phone bill later?": more time to pay 0.7, none of ours 0.6, in the same words."""
    asked = {"payment_extension": 0.7, "seat_count": 0.65, "out_of_scope": 0.6}
    segments = {"payment_extension": 0, "seat_count": 1, "out_of_scope": 0}
    assert rivalled(asked, segments) == 0.6
    assert answered(asked, LIMITS, rival=0.6) == []
    assert answered(asked, LIMITS, rival=0.4) == ["payment_extension", "seat_count"]


@pytest.mark.parametrize("segments", [{"paid_twice": 0, "out_of_scope": 1}, {"paid_twice": 0}, {"out_of_scope": 0}, {}])
def test_what_is_none_of_ours_is_no_rival_where_other_words_ask_it(segments: dict[str, int]) -> None:
    assert rivalled(dict.fromkeys(segments, 0.7), segments) == 0.0


@pytest.mark.parametrize(
    ("wanted", "asked", "chat", "mail"),
    [
        ({"paid_twice"}, {"paid_twice": 0.7}, 1.0, 1.0),  # answered
        ({"paid_twice"}, {"paid_twice": 0.4}, 0.1, 0.1),  # asked back, with the right choice
        ({"paid_twice"}, {"paid_twice": 0.2}, 0.0, 0.0),  # refused
        ({"paid_twice"}, {"seat_count": 0.7}, -0.4, -0.9),  # a wrong article
        ({"paid_twice"}, {"paid_twice": 0.7, "seat_count": 0.7}, 0.0, 0.0),  # an article too many
        ({"paid_twice", "seat_count"}, {"paid_twice": 0.7, "seat_count": 0.2}, 0.5, 0.5),  # one of two
        (set(), {"paid_twice": 0.2}, 1.0, 1.0),  # nothing of ours was asked, and nothing was said
        ({"out_of_scope"}, {"out_of_scope": 0.9}, 1.0, 1.0),  # neither was it here
        ({"out_of_scope"}, {"paid_twice": 0.4}, 0.6, 0.6),  # asked back for nothing
    ],
)
def test_what_a_decision_gains(wanted: set[str], asked: dict[str, float], chat: float, mail: float) -> None:
    judged = [Judged(frozenset(wanted), asked)]
    assert [Gains(judged, each).under(LIMITS)[0] for each in (False, True)] == pytest.approx([chat, mail])


def test_thresholds_are_as_low_as_what_is_wrong_allows() -> None:
    right = [Judged(frozenset({"paid_twice"}), {"paid_twice": 0.62})] * 9
    wrong = [Judged(frozenset(), {"paid_twice": 0.52})] * 5
    assert 0.52 < best_thresholds([*right, *wrong]).answer <= 0.62


def test_a_mail_is_answered_more_cautiously_than_a_chat() -> None:
    """In a chat two right answers outweigh a wrong one; a letter with a wrong passage helps nobody."""
    doubtful = [Judged(frozenset({"paid_twice"}), {"paid_twice": 0.55})] * 3
    doubtful += [Judged(frozenset({"seat_count"}), {"paid_twice": 0.55})] * 4
    assert best_thresholds(doubtful).answer <= 0.55
    assert best_thresholds(doubtful, mail=True).answer > 0.55


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
