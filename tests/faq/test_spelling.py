"""What customers read is spelt as the dictionaries of Debian know it, hunspell's for Dutch and Voikko's for Finnish.

Names and the few good words that they lack stand in `words.txt`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
import yaml

from saldo.faq.texts import PLACEHOLDER
from saldo.settings import CHECKOUT
from tests.faq.conftest import SMALL

OWN = set((SMALL.parent / "words.txt").read_text(encoding="utf-8").split())
CHECKERS = {
    "nl": (["hunspell", "-l", "-d", "nl"], "", "apt-get install hunspell hunspell-nl"),
    "fi": (["voikkospell", "-d", "fi"], "W: ", "apt-get install libvoikko-dev voikko-fi"),
}
"""By language: the command that reads words by line, what stands before those it does not know, how to get it."""
NOT_READ = ("unless", "contacts", "country", "article", "email", "url")
ADDRESS = re.compile(r"\S+@\S+|https?:\S+")
WORD = re.compile(r"[^\W\d_]+(?:['’:][^\W\d_]+)*")
Check = Callable[[str, Iterable[str]], set[str]]


@pytest.fixture
def unknown(needs_service: Callable[[str], NoReturn]) -> Check:
    """The words that a language's dictionary does not know."""

    def check(language: str, words: Iterable[str]) -> set[str]:
        command, mark, cure = CHECKERS[language]
        if shutil.which(command[0]) is None:
            needs_service(f"no {command[0]} here: {cure}")
        asked = "".join(f"{word}\n" for word in sorted(words))
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        told = subprocess.run(command, input=asked, capture_output=True, encoding="utf-8", env=environment, check=False)
        if told.returncode:
            needs_service(f"{command[0]} has no dictionary: {cure}")
        return {line[len(mark) :] for line in told.stdout.splitlines() if line.startswith(mark)}

    return check


def files_of(language: str) -> list[Path]:
    """All that is said in a language, in the widget, in letters, in notes to colleagues and at the desk."""
    faq = CHECKOUT / "faq"
    mail = [faq / "mail" / room / f"{language}.yml" for room in ("", "review", "desk")]
    return [faq / f"{language}.yml", *mail, *sorted((faq / language).glob("*.yml"))]


def texts(content: Any) -> Iterator[str]:
    """Every text of a content file that is read by people."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from () if key in NOT_READ or (key == "next" and isinstance(value, list)) else texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)
    elif isinstance(content, str):
        yield content


def words_of(language: str) -> set[str]:
    """Each word once, both forms of a counted noun among them."""
    said = [text for file in files_of(language) for text in texts(yaml.safe_load(file.read_text(encoding="utf-8")))]
    plain = ADDRESS.sub(" ", PLACEHOLDER.sub(lambda found: f" {found[2] or ''} {found[3] or ''} ", " ".join(said)))
    return set(WORD.findall(plain))


@pytest.mark.parametrize("language", CHECKERS)
def test_what_customers_read_is_spelt_right(unknown: Check, language: str) -> None:
    assert {word for word in unknown(language, words_of(language)) if not {word, word.lower()} & OWN} == set()


@pytest.mark.parametrize(
    ("language", "right", "wrong"), [("nl", "facturatie", "facturratie"), ("fi", "laskutus", "laskuttus")]
)
def test_a_slip_of_the_pen_is_found(unknown: Check, language: str, right: str, wrong: str) -> None:
    assert unknown(language, [right, wrong]) == {wrong}


def test_no_word_is_kept_that_a_dictionary_knows_or_nobody_uses(unknown: Check) -> None:
    missing = {word for language in CHECKERS for word in unknown(language, words_of(language))}
    assert missing | {word.lower() for word in missing} >= OWN
