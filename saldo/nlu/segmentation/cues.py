"""The words by which a language asks, begins another matter or is polite; from words/segmentation.yml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from saldo.yaml_files import Expression, Strict, Words, WordSet, read_yaml

WORD_FILE = Path(__file__).parent.parent / "words" / "segmentation.yml"
Mark = Literal["joined", "comma", "parting"]
POINTING_AT_MOST = 8  # words of a question that points back
NAME_AT_MOST = 5  # words of a name and function below a closing line
_FINNISH_QUESTION = re.compile(r".*[^k\W](?:ko|kö)(?:han|hän|s)?$")  # not "viikko", "päällikkö"


class CueLists(Strict):
    """One language of the word file, which says what each list is for."""

    question: WordSet
    request: WordSet
    request_phrases: Words
    joiner: Words
    fresh: Words
    after: WordSet
    condition: WordSet
    pointing: WordSet
    courtesy: WordSet
    opening: WordSet
    closing: WordSet
    abbreviations: WordSet
    adding: WordSet
    preposition: WordSet
    never: WordSet
    further: Words
    cutting: Words
    linking: WordSet
    settled: list[Expression]
    unsettled: WordSet


@dataclass(frozen=True)
class Cues:
    """Word lists of one language and what can be told with them; all words in lower case."""

    language: str
    question: frozenset[str]
    request: frozenset[str]
    request_phrases: tuple[str, ...]
    joiner: tuple[str, ...]
    fresh: tuple[str, ...]
    after: frozenset[str]
    condition: frozenset[str]
    pointing: frozenset[str]
    courtesy: frozenset[str]
    opening: frozenset[str]
    closing: frozenset[str]
    abbreviations: frozenset[str]
    adding: frozenset[str]
    preposition: frozenset[str]
    never: frozenset[str]
    further: tuple[str, ...]
    cutting: re.Pattern[str]
    """Where a clause may begin: after a sign, or before one of these words."""
    linking: frozenset[str]
    settled: re.Pattern[str]
    unsettled: frozenset[str]

    def asks(self, words: Sequence[str]) -> bool:
        """Whether a clause begins as a question or a request does."""
        rest = self._past_joiners(words)
        return bool(rest) and (self._questions(rest) or self._requests(rest))

    def opens(self, words: Sequence[str], earlier: Sequence[str], mark: Mark, told: bool) -> bool:
        """Whether the words after a mark or a joining word begin a matter of their own; `told`: no question follows."""
        rest = self._past_joiners(words)
        joined = len(rest) < len(words)
        if not rest or not (joined or mark != "joined"):
            return False
        if mark == "parting":
            return min(len(rest), len(earlier)) > 1
        if mark == "comma" and not joined and self._leads_in(earlier):
            return False
        return (
            (self._questions(rest) and not (told and self._has_verb_first(rest)))
            or self._requests(rest)
            or (joined and rest[0] in self.condition)
            or (self.is_fresh(rest) and mark == "comma")
            or (self.goes_on(words) and len(rest) > 1)
        )

    def goes_on(self, words: Sequence[str]) -> bool:
        """Whether words say "and then": in a chat, another matter."""
        return " ".join(words[:3]).startswith(self.further)

    def _leads_in(self, words: Sequence[str]) -> bool:
        """Whether a clause is one that a comma parts from its main clause: "als we opzeggen, …"."""
        rest = self._past_joiners(words)
        return bool(rest) and rest[0] in self.after

    def _has_verb_first(self, words: Sequence[str]) -> bool:
        """Whether a Dutch clause begins with its verb, as a question does, or a sentence that tells after "first"."""
        return self.language == "nl" and not words[0].startswith(("w", "h")) and words[0] not in self.preposition

    def is_fresh(self, words: Sequence[str]) -> bool:
        """Whether a clause announces another matter."""
        text = " ".join(words[:5]) + " "
        stripped = " ".join(self._past_joiners(words)[:5]) + " "
        return any(text.startswith(f"{one} ") or stripped.startswith(f"{one} ") for one in self.fresh)

    def is_courtesy(self, words: Sequence[str]) -> bool:
        """Whether words only greet, thank or close, with at most a name."""
        if not words:
            return False
        if len(words) <= NAME_AT_MOST and words[0] in self.opening | self.closing:
            strange = sum(word not in self.courtesy for word in words)
            return strange <= (2 if len(words) <= NAME_AT_MOST else 0) and not any(
                map(self._is_question_word, words[1:])
            )
        return all(word in self.courtesy for word in words)

    def points_back(self, words: Sequence[str]) -> bool:
        """Whether a short question is about what was said before ("hoe kan dat", "mistä se johtuu")."""
        return len(words) <= POINTING_AT_MOST and any(word in self.pointing for word in words)

    def closes(self, words: Sequence[str]) -> bool:
        """Whether courtesy says goodbye, so that a signature may follow."""
        return any(word in self.closing for word in words)

    def settles(self, text: str) -> bool:
        """Whether a sentence says that a matter needs no answer any more: "that is clear to me now", "asia hoitui"."""
        words = set(re.findall(r"\w+", text.casefold()))
        return not words & self.unsettled and bool(self.settled.search(text))

    def is_joined(self, words: Sequence[str]) -> bool:
        """Whether a clause goes on with "and", rather than with "so"."""
        return bool(words) and words[0] in self.adding

    def _questions(self, words: Sequence[str]) -> bool:
        """Whether words begin with a question word, also after a preposition ("met wie", "tot wanneer")."""
        if words[0] in self.preposition and len(words) > 1:
            return words[1] in self.question and words[1].startswith(("w", "h"))
        return self._is_question_word(words[0])

    def _requests(self, words: Sequence[str]) -> bool:
        text = " ".join(words[:4]) + " "
        return words[0] in self.request or any(f" {one} " in f" {text}" for one in self.request_phrases)

    def _is_question_word(self, word: str) -> bool:
        finnish = self.language == "fi" and word not in self.never and bool(_FINNISH_QUESTION.match(word))
        return word in self.question or finnish

    def _past_joiners(self, words: Sequence[str]) -> Sequence[str]:
        """The words after a joining word and the small words that announce another matter."""
        rest = list(words)
        for one in self.joiner:
            parts = one.split()
            if rest[: len(parts)] == parts:
                rest = rest[len(parts) :]
                break
        for one in self.fresh:
            parts = one.split()
            if rest[: len(parts)] == parts and len(rest) > len(parts):
                return rest[len(parts) :]
        return rest


@cache
def linking_words() -> frozenset[str]:
    """The words that go on with a sentence after a comma, in either language."""
    return phrases("nl").linking | phrases("fi").linking


@cache
def phrases(language: str) -> Cues:
    """The lists of Dutch or Finnish; any other language is read as Dutch."""
    lists = word_lists()
    code = language if language in lists else "nl"
    content: dict[str, Any] = dict(lists[code])
    for name in ("request_phrases", "joiner", "fresh", "further"):  # of two that begin alike the longer one is meant
        content[name] = tuple(sorted(content[name], key=len, reverse=True))
    content["settled"] = re.compile("|".join(rf"\b(?:{pattern})" for pattern in content["settled"]), re.IGNORECASE)
    before = rf"[,;:]\s+|\s[-–/+]\s+|\s+(?=(?:{'|'.join(content['cutting'])})\s)"
    content["cutting"] = re.compile(before, re.IGNORECASE)
    return Cues(code, **content)


@cache
def word_lists() -> dict[str, CueLists]:
    """The word file, by language."""
    return read_yaml(WORD_FILE, dict[str, CueLists])
