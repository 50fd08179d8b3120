"""Tokens: what stays whole and what is parted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from saldo.nlu.tokenizer import tokens
from saldo.rasa_runtime.components.preprocessing import LanguageComponent, TokensComponent
from tests.nlu.checks import CHECKS, TEXTS, Case


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_component(check: Callable[[Case], None], tmp_path: Path) -> None:
    check(Case(TokensComponent, tmp_path, before=(LanguageComponent,)))


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Severa:n lasku", "fi", ["Severa:n", "lasku"]),
        ("30:lla käyttäjällä.", "fi", ["30:lla", "käyttäjällä", "."]),
        ("6kk ja 60kpl", "fi", ["6", "kk", "ja", "60", "kpl"]),
        ("€12,50 (incl. btw)", "nl", ["€", "12,50", "(", "incl", ".", "btw", ")"]),
        ("1.250,00 €, 40e", "fi", ["1.250,00", "€", ",", "40", "e"]),
        ("factuur 2026-0142?", "nl", ["factuur", "2026-0142", "?"]),
        ("op 1.7.2026.", "nl", ["op", "1.7.2026", "."]),
        ("mail jan@firma.nl, graag", "nl", ["mail", "jan@firma.nl", ",", "graag"]),
        ("e-mail", "nl", ["e-mail"]),
        ("collega's", "nl", ["collega's"]),
        ("licenties/maand", "nl", ["licenties", "/", "maand"]),
    ],
)
def test_tokenizer(text: str, language: str, expected: list[str]) -> None:
    assert [piece for piece, _ in tokens(text, language)] == expected


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("language", ["nl", "fi", "other"])
def test_offsets_are_exact(text: str, language: str) -> None:
    for piece, start in tokens(text, language):
        assert text[start : start + len(piece)] == piece
