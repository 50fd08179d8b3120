"""The words by which mail programs and people mark what is not the writer's own text (`words.yml`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from saldo.yaml_files import Strict, Words, WordSet, read_yaml

FILE = Path(__file__).with_name("words.yml")


class MailWords(Strict):
    """The lists of `words.yml`, which says what each is for."""

    headers: dict[str, Words]
    separators: WordSet
    wrote: Words
    openers: Words
    closings: Words
    mobile: Words
    postscripts: Words
    offices: WordSet
    robots: WordSet
    automatic: WordSet
    reply_above: Words
    replies: Words
    forwards: Words


@cache
def word_lists() -> MailWords:
    """The lists, read once."""
    return read_yaml(FILE, MailWords)


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
