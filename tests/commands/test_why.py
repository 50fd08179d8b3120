"""`saldo ask --why`: how a question is cut, what each piece may be about, and which rule decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support import Ran


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hoe zeg ik op?", ["language nl", "cancel_service", "answered from", "how"]),
        ("Maksoin laskun kahdesti. Miten irtisanon palvelun?", ["language fi", "paid_twice", "cancel_service"]),
        ("60", ["clarify"]),
        ("Over opzeggen gaat het niet, wel over de dubbele betaling.", ["negate", "paid_twice"]),
        ("Wat voor weer wordt het morgen?", ["out_of_scope"]),
        ("Vad blir det för väder i Stockholm imorgon, tror ni?", ["language other", "language"]),
    ],
)
def test_it_shows_segments_weights_and_the_rule(saldo: Callable[..., Ran], text: str, shown: list[str]) -> None:
    ran = saldo("ask", "--why", text)
    assert ran.code == 0, ran.err
    assert all(each in ran.out for each in shown), ran.out


def test_it_shows_what_the_customer_never_sees_and_no_answer(saldo: Callable[..., Ran]) -> None:
    assert "severa.support@visma.com" not in saldo("ask", "--why", "Hoe zeg ik op?").out
