"""Choosing what was offered, in words."""

from __future__ import annotations

import pytest

from saldo.nlu.thread import clearest, placed

OFFERED = ("paid_twice", "seat_count", "cancel_service")


@pytest.mark.parametrize(
    ("text", "language", "topic"),
    [
        ("de tweede", "nl", "seat_count"),
        ("3", "nl", "cancel_service"),
        ("eka", "fi", "paid_twice"),
        ("over allebei", "nl", None),
        ("in de eerste week van mei betaald", "nl", None),
    ],
)
def test_a_choice_by_place(text: str, language: str, topic: str | None) -> None:
    assert placed(text, language, OFFERED) == topic


@pytest.mark.parametrize(
    ("asked", "topic"),
    [
        ({"seat_count": 0.5, "paid_twice": 0.1}, "seat_count"),
        ({"seat_count": 0.4, "paid_twice": 0.3}, None),
        ({"invoice_status": 0.5}, None),
    ],
)
def test_a_choice_by_what_it_is_about(asked: dict[str, float], topic: str | None) -> None:
    assert clearest(OFFERED, asked) == topic
