"""Typing errors: one a message, the same in every run, and such as a keyboard makes."""

from __future__ import annotations

import pytest

from saldo.nlu.mistyping import mistyped

TEXTS = [
    "Hoe zeg ik het abonnement op?",
    "Miten irtisanon palvelun?",
    "waarom zoveel licenties",
    "mitä jos lisään käyttäjän",
]


@pytest.mark.parametrize("text", TEXTS)
def test_one_word_is_mistyped_and_always_the_same_way(text: str) -> None:
    words, wrong = text.split(), mistyped(text).split()
    assert mistyped(text) == mistyped(text)
    assert len(words) == len(wrong)
    changed = [(one, other) for one, other in zip(words, wrong, strict=True) if one != other]
    assert len(changed) <= 1  # a doubled letter beside its own kind, or two alike swapped, may leave it as it was
    for one, other in changed:
        assert len(one.strip("?")) >= 4 and abs(len(one) - len(other)) <= 1
        assert one[0] == other[0]


def test_a_text_without_a_longer_word_stays() -> None:
    assert mistyped("60?") == "60?"
