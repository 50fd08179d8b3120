"""Keeps the thread: what makes sense only in context is read with the conversation's last topic.

"En hoe haal ik ze weg?" after a question about seats is about licences; alone it is about nothing. Such a message is
read once more with the last topic's name beside it; what even so stays open is about the last topic still.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from saldo.asked import direction, place
from saldo.nlu.verdict import Verdict

WORDS = Path(__file__).parent / "words" / "thread.yml"
LONGEST = 11
"""Words of a message that may lean on the one before it."""
FEW = 4
"""Words of a message that may choose by place."""
SURE = 0.8
"""Confidence from which an answer stands on its own; …"""
SURE_ASIDE = {"small_talk": 0.6, "out_of_scope": 0.92}
"""… and from which what is no topic does, …"""
SURE_POINTING = {"small_talk": 0.6, "out_of_scope": 0.45}
"""… the latter sooner where a small word points and nothing asks: "wordt het morgen mooi weer?", …"""
SURE_BOTH = {"small_talk": 0.97, "out_of_scope": 0.92}
"""… also where it points back and asks: "met wie moet ik daarover contact opnemen?"."""
CHOSEN = 0.2
"""The least weight of a choice made in words, …"""
CLEARER = 2.0
"""… which is so many times the next one's."""

_SENTENCES = re.compile(r"[.?!]\s+\w")
WHAT_IF = "licence_change"
"""The topic of "and if I take three more?" …"""
OF_LICENCES = frozenset({"seat_count", "manage_licences", WHAT_IF})
"""… after one of these."""

HELP = "help"
"""Small talk that, in a thread, asks to have it explained once more."""
REFUND, STEPS = "refund_requirements", "manage_licences"
"""Money back for licences is a credit, no refund of a payment; and after the steps comes what they do to the bill."""

Judge = Callable[[str], Verdict]


@dataclass(frozen=True)
class Before:
    """What a conversation left open: the last topic answered, and the choices just offered."""

    topic: str | None = None
    offered: tuple[str, ...] = ()


NOTHING_BEFORE = Before()


@dataclass(frozen=True)
class Leaning:
    """The words of one language that lean on what was said before."""

    opening: frozenset[str]
    pointing: frozenset[str]
    asking: frozenset[str]
    supposing: frozenset[str]
    correcting: tuple[str, ...]
    ordinals: tuple[frozenset[str], ...]
    """The words for the first choice, the second, the third."""
    topics: Mapping[str, str]
    again: tuple[str, ...]
    """How words begin that ask for another explanation, …"""
    paid: tuple[str, ...]
    """… that speak of a payment or the bank, …"""
    billed: tuple[str, ...]
    """… of what is billed, …"""
    contact: tuple[str, ...]
    """… and of whom to turn to."""
    how: frozenset[str]
    doing: frozenset[str]


def in_thread(text: str, alone: Verdict, before: Before, language: str, judge: Judge) -> Verdict:
    """The verdict on a text in its conversation."""
    leaning = _leaning().get(language)
    if leaning is None:
        return alone
    if before.offered and (choice := _choice(text, alone, before.offered, leaning)):
        return _still(choice)
    topic = before.topic
    if topic is None or topic not in leaning.topics:
        return alone
    if _corrects(text, leaning):
        return _kept(judge(_without_correction(text, leaning)), alone)
    if _begins(text, leaning.again) and (alone.topic == HELP or alone.status in ("clarify", "out_of_scope")):
        return _still(topic)
    if topic in OF_LICENCES and alone.topic == REFUND and not _begins(text, leaning.paid):
        return _still(WHAT_IF)
    opens, points, asks = leans(text, leaning)
    if alone.status != "answer" and (opens or points) and place(text, language):
        return _still(topic)
    if topic in OF_LICENCES and (opens or points) and alone.status != "answer" and _supposes(text, language, leaning):
        return _still(WHAT_IF)
    if asks and _begins(text, leaning.contact) and alone.status != "answer":
        return _still(topic)
    if topic == STEPS and _begins(text, leaning.billed):
        topic = WHAT_IF
    elif topic in OF_LICENCES and _asks_for_steps(text, topic, language, leaning):
        topic = STEPS
    points = points or opens
    if not (points or asks) or (alone.status == "answer" and not points):
        return alone
    sure = SURE_BOTH if points and asks else SURE_ASIDE if opens or asks else SURE_POINTING
    if alone.confidence >= sure.get(alone.status, SURE):
        return alone
    together = judge(f"{text} {leaning.topics[topic]}")
    if together.status == "answer":
        return together
    return alone if alone.status == "answer" or together.status == "out_of_scope" else _still(topic)


