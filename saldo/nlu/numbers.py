"""Whole numbers and amounts as customers write them: "25", "vijfentwintig", "kahdestakymmenestä"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from saldo.yaml_files import Strict, read_yaml

WORD_FILE = Path(__file__).parent / "words" / "numbers.yml"
_DIGITS = re.compile(r"(\d{1,6})(?::\w+)?")
_AMOUNT = re.compile(r"\d+(?:[., \u00a0\u202f]\d+)*")


@lru_cache(maxsize=4096)
def whole_number(word: str, language: str) -> int | None:
    """The value of digits (with a Finnish ending: "10:stä") or of a number word; else None."""
    word = word.lower()
    if digits := _DIGITS.fullmatch(word):
        return int(digits.group(1))
    return _finnish(word) if language == "fi" else _dutch(word)


def cents(text: str, thousand: bool = False) -> int:
    """An amount in cents; the last separator counts as the decimal one if one or two digits follow it."""
    found = _AMOUNT.search(text)
    if not found:
        raise ValueError(f"{text!r} holds no amount")
    digits = found.group()
    whole, decimals = digits, ""
    tail = re.search(r"[.,](\d{1,2})$", digits) or (thousand and re.search(r"[.,](\d{1,3})$", digits))
    if tail:
        whole, decimals = digits[: tail.start()], tail.group(1)
    value = int(re.sub(r"\D", "", whole)) * 1000 + int(decimals.ljust(3, "0"))
    return value * 100 if thousand else value // 10


def number_pattern(language: str) -> str:
    """A regular expression for one word in lower case that is a whole number."""
    words = (
        _finnish_pattern() if language == "fi" else rf"(?:{'|'.join(sorted(_dutch_words(), key=len, reverse=True))})"
    )
    return rf"^(?:\d{{1,4}}(?::\w+)?|{words})$"


def _dutch(word: str) -> int | None:
    return _dutch_words().get(word)


@lru_cache(maxsize=1)
def _dutch_words() -> dict[str, int]:
    """Every Dutch number word up to 100; "een" is left out, for it is mostly the article."""
    content = word_lists().nl
    words = {word: value for value, word in enumerate(content.units)}
    for tens, value in content.tens.items():
        words[tens] = value
        if value < 100:
            words.update(
                {
                    f"{unit}{link}{tens}": value + ones
                    for ones, unit in enumerate(content.units[:10])
                    for link in ("en", "ën")
                    if ones
                }
            )
    words.update(content.others)
    words.pop("een")
    return words


def _finnish(word: str) -> int | None:
    """Reads the parts of a Finnish number, each in whatever case: tens, teens and ones."""
    found = re.fullmatch(_finnish_pattern(), word)
    if not found:
        return None
    parts = found.groupdict()
    if parts["teen"]:
        return 10 + _value(parts["teen"])
    tens = 10 * _value(parts["tens"]) if parts["tens"] else 0
    return tens + sum(_value(parts[name]) for name in ("one", "rest") if parts[name])


def _value(part: str) -> int:
    """The value of one inflected part."""
    stems = word_lists().fi.stems
    return next(
        int(value)
        for value, names in sorted(stems.items(), reverse=True)
        for stem in names
        if part.startswith(stem) and part[len(stem) :] in _endings()
    )


@lru_cache(maxsize=1)
def _finnish_pattern() -> str:
    """The regular expression of a Finnish number word."""
    stems = word_lists().fi.stems
    ending = f"{_any(one for one in _endings() if one)}?"
    unit = _any(stem for value, names in stems.items() if 0 < value < 10 for stem in names) + ending
    every = _any(stem for names in stems.values() for stem in names) + ending
    ten = _any(word_lists().fi.tens) + ending
    return rf"(?:(?P<teen>{unit})toista|(?P<tens>{unit}){ten}(?P<rest>{unit})?|(?P<one>{every}))"


def _any(words: Iterable[str]) -> str:
    """A regular expression for any of the words, longest first."""
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


@lru_cache(maxsize=1)
def _endings() -> frozenset[str]:
    """Case endings of a part, the empty one among them."""
    return frozenset(word_lists().fi.endings)


class DutchNumbers(Strict):
    """Units from nought, tens by value, and words that no rule makes."""

    units: list[str]
    tens: dict[str, int]
    others: dict[str, int]


class FinnishNumbers(Strict):
    """The stems of each part by its value, those of the tens, and the case endings, the empty one among them."""

    stems: dict[int, list[str]]
    tens: list[str]
    endings: list[str]

    class Config:
        min_anystr_length = 0  # the nominative has no ending


class NumberWords(Strict):
    """The word file."""

    nl: DutchNumbers
    fi: FinnishNumbers


@lru_cache(maxsize=1)
def word_lists() -> NumberWords:
    """The word file."""
    return read_yaml(WORD_FILE, NumberWords)
