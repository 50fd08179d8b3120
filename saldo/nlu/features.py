"""Turns text into a sparse TF-IDF vector: masked and folded words, their characters, words and word pairs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from saldo.nlu.foreign_vendors import marked
from saldo.text import fold

_MONTHS = (
    r"(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
    r"|(?:tammi|helmi|maalis|huhti|touko|kesa|heina|elo|syys|loka|marras|joulu)kuu\w*)"
)
_NUMBER_WORDS = (
    r"(?:twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|twintig|dertig"
    r"|veertig|vijftig|zestig|zeventig|tachtig|negentig|honderd"
    r"|kaksi|kolme|nelja|viisi|kuusi|seitseman|kahdeksan|yhdeksan|kymmenen|yksitoista|kaksitoista|viisitoista"
    r"|(?:kaksi|kolme|nelja|viisi|kuusi)kymmenta|sata"
    r"|(?:kahde|kolme|nelja|viide|kuude|kymmene)(?:n|lla|lle|lta|sta)|kahta|kolmea|neljaa|viitta|kuutta|kymmenta)"
)
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), mark)
    for pattern, mark in (
        (r"https?://\S+|www\.\S+", " ~url "),
        (r"\b[\w.+-]{1,64}@[\w.-]{1,100}", " ~email "),
        (r"\b\w[\w&.-]{0,40}\s(?:b\.?v\.?|n\.?v\.?|bvba|vof|oyj?|ab|tmi|ky)(?=[\s,.:;!?]|$)", " ~company "),
        (r"\b(?<!in )(?:2|twee)\s?(?:x|keer|maal)\b", " tweemaal "),
        (r"\b(?:2|kaksi)\s?(?:x|krt|kertaa)\b|\bkahteen kertaan\b", " kahdesti "),
        (r"(?:€|\beur(?:oa?)?)\s?\d[\d.,\s]{0,15}|\b\d[\d., ]{0,15}(?:€|,-|e\b|eur(?:o\w{0,4})?\b)", " ~amount "),
        (r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{2,4})?", " ~date "),
        (rf"\b(?:\d{{1,2}}\.?\s+)?{_MONTHS}(?:\s+\d{{4}})?\b", " ~date "),
        (r"\b[a-z]{0,3}\d{2,}[-/]?\d{2,}\b", " # "),
        (rf"\b{_NUMBER_WORDS}\b", " # "),
        (r"\d+(?:[.,:]\d+)*", " # "),
    )
)
REMEMBERED = 256
"""Texts whose words are remembered: several models look at the same."""
_REPEATED = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"[#~]?[^\W_]+|#")


def mask(text: str) -> str:
    """Replaces entity-like values in a folded text by marks."""
    for pattern, mark in _MASKS:
        text = pattern.sub(mark, text)
    return text


@lru_cache(maxsize=REMEMBERED)
def words(text: str) -> tuple[str, ...]:
    """The words of a question as the models see them; neighbouring numbers count once."""
    found = _WORD.findall(_REPEATED.sub(r"\1", mask(marked(fold(text)))))
    return tuple(word for place, word in enumerate(found) if word != "#" or found[place - 1 : place] != ["#"])


Ids = NDArray[np.int32]
Values = NDArray[np.float32]

_CACHED_WORDS = 50_000
_TINY = 1e-9


@dataclass(frozen=True)
class FeatureSettings:
    """Which features are made; every knob of the featuriser."""

    shortest: int = 2
    longest: int = 5
    least: int = 1
    """A feature must occur in so many training questions."""
    weights: tuple[float, float, float] = (1.0, 0.7, 0.5)
    """How much characters, words and word pairs count."""


def grams(word: str, shortest: int, longest: int) -> list[str]:
    """Character n-grams within one word, its edges marked by a space."""
    padded = f" {word} "
    return [
        padded[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(max(1, len(padded) - size + 1))
    ]


@dataclass
class Vocabulary:
    """The features known from training, in three blocks (characters, words, pairs), with their idf weights."""

    settings: FeatureSettings
    blocks: tuple[dict[str, int], dict[str, int], dict[str, int]]
    idf: Values
    _cache: dict[str, Ids] = field(default_factory=dict, repr=False)
    _starts: list[int] = field(init=False, repr=False)
    """The number that words begin with, and pairs."""

    def __post_init__(self) -> None:
        characters, names, _ = map(len, self.blocks)
        self._starts = [characters, characters + names]

    @classmethod
    def learn(cls, texts: Iterable[Sequence[str]], settings: FeatureSettings = FeatureSettings()) -> Vocabulary:
        """From the words of texts: counts in how many each feature occurs and keeps those that occur often enough."""
        seen = [Counter[str](), Counter[str](), Counter[str]()]
        total = 0
        for text in texts:
            total += 1
            for counter, block in zip(seen, _features(text, settings), strict=True):
                counter.update(set(block))
        frequent = [sorted(name for name, count in counter.items() if count >= settings.least) for counter in seen]
        frequency = np.array([seen[block][name] for block in range(3) for name in frequent[block]])
        idf = np.log((1 + total) / (1 + frequency)) + 1
        return cls(settings, _numbered(frequent), idf.astype(np.float16).astype(np.float32))

    @classmethod
    def restore(cls, settings: FeatureSettings, names: list[list[str]], idf: Values) -> Vocabulary:
        """A vocabulary from its saved names, in their order."""
        return cls(settings, _numbered(names), idf)

    @property
    def size(self) -> int:
        return len(self.idf)

    def vector(self, text: str) -> tuple[Ids, Values]:
        """Feature numbers and their TF-IDF values, of length 1 in all."""
        return self._vector(words(text))

    def _vector(self, found: Sequence[str]) -> tuple[Ids, Values]:
        characters = [self._characters(word) for word in found]
        parts = [*characters, _ids(found, self.blocks[1]), _ids(_pairs(found), self.blocks[2])]
        ids, counts = np.unique(np.concatenate(parts), return_counts=True)
        values = ((1 + np.log(counts)) * self.idf[ids]).astype(np.float32)
        blocks = np.split(values, np.searchsorted(ids, self._starts))
        for part, weight in zip(blocks, self.settings.weights, strict=True):
            part *= np.float32(weight / max(np.sqrt(part @ part), _TINY))
        return ids, values / np.float32(max(np.sqrt(values @ values), _TINY))

    def matrix(self, texts: Sequence[Sequence[str]]) -> csr_matrix:
        """One row per text, each given by its words."""
        rows = [self._vector(text) for text in texts]
        ends = np.cumsum([0, *(len(ids) for ids, _ in rows)])
        ids = np.concatenate([ids for ids, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, ids, ends), shape=(len(rows), self.size))

    def _characters(self, word: str) -> Ids:
        ids = self._cache.get(word)
        if ids is None:
            if len(self._cache) >= _CACHED_WORDS:
                self._cache.clear()
            ids = _ids(grams(word, self.settings.shortest, self.settings.longest), self.blocks[0])
            self._cache[word] = ids
        return ids


def _features(found: Sequence[str], settings: FeatureSettings) -> tuple[list[str], list[str], list[str]]:
    characters = [gram for word in found for gram in grams(word, settings.shortest, settings.longest)]
    return characters, [*found], _pairs(found)


def _pairs(found: Sequence[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(found)]


def _ids(names: Iterable[str], block: dict[str, int]) -> Ids:
    return np.fromiter((block[name] for name in names if name in block), dtype=np.int32)


def _numbered(frequent: list[list[str]]) -> tuple[dict[str, int], dict[str, int], dict[str, int]]:
    starts = np.cumsum([0, *map(len, frequent)])
    first, second, third = (
        {name: int(start) + place for place, name in enumerate(names)}
        for start, names in zip(starts[:-1], frequent, strict=True)
    )
    return first, second, third
