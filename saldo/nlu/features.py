"""Turns text into a sparse TF-IDF vector: masked and folded words, their characters, words and word pairs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import chain, count, pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from saldo.nlu.persistence import read_arrays, read_values, write_arrays, write_values
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
_MASKS: tuple[tuple[re.Pattern[str], str, bool], ...] = tuple(
    (re.compile(pattern), mark, digits)
    for pattern, mark, digits in (
        (r"https?://\S+|www\.\S+", " ~url ", False),
        (r"\b[\w.+-]{1,64}@[\w.-]{1,100}", " ~email ", False),
        (
            r"(?:~name [\w&.-]{1,40} ){0,3}(?:~name )?\b\w[\w&.-]{0,40}\s(?:~name )?"
            r"(?:b\.?v\.?|n\.?v\.?|bvba|vof|oyj?|ab|tmi|ky)(?=[\s,.:;!?]|$)",
            " ~company ",
            False,
        ),
        (r"\b(?<!in )(?:2|twee)\s?(?:x|keer|maal)\b", " tweemaal ", False),
        (r"\b(?:2|kaksi)\s?(?:x|krt|kertaa)\b|\bkahteen kertaan\b", " kahdesti ", False),
        (r"(?:€|\beur(?:oa?)?)\s?\d[\d.,\s]{0,15}|\b\d[\d., ]{0,15}(?:€|,-|e\b|eur(?:o\w{0,4})?\b)", " ~amount ", True),
        (r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d{2,4})?", " ~date ", True),
        (rf"\b(?:\d{{1,2}}\.?\s+)?{_MONTHS}(?:\s+\d{{4}})?\b", " ~date ", False),
        (r"\b[a-z]{0,3}\d{2,}[-/]?\d{2,}\b", " # ", True),
        (rf"\b{_NUMBER_WORDS}\b", " # ", False),
        (r"\d+(?:[.,:]\d+)*", " # ", True),
    )
)
"""What is masked, by what mark, and whether only a text with digits can hold it."""
_CAPITAL = re.compile(r"(?<=[^\W\d_]\s|[,;:)\"'’]\s)(?!Severa|Visma)[A-ZÅÄÖÉ](?=[\w&'’.-]*[a-zåäöé])")
"""A capital within a sentence, which Dutch and Finnish have in names only; our own names are none."""
NAME = "~name"
_SHOUTED = 0.25
"""From such a share of capitals on they mark no names."""
_DIGIT = re.compile(r"\d")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_WORD = re.compile(r"[#~]?[^\W_]+|#")


def mask(text: str) -> str:
    """Replaces entity-like values in a folded text by marks."""
    has_digit = bool(_DIGIT.search(text))
    for pattern, mark, of_digits in _MASKS:
        if has_digit or not of_digits:
            text = pattern.sub(mark, text)
    return text


def words(text: str) -> tuple[str, ...]:
    """The words of a question as the models see them; neighbouring numbers count once, and before a name is a mark."""
    if sum(map(str.isupper, text)) < _SHOUTED * len(text):
        text = _CAPITAL.sub(rf"{NAME} \g<0>", text)
    found = _WORD.findall(_REPEATED.sub(r"\1", mask(fold(text))))
    if "#" not in found:
        return tuple(found)
    return tuple(word for place, word in enumerate(found) if word != "#" or found[place - 1 : place] != ["#"])


def seen(word: str, stems: frozenset[str]) -> str:
    """A word as it counts among others: itself, or a mark if it is rare (a name, a thing from elsewhere).

    So what is said around such a word is learnt whatever the word, and holds for one that was never seen. What begins
    like a common word is no rare one: Finnish has a dozen forms of each, and a slip of the finger makes one more.
    """
    return word if word[:STEM] in stems or not word.isalpha() else RARE


Ids = NDArray[np.int32]
Counts = NDArray[np.uint8]
Values = NDArray[np.float32]
Blocks = tuple[dict[str, int], dict[str, int], dict[str, int]]
"""The number of each feature known, in three blocks: characters, words, pairs of words."""

RARE = "~rare"
STEM = 5
"""So many letters tell which word it is, whatever its ending."""
REMEMBERED = 256
"""Texts whose vectors are remembered: several models look at the same clauses, segments and messages."""
_CACHED_WORDS = 50_000
_TINY = 1e-9
_MOST = 63
_LOGS = (1 + np.log(np.maximum(np.arange(_MOST + 1), 1))).astype(np.float32)
"""What a feature weighs that occurs so many times in a text."""


@dataclass(frozen=True)
class FeatureSettings:
    """Which features are made; every knob of the featuriser."""

    shortest: int = 2
    longest: int = 5
    weights: tuple[float, float, float] = (1.0, 0.7, 0.5)
    """How much characters, words and word pairs count."""
    common: int = 3
    """In so many texts a word is common, and a feature worth knowing."""


def grams(word: str, shortest: int, longest: int) -> list[str]:
    """Character n-grams within one word, its edges marked by a space."""
    padded = f" {word} "
    return [
        padded[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(max(1, len(padded) - size + 1))
    ]


class Features:
    """The features known, and how often each occurs in a text."""

    def __init__(self, settings: FeatureSettings, blocks: Blocks, stems: frozenset[str]) -> None:
        self.settings = settings
        self.blocks = blocks
        self.stems = stems
        characters, names, pairs = map(len, blocks)
        self.size = characters + names + pairs
        self.starts = np.array([characters, characters + names], dtype=np.int32)
        """The number that words begin with, and pairs."""
        self._within_words: dict[str, Ids] = {}
        self._counted: dict[str, tuple[Ids, Counts]] | None = None

    @classmethod
    def learn(cls, texts: Iterable[str], settings: FeatureSettings) -> Features:
        """Those of the texts; texts that it counts are remembered, for models are learnt from them time and again."""
        every = {text: words(text) for text in texts}
        times = Counter(chain.from_iterable({*found} for found in every.values()))
        stems = frozenset(word[:STEM] for word, texts_with in times.items() if texts_with >= settings.common)
        characters = Counter[str]()
        for word, texts_with in times.items():
            characters.update(dict.fromkeys(grams(word, settings.shortest, settings.longest), texts_with))
        sights = [[seen(word, stems) for word in found] for found in every.values()]
        names = Counter(chain.from_iterable({*sight} for sight in sights))
        pairs = Counter(chain.from_iterable({*_pairs(sight)} for sight in sights))
        known = [
            sorted(name for name, texts_with in each.items() if texts_with >= settings.common)
            for each in (characters, names, pairs)
        ]
        features = cls(settings, numbered(known), stems)
        features._counted = {text: features._count(found) for text, found in every.items()}
        return features

    def count(self, text: str) -> tuple[Ids, Counts]:
        """The numbers of the features that occur in a text, rising, and how often each does."""
        if self._counted is None:
            return self._count(words(text))
        if text not in self._counted:
            self._counted[text] = self._count(words(text))
        return self._counted[text]

    def _count(self, found: Sequence[str]) -> tuple[Ids, Counts]:
        pairs = _pairs([seen(word, self.stems) for word in found])
        every = np.concatenate([*map(self._within, found), _ids(pairs, self.blocks[2])])
        every.sort()
        begins = np.ones(len(every) + 1, dtype=np.bool_)  # where another number begins, and the end
        np.not_equal(every[1:], every[:-1], out=begins[1:-1])
        bounds = begins.nonzero()[0]
        return every[bounds[:-1]], np.minimum(bounds[1:] - bounds[:-1], _MOST).astype(np.uint8)

    def _within(self, word: str) -> Ids:
        """The features of a word itself."""
        ids = self._within_words.get(word)
        if ids is None:
            if len(self._within_words) >= _CACHED_WORDS:
                self._within_words.clear()
            characters, names, _ = self.blocks
            ids = _ids(grams(word, self.settings.shortest, self.settings.longest), characters)
            ids = self._within_words[word] = np.concatenate([ids, _ids([seen(word, self.stems)], names)])
        return ids


class Vocabulary:
    """Features with their idf weights; one that weighs nothing is as if it were not known."""

    def __init__(self, features: Features, idf: Values) -> None:
        self.features = features
        self.idf = idf
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._vector)

    @classmethod
    def learn(cls, texts: Iterable[str], settings: FeatureSettings = FeatureSettings()) -> Vocabulary:
        """The features of texts, weighed by in how many of them each occurs."""
        every = list(texts)
        return cls._weighed(Features.learn(every, settings), every)

    def of(self, texts: Iterable[str]) -> Vocabulary:
        """The same features as if these texts were all there are: what occurs in none of them is not known."""
        return self._weighed(self.features, list(texts))

    @classmethod
    def _weighed(cls, features: Features, texts: Sequence[str]) -> Vocabulary:
        frequency = np.zeros(features.size, dtype=np.int64)
        for text in texts:
            frequency[features.count(text)[0]] += 1
        idf = np.where(frequency, np.log((1 + len(texts)) / (1 + frequency)) + 1, 0)
        return cls(features, idf.astype(np.float16).astype(np.float32))

    def save(self, folder: Path) -> None:
        """Two files, the same bytes for the same vocabulary."""
        write_arrays(folder / "vocabulary.npz", {"idf": self.idf.astype(np.float16)})
        features = self.features
        values = {
            "settings": asdict(features.settings),
            "blocks": [list(block) for block in features.blocks],
            "stems": sorted(features.stems),
        }
        write_values(folder / "vocabulary.json", values)

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """A vocabulary as it was saved."""
        values, idf = read_values(folder / "vocabulary.json"), read_arrays(folder / "vocabulary.npz")["idf"]
        settings = FeatureSettings(**{**values["settings"], "weights": tuple(values["settings"]["weights"])})
        features = Features(settings, numbered(values["blocks"]), frozenset(values["stems"]))
        return cls(features, idf.astype(np.float32))

    def vector(self, text: str) -> tuple[Ids, Values]:
        """Feature numbers and their TF-IDF values, of length 1 in all."""
        return self._remembered(text)

    def _vector(self, text: str) -> tuple[Ids, Values]:
        ids, counts = self.features.count(text)
        values = _LOGS.take(counts) * self.idf.take(ids)
        begin = 0
        ends = (*ids.searchsorted(self.features.starts), len(ids))
        for end, weight in zip(ends, self.features.settings.weights, strict=True):
            part = values[begin:end]
            part *= weight / max(math.sqrt(part @ part), _TINY)
            begin = end
        values /= max(math.sqrt(values @ values), _TINY)
        return ids, values

    def matrix(self, texts: Iterable[str]) -> csr_matrix:
        """One row per text."""
        rows = [self._vector(text) for text in texts]
        ends = np.cumsum([0, *(len(ids) for ids, _ in rows)])
        ids = np.concatenate([ids for ids, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, ids, ends), shape=(len(rows), self.features.size))


def numbered(blocks: Sequence[Iterable[str]]) -> Blocks:
    """The number of each name, on through the blocks."""
    place = count()
    first, second, third = ({name: next(place) for name in block} for block in blocks)
    return first, second, third


def _pairs(found: Sequence[str]) -> list[str]:
    return [f"{first} {second}" for first, second in pairwise(found)]


def _ids(names: Iterable[str], block: dict[str, int]) -> Ids:
    return np.fromiter((block[name] for name in names if name in block), dtype=np.int32)
