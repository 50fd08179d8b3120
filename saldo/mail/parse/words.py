"""The words by which mail programs and people mark what is not the writer's own text (`words.yml`)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LISTS = ("wrote", "openers", "closings", "mobile", "postscripts", "replies", "forwards")
FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True)
class MailWords:
    """The lists of `words.yml`, which says what each is for."""

    headers: dict[str, tuple[str, ...]]
    separators: frozenset[str]
    wrote: tuple[str, ...]
    openers: tuple[str, ...]
    closings: tuple[str, ...]
    mobile: tuple[str, ...]
    postscripts: tuple[str, ...]
    offices: frozenset[str]
    robots: frozenset[str]
    replies: tuple[str, ...]
    forwards: tuple[str, ...]


@cache
def mail_words() -> MailWords:
    """The lists, read once."""
    read = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return MailWords(
        headers={kind: tuple(labels) for kind, labels in read["headers"].items()},
        separators=frozenset(read["separators"]),
        offices=frozenset(read["offices"]),
        robots=frozenset(read["robots"]),
        **{name: tuple(read[name]) for name in LISTS},
    )


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
