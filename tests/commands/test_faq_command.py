"""`saldo faq check`: every mistake in the content, with file, line and what would be right, all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import Ran

Saldo = Callable[..., Ran]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_content_is_in_order(saldo: Saldo) -> None:
    assert saldo("faq", "check") == Ran(0, "In order: 10 topics in nl and fi.\n", "")


def test_a_figure_in_one_language_only_is_told(saldo: Saldo, empty_home: Path) -> None:
    change(empty_home / "faq" / "nl" / "invoice_quantity.yml", "6 × 10 = 60", "7 × 10 = 70")
    ran = saldo("faq", "check", SALDO_HOME=str(empty_home))
    assert (ran.code, ran.out) == (2, "")
    assert "faq/nl/invoice_quantity.yml:" in ran.err
    assert "'70' is not in fi" in ran.err
    assert "'60' is not in nl" in ran.err


def test_a_placeholder_that_no_rule_fills_is_told_with_the_ones_there_are(saldo: Saldo, empty_home: Path) -> None:
    change(empty_home / "faq" / "fi" / "invoice_quantity.yml", "{invoice}", "{bill}")
    ran = saldo("faq", "check", SALDO_HOME=str(empty_home))
    assert ran.code == 2
    assert "unknown placeholder {bill}; allowed: " in ran.err
    assert "{invoice}" in ran.err


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"question: [", "is no YAML"),
        (b"", "is empty"),
        (b"question: \xff", "is not UTF-8 text"),
        (b"- a list", "nl/seat_count.yml:1: "),
        (b"question: x\nquestoin: y\n", "questoin: extra fields not permitted"),
    ],
    ids=["no YAML", "empty", "Latin-1", "a list", "a misspelt key"],
)
def test_a_broken_file_is_told_by_name(saldo: Saldo, empty_home: Path, content: bytes, told: str) -> None:
    (empty_home / "faq" / "nl" / "seat_count.yml").write_bytes(content)
    ran = saldo("faq", "check", SALDO_HOME=str(empty_home))
    assert (ran.code, ran.out) == (2, "")
    assert "faq/nl/seat_count.yml" in ran.err
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_mistakes_in_two_files_are_told_together(saldo: Saldo, empty_home: Path) -> None:
    for language in ("nl", "fi"):
        (empty_home / "faq" / language / "seat_count.yml").write_text("question: [")
    err = saldo("faq", "check", SALDO_HOME=str(empty_home)).err
    assert err.startswith("2 mistakes:\n")
    assert "faq/fi/seat_count.yml" in err and "faq/nl/seat_count.yml" in err


def test_a_home_without_content_is_refused(saldo: Saldo, tmp_path: Path) -> None:
    ran = saldo("faq", "check", SALDO_HOME=str(tmp_path))
    assert ran.code == 2
    assert ran.err == f"SALDO_HOME is {str(tmp_path)!r}; allowed: a folder that holds faq/, data/ and config.yml.\n"
