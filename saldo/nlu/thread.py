"""What a conversation left open, and how a message takes it up."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from saldo.yaml_files import Strict, WordSet, read_yaml

WORDS = Path(__file__).parent / "words" / "thread.yml"
FEW = 4
"""Words of a message that may choose by place."""
CHOSEN = 0.2
"""The least weight of a choice made in words, …"""
CLEARER = 2.0
"""… which is so many times the next one's."""


@dataclass(frozen=True)
class Before:
    """The last topic answered, and the choices just offered."""

    topic: str | None = None
    offered: tuple[str, ...] = ()


NOTHING_BEFORE = Before()


def placed(text: str, language: str, offered: Sequence[str]) -> str | None:
    """The offered topic that a short message chooses by its place: "de tweede"."""
    lists = word_lists().get(language)
    words = set(re.findall(r"\w+", text.casefold()))
    if lists is None or len(words) > FEW:
        return None
    return next((topic for topic, names in zip(offered, lists.ordinals, strict=False) if names & words), None)


def clearest(offered: Sequence[str], asked: Mapping[str, float]) -> str | None:
    """The offered topic that is clearly likelier to be asked about than the others."""
    likely = sorted(((asked.get(topic, 0.0), topic) for topic in offered), reverse=True)
    second = likely[1][0] if len(likely) > 1 else 0.0
    return likely[0][1] if likely and likely[0][0] >= CHOSEN and likely[0][0] >= CLEARER * second else None


def topic_names(language: str) -> Mapping[str, str]:
    """How each topic is called in a few words, to read with it what leans on it; empty for a language not ours."""
    lists = word_lists().get(language)
    return lists.topics if lists else {}


class ThreadWords(Strict):
    """One language of the word file."""

    topics: dict[str, str]
    ordinals: tuple[WordSet, ...]


@cache
def word_lists() -> Mapping[str, ThreadWords]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, ThreadWords])
