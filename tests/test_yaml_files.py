"""The reader of YAML files: what a writer may slip into, told with file and line; and that nothing reads past it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from saldo.commands.faq import topic_faults, word_list_faults
from saldo.errors import FaultyFiles
from saldo.faq import load
from saldo.yaml_files import Expression, Strict, Words, WordSet, read_yaml
from tests.support import CHECKOUT

OTHERS = {"saldo/yaml_files.py", "saldo/evaluation/labelled.py", "saldo/rasa_runtime/patches/lazy_imports.py"}
"""Who else may read YAML: Rasa's own training data and configuration, whose shapes are Rasa's."""


class Lists(Strict):
    """A word list of one language, as the understanding has them."""

    opening: WordSet
    phrases: Words = ()
    count: int = 0
    patterns: tuple[Expression, ...] = ()


def read(tmp_path: Path, text: str, shape: Any = dict[str, Lists]) -> Any:
    path = tmp_path / "words" / "lists.yml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_yaml(path, shape)


@pytest.mark.parametrize("word", ["no", "on", "off", "yes", "null", "12:30", "1_000", "2026-07-01", "0x10", "~"])
def test_a_word_stays_the_word_that_was_written(tmp_path: Path, word: str) -> None:
    """To YAML a bare `no` is False: "No kauanko kestää?" was once refused where "Ja kauanko kestää?" was answered."""
    assert read(tmp_path, f"fi: {{opening: [{word}, ja]}}")["fi"].opening == {word, "ja"}


def test_words_may_stand_in_a_list_or_in_a_row(tmp_path: Path) -> None:
    lists = read(tmp_path, "nl:\n  opening: >\n    en maar\n    dus\n  phrases: [ik wil, wij willen]\n  count: 3\n")[
        "nl"
    ]
    assert (lists.opening, lists.phrases, lists.count) == ({"en", "maar", "dus"}, ("ik wil", "wij willen"), 3)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("nl: {opening: [en], closing: [dag]}", "words/lists.yml:1: nl.closing: extra fields not permitted"),
        ("nl:\n  phrases: [ik wil]", "words/lists.yml:2: nl.opening: field required"),
        ("nl:\n  opening: [en, maar, en]", "words/lists.yml:2: nl.opening: 'en' stands there twice; once is enough"),
        ("nl:\n  opening: en maar en", "words/lists.yml:2: nl.opening: 'en' stands there twice; once is enough"),
        ("nl:\n  opening: [en]\n  opening: [ja]", "words/lists.yml:3: opening comes twice"),
        ("nl:\n  opening: {en: ja}", "words/lists.yml:2: nl.opening: should be a list of words"),
        ("nl:\n  opening: [en]\n  count: veel", "words/lists.yml:3: nl.count: value is not a valid integer"),
        (
            "nl:\n  opening: [en]\n  patterns: ['(en']",
            "words/lists.yml:3: nl.patterns.0: '(en' is no regular expression",
        ),
        ("nl: [", "words/lists.yml:2: is no YAML"),
        ("", "words/lists.yml:1: is empty"),
    ],
)
def test_each_mistake_is_told_with_its_line(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(FaultyFiles) as caught:
        read(tmp_path, text)
    assert str(caught.value.faults[0]).startswith(fault)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(FaultyFiles) as caught:
        read(tmp_path, "nl:\n  opening: [en, en]\n  count: veel\n  other: 1\n")
    assert len(caught.value.faults) == 3


def test_a_missing_file_and_another_encoding_are_told(tmp_path: Path) -> None:
    (tmp_path / "latin.yml").write_bytes("nl: één".encode("latin-1"))
    for name, fault in [("gone.yml", "is missing"), ("latin.yml", "is not UTF-8 text")]:
        with pytest.raises(FaultyFiles, match=fault):
            read_yaml(tmp_path / name, dict[str, str])


def test_our_word_lists_are_in_order() -> None:
    assert word_list_faults() == []


def test_what_is_kept_by_topic_names_topics_that_there_are() -> None:
    topics = load(CHECKOUT / "faq").topics
    assert topic_faults(topics) == []
    without = [topic for topic in topics if topic != "paid_twice"]
    assert {each.file.split()[0] for each in topic_faults(without)} == {
        "saldo/billing/explain.py", "saldo/billing/message_catalogue.py", "saldo/nlu/words/thread.yml",
    }  # fmt: skip


def test_nothing_else_reads_yaml() -> None:
    readers = {
        path.relative_to(CHECKOUT).as_posix()
        for path in (CHECKOUT / "saldo").rglob("*.py")
        if any(
            isinstance(node, ast.Import) and any(name.name == "yaml" for name in node.names)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    }
    assert readers <= OTHERS
