"""The figures, against values reckoned by hand."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from rich.console import Console

from saldo.evaluation.labelled import Labelled
from saldo.evaluation.report import as_json, tables
from saldo.evaluation.scores import Outcome, Share, calibration_error, f1, figures, reliability, score, wilson
from saldo.nlu.decision import Decision


def outcome(label: str, status: str, topic: str, confidence: float = 0.9, **more: str) -> Outcome:
    ranking = ((topic, confidence), ("out_of_scope", 1 - confidence))
    choices = (topic, "seat_count") if status == "clarify" else ()
    verdict = Decision(status, topic, confidence, ranking, choices)  # type: ignore[arg-type]
    return Outcome(Labelled("…", label, **more), verdict)  # type: ignore[arg-type]


OUTCOMES = [
    outcome("paid_twice", "answer", "paid_twice", language="nl"),
    outcome("paid_twice", "answer", "seat_count", language="nl", style="typos"),
    outcome("seat_count", "clarify", "paid_twice", language="fi"),
    outcome("seat_count", "out_of_scope", "out_of_scope", language="fi"),
    outcome("out_of_scope", "out_of_scope", "out_of_scope", language="fi"),
    outcome("out_of_scope", "clarify", "paid_twice", language="fi"),
    outcome("out_of_scope", "answer", "paid_twice", language="fi"),
    outcome("greet", "small_talk", "greet", language="nl"),
    outcome("greet", "small_talk", "thank", language="nl"),
]


def test_each_figure_counts_its_own_questions() -> None:
    found = figures(OUTCOMES)
    assert found.right == Share(1, 4)
    assert found.wrong == Share(1, 4)
    assert found.asked == Share(1, 4)
    assert found.offered == Share(1, 1)
    assert found.refused == Share(1, 3)
    assert found.outside_asked == Share(1, 3)
    assert found.small_talk == Share(1, 2)


def test_groups() -> None:
    evaluation = score(OUTCOMES)
    assert evaluation.languages["nl"].right == Share(1, 2)
    assert evaluation.styles["typos"].right == Share(0, 1)


def test_asking_back_is_not_right_in_f1_either() -> None:
    assert f1(OUTCOMES, "paid_twice") == pytest.approx(2 * 1 / (2 + 2))
    assert f1(OUTCOMES, "never_seen") == 0.0


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_wilson_against_published_values(count: int, total: int, low: float, high: float) -> None:
    assert wilson(count, total) == pytest.approx((low, high), abs=1e-4)


def test_calibration_error() -> None:
    sure = [outcome("greet", "small_talk", "greet", 0.95)] * 9 + [outcome("greet", "small_talk", "thank", 0.95)]
    assert calibration_error(reliability(sure)) == pytest.approx(0.05)
    assert calibration_error(reliability([])) == 0.0


def test_an_article_too_many_is_not_right() -> None:
    alone = outcome("paid_twice", "answer", "paid_twice")
    twofold = replace(alone, topics=("paid_twice", "seat_count"))
    assert (alone.right, twofold.right) == (True, False)
    assert figures([alone, twofold]).wrong.count == 1


def test_the_report_is_json_and_prints() -> None:
    evaluation = score(OUTCOMES)
    assert len(json.loads(json.dumps(as_json(evaluation)))["mistakes"]) == 6
    console = Console(record=True, width=140)
    for table in tables(evaluation):
        console.print(table)
    assert "0.250" in console.export_text()


def test_many_styles_are_read_in_a_narrow_terminal() -> None:
    many = [outcome("paid_twice", "answer", "paid_twice", style=f"style {number}") for number in range(15)]
    console = Console(record=True, width=80)
    console.print(tables(score(many))[1])
    assert "…" not in console.export_text()
