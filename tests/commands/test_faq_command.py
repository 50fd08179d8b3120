"""`saldo faq check`: every mistake in the content, with file, line and what would be right, all at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from saldo.nlu import thread
from tests.support import TODAY, Ran

Saldo = Callable[..., Ran]


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_content_is_in_order(saldo: Saldo) -> None:
    assert saldo("faq", "check") == Ran(0, "In order: 11 topics in nl and fi.\n", "")


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


NEW_TOPIC = """question: {question}
keywords: [parking]
answer:
  - paragraph: {answer}
source: {{article: {language}, heading: {heading}}}
"""
HEADINGS = {"nl": "Hoe beëindig ik de service?", "fi": "Miten irtisanon palvelun?"}


def test_a_topic_added_as_the_readme_says_is_in_order_and_explained(saldo: Saldo, empty_home: Path) -> None:
    """A line in topics.yml and its files: it once crashed for every known customer, while the check said "in order"."""
    topics = empty_home / "faq" / "topics.yml"
    topics.write_text(f"{topics.read_text(encoding='utf-8')}parking: where to park\n", encoding="utf-8")
    for language, heading in HEADINGS.items():
        text = NEW_TOPIC.format(question="Parking?", answer="Parking.", language=language, heading=heading)
        (empty_home / "faq" / language / "parking.yml").write_text(text, encoding="utf-8")
    home = {"SALDO_HOME": str(empty_home), "SALDO_TODAY": TODAY}
    assert saldo("faq", "check", **home) == Ran(0, "In order: 12 topics in nl and fi.\n", "")
    saldo("billing", "sample", **home)
    ran = saldo("billing", "explain", "NL-1001", "parking", **home)
    assert ran.code == 0, ran.err
    assert "Parking." in ran.out


def test_a_slip_in_a_word_list_is_told_as_one_in_the_content(
    saldo: Saldo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = tmp_path / "thread.yml"
    words.write_text("nl: {topics: {}, ordinals: [[eerste, eerste]]}\n", encoding="utf-8")
    monkeypatch.setattr(thread, "WORDS", words)
    thread.word_lists.cache_clear()
    ran = saldo("faq", "check")
    thread.word_lists.cache_clear()
    assert ran.code == 2
    assert "thread.yml:1: nl.ordinals.0: 'eerste' stands there twice; once is enough" in ran.err
