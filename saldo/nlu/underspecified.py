"""Tells messages that name a matter and ask nothing: "factuur", "laskussa on jotain vikaa". They are asked back.

A model is sure of itself on one word, for the word is all it sees; which of several questions is meant it cannot know.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from saldo.nlu.decision import CHOICES, Decision, Thresholds, is_topic
from saldo.text import fold
from saldo.yaml_files import Expression, Strict, WordSet, read_yaml

WORDS = Path(__file__).with_name("words") / "underspecified.yml"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")


@dataclass(frozen=True)
class Vague:
    """The words of one language: for what a message may be about, that say nothing, that something is wrong."""

    matters: re.Pattern[str]
    around: frozenset[str]
    wrong: frozenset[str]


def is_vague(text: str, language: str) -> bool:
    """Whether a text in that language names one matter and no more."""
    patterns = _patterns().get(language)
    if patterns is None:
        return False
    words = _WORD.findall(fold(text))
    named = {word for word in words if patterns.matters.fullmatch(word)}
    return len(named) == 1 and all(word in named or word in patterns.around for word in words)


def complains(text: str, language: str) -> bool:
    """Whether a text in that language says that something is wrong, and not what: "het klopt niet"."""
    patterns = _patterns().get(language)
    words = set(_WORD.findall(fold(text)))
    if patterns is None or not words & patterns.wrong:
        return False
    return all(word in patterns.around or patterns.matters.fullmatch(word) for word in words - patterns.wrong)


def asked_back(verdict: Decision) -> Decision:
    """The verdict, with its likeliest topics to choose from instead of an answer."""
    topics = tuple(name for name, _ in verdict.ranking if is_topic(name))[:CHOICES]
    if not topics:
        return verdict
    confidence = min(verdict.confidence, Thresholds().answer)
    return Decision("clarify", topics[0], confidence, verdict.ranking, topics, "underspecified")


class UnderspecifiedWords(Strict):
    """One language of the word file, which says what each list is for."""

    matters: list[Expression]
    around: WordSet
    wrong: WordSet


@cache
def word_lists() -> dict[str, UnderspecifiedWords]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, UnderspecifiedWords])


@cache
def _patterns() -> Mapping[str, Vague]:
    return {
        language: Vague(
            re.compile("|".join(f"(?:{fold(each)})" for each in lists.matters)),
            frozenset(map(fold, lists.around)),
            frozenset(map(fold, lists.wrong)),
        )
        for language, lists in word_lists().items()
    }