def topic_names(language: str) -> Mapping[str, str]:
    """How each topic is called in a few words, to read with it what leans on it; empty for a language not ours."""
    leaning = _leaning().get(language)
    return leaning.topics if leaning else {}


def _choice(text: str, alone: Verdict, offered: tuple[str, ...], leaning: Leaning) -> str | None:
    """The offered topic that a text chooses: by its place ("de tweede"), or by weighing clearly more than the rest."""
    words = set(re.findall(r"\w+", text.casefold()))
    for topic, ordinals in zip(offered, leaning.ordinals, strict=False):
        if ordinals & words and len(words) <= FEW:
            return topic
    if alone.status in ("answer", "small_talk"):
        return None
    weights = sorted(((dict(alone.ranking).get(topic, 0.0), topic) for topic in offered), reverse=True)
    next_best = weights[1][0] if len(weights) > 1 else 0.0
    return weights[0][1] if weights[0][0] >= CHOSEN and weights[0][0] >= CLEARER * next_best else None


def leans(text: str, leaning: Leaning) -> tuple[bool, bool, bool]:
    """Whether a text is one short sentence that begins, that points, and that asks, as a follow-up does."""
    words = re.findall(r"\w+", text.casefold())
    if not 0 < len(words) <= LONGEST or _SENTENCES.search(text):
        return False, False, False
    said = set(words)
    return words[0] in leaning.opening, bool(leaning.pointing & said), bool(leaning.asking & said)


def _begins(text: str, stems: tuple[str, ...]) -> bool:
    """Whether a word begins so."""
    return any(word.startswith(stems) for word in re.findall(r"\w+", text.casefold()))


def _asks_for_steps(text: str, topic: str, language: str, leaning: Leaning) -> bool:
    """Whether a text asks how licences are added or removed; after what a change does to the bill, how it is done."""
    words = set(re.findall(r"\w+", text.casefold()))
    if not words & leaning.how:
        return False
    return direction(text, language) is not None or (topic == WHAT_IF and bool(words & leaning.doing))


def _supposes(text: str, language: str, leaning: Leaning) -> bool:
    """Whether a text asks what would be if there were more licences or fewer: "and if I take three more?"."""
    words = set(re.findall(r"\w+", text.casefold()))
    return bool(leaning.supposing & words) and direction(text, language) is not None


def _corrects(text: str, leaning: Leaning) -> bool:
    return any(correction in text.casefold() for correction in leaning.correcting)


def _without_correction(text: str, leaning: Leaning) -> str:
    """What was meant: the text after "no, I mean"."""
    pattern = "|".join(re.escape(correction) for correction in leaning.correcting)
    rest = re.split(pattern, text, maxsplit=1, flags=re.IGNORECASE)[-1].strip(" ,:.-")
    return rest or text


def _kept(meant: Verdict, alone: Verdict) -> Verdict:
    return meant if meant.status in ("answer", "clarify") else alone


def _still(topic: str) -> Verdict:
    return Verdict("answer", topic, SURE, ((topic, SURE),))


@lru_cache(maxsize=1)
def _leaning() -> Mapping[str, Leaning]:
    read = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {
        language: Leaning(
            frozenset(words["opening"]),
            frozenset(words["pointing"]),
            frozenset(words["asking"]),
            frozenset(words["supposing"]),
            tuple(words["correcting"]),
            tuple(map(frozenset, words["ordinals"])),
            words["topics"],
            tuple(words["again"]),
            tuple(words["paid"]),
            tuple(words["billed"]),
            tuple(words["contact"]),
            frozenset(words["how"]),
            frozenset(words["doing"]),
        )
        for language, words in read.items()
    }
