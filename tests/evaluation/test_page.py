"""The page and the pictures of an evaluation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from saldo.evaluation import Labelled, Outcome, score
from saldo.evaluation.page import draw, page
from saldo.evaluation.scores import Share
from saldo.evaluation.validation import Learned
from saldo.nlu.decision import Decision

PNG = b"\x89PNG"


def outcome(text: str, label: str, topic: str, confidence: float = 0.8) -> Outcome:
    ranking = ((topic, confidence), ("out_of_scope", 1 - confidence))
    return Outcome(Labelled(text, label, "nl"), Decision("answer", topic, confidence, ranking))


EVALUATION = score(
    [
        outcome("dubbel betaald", "paid_twice", "paid_twice"),
        outcome("<script>alert(1)</script>", "seat_count", "paid_twice", 0.6),
    ]
)
LEARNED = Learned(EVALUATION, ((100, Share(6, 10)), (200, Share(8, 10))))


def test_the_page_holds_everything_and_loads_nothing() -> None:
    made = page(EVALUATION, LEARNED)
    assert made.count("data:image/png;base64,") == 3
    assert not re.search(r'(?:src|href)="(?!data:)', made)
    assert "200: 0.800" in made


def test_a_question_is_shown_as_text() -> None:
    made = page(EVALUATION)
    assert "<script>" not in made
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made


def test_without_learning_there_is_no_curve(tmp_path: Path) -> None:
    draw(EVALUATION).save(tmp_path / "plots")
    found = {path.name: path.read_bytes()[:4] for path in (tmp_path / "plots").iterdir()}
    assert found == {"confusion.png": PNG, "reliability.png": PNG}


@pytest.mark.parametrize("outcomes", [EVALUATION.outcomes, EVALUATION.outcomes[:1]])
def test_the_same_evaluation_draws_the_same_pictures(outcomes: tuple[Outcome, ...]) -> None:
    assert draw(score(outcomes)) == draw(score(outcomes))


def test_the_page_says_whether_its_figures_claim_anything() -> None:
    assert "A development set" in page(EVALUATION)
    assert "A development set" not in page(EVALUATION, development=False)
