"""Any 2,000 characters are read and answered in 50 ms of the processor, and never with an error."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from saldo.conversation import Reply
from saldo.nlu.clauses import MOST, clauses
from saldo.nlu.cues import Cue
from saldo.nlu.entity_extraction import find_entities
from tests.fault_table import Seen
from tests.fuzz.budget import allowed, is_quick, seconds
from tests.fuzz.texts import WORST, filled, texts
from tests.fuzz.turn import turner

Turn = Callable[[str], Reply | None]
BOUND = 0.05


@pytest.fixture(scope="module")
def turn(model: Path) -> Turn:
    """One turn, without Rasa."""
    return turner()


@pytest.mark.fault(
    "2,000 characters that were made to be slow", expected="each is answered in 50 ms of an idle processor"
)
def test_the_worst_that_was_found_is_quick(turn: Turn, seen: Seen) -> None:
    took = {piece: seconds(lambda piece=piece: turn(filled(piece))) for piece in WORST}  # type: ignore[misc]
    slowest = max(took, key=lambda piece: took[piece])
    seen(f"{len(took)} texts, the slowest {took[slowest] * 1000:.0f} ms where {allowed(BOUND) * 1000:.0f} are allowed")
    assert is_quick(lambda: turn(filled(slowest)), BOUND), slowest


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=texts)
def test_any_text_is_quick(turn: Turn, text: str) -> None:
    turn(text)  # whatever it is, without an error
    assert is_quick(lambda: turn(text), BOUND)


def test_no_more_clauses_are_told_apart_than_a_message_has() -> None:
    """The rest belongs to the last, so nothing is left out."""
    text = filled("ja, ")
    found = clauses(text)
    assert len(found) == MOST and found[-1].end == len(text.rstrip(", "))


def test_a_long_row_of_digits_is_no_pair_of_each_with_each() -> None:
    assert len(find_entities(filled("06 12 34 56 78, "), "nl")) > 10
    assert is_quick(lambda: find_entities(filled("06 "), "nl"), BOUND)


@pytest.mark.parametrize(
    ("expression", "text", "stands"),
    [
        (r"\bhaal\w*\b.*\bweg\b", "haal er twee weg", True),
        (r"\bhaal\w*\b.*\bweg\b", "weg, en haal", False),
        (r"\bhaal\w*\b.*\bweg\b", "haal\nweg", False),
        (r"\bhaal\w*\b.*\bweg\b", "haal\nhaal het weg", True),
        (r"\baf\b|\bdoe\b.*\bweg\b", "doe er een af", True),
        (r"^(?!.*niet).*\bweg\b", "dit moet niet weg", False),
        (r"^(?!.*niet).*\bweg\b", "dit moet weg", True),
        (r"(?:a.*b|c)", "a en b", True),
    ],
)
def test_a_cue_is_found_where_its_expression_is(expression: str, text: str, stands: bool) -> None:
    assert Cue.compile(expression).search(text) is stands is bool(re.search(expression, text))
