"""Keeps the thread: what makes sense only in context is read with the conversation's last topic.

"En hoe haal ik ze weg?" after a question about seats is about licences; alone it is about nothing. Such a message is
read once more with the last topic's name beside it; what even so stays open is about the last topic still.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from saldo.nlu.decision import Decision
from saldo.nlu.query import direction, place
from saldo.yaml_files import Strict, Words, WordSet, read_yaml

WORDS = Path(__file__).parent / "words" / "followup.yml"
LONGEST = 11
"""Words of a message that may lean on the one before it."""
WHAT_IF = "licence_change"
"""The topic of "and if I take three more?" …"""
STEPS = "manage_licences"
"""… and of "and how do I remove them?" …"""
OF_LICENCES = frozenset({"seat_count", STEPS, WHAT_IF})
"""… after one of these."""

_SENTENCES = re.compile(r"[.?!]\s+\w")


class FollowupCues(Strict):
    """The words of one language that lean on what was said before; tuples hold how words begin, or phrases."""

    opening: WordSet
    pointing: WordSet
    asking: WordSet
    supposing: WordSet
    how: WordSet
    doing: WordSet
    again: Words
    """Asks for another explanation."""
    paid: Words
    """Speaks of a payment or the bank."""
    billed: Words
    """Speaks of what is billed."""
    contact: Words
    """Speaks of whom to turn to."""
    correcting: Words
    ordinals: tuple[WordSet, ...]
    """The words for the first choice, the second, the third."""
    topics: dict[str, str]
    """How each topic is called when it is leant on."""


@dataclass(frozen=True)
class FollowupText:
    """A message as its words tell it; nothing leans in one that is long or has several sentences."""

    text: str
    language: str
    words: frozenset[str]
    opens: bool
    points: bool
    asks: bool
    known: FollowupCues

    @property
    def leans(self) -> bool:
        """Whether it begins like a follow-up, or points back."""
        return self.opens or self.points

    def begins(self, stems: tuple[str, ...]) -> bool:
        """Whether a word begins so."""
        return any(word.startswith(stems) for word in self.words)

    def supposes(self) -> bool:
        """Whether it asks what would be if there were more licences or fewer: "and if I take three more?"."""
        return bool(self.known.supposing & self.words) and direction(self.text, self.language) is not None

    def means_another_invoice(self) -> bool:
        """Whether it speaks of an invoice by its place: "and the previous one?"."""
        return place(self.text, self.language) is not None

    def asks_for_steps(self, topic: str) -> bool:
        """Whether it asks how licences are added or removed, or after `WHAT_IF` how that is done."""
        if not self.words & self.known.how:
            return False
        return direction(self.text, self.language) is not None or (
            topic == WHAT_IF and bool(self.words & self.known.doing)
        )

    def corrected(self) -> str | None:
        """What was meant: the text after "no, I mean"; None if nothing is corrected."""
        if not any(phrase in self.text.casefold() for phrase in self.known.correcting):
            return None
        pattern = "|".join(map(re.escape, self.known.correcting))
        return re.split(pattern, self.text, maxsplit=1, flags=re.IGNORECASE)[-1].strip(" ,:.-") or self.text


def said(text: str, language: str) -> FollowupText | None:
    """The message; None in a language not ours."""
    known = word_lists().get(language)
    if known is None:
        return None
    words = re.findall(r"\w+", text.casefold())
    held = frozenset(words)
    if not 0 < len(words) <= LONGEST or _SENTENCES.search(text):
        return FollowupText(text, language, held, opens=False, points=False, asks=False, known=known)
    opens, points, asks = words[0] in known.opening, bool(known.pointing & held), bool(known.asking & held)
    return FollowupText(text, language, held, opens, points, asks, known)


def topic_names(language: str) -> Mapping[str, str]:
    """How each topic is called in a few words, to read with it what leans on it; empty for a language not ours."""
    known = word_lists().get(language)
    return known.topics if known else {}


@cache
def word_lists() -> Mapping[str, FollowupCues]:
    """The word file, by language."""
    return read_yaml(WORDS, dict[str, FollowupCues])


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
HELP = "help"
"""Small talk that, in a thread, asks to have it explained once more."""
REFUND = "refund_requirements"
"""Of licences no payment is refunded: money back for them is a credit."""

Judge = Callable[[str], Decision]


@dataclass(frozen=True)
class Before:
    """What a conversation left open: the last topic answered, and the choices just offered."""

    topic: str | None = None
    offered: tuple[str, ...] = ()


NOTHING_BEFORE = Before()


def in_thread(text: str, alone: Decision, before: Before, language: str, judge: Judge) -> Decision:
    """The verdict on a text in its conversation."""
    message = said(text, language)
    if message is None:
        return alone
    if before.offered and (choice := _choice(message, alone, before.offered)):
        return _still(choice)
    if before.topic is None or before.topic not in message.known.topics:
        return alone
    if meant := message.corrected():
        return _kept(judge(meant), alone)
    if topic := _told_by_words(message, alone, before.topic):
        return _still(topic)
    if _stands_alone(message, alone):
        return alone
    leant_on = _leant_on(message, before.topic)
    together = judge(f"{text} {message.known.topics[leant_on]}")
    if together.status == "answer":
        return together
    return alone if alone.status == "answer" or together.status == "out_of_scope" else _still(leant_on)


def _told_by_words(message: FollowupText, alone: Decision, topic: str) -> str | None:
    """What a message is about after this topic, where its words leave no doubt."""
    if topic in OF_LICENCES and alone.topic == REFUND and not message.begins(message.known.paid):
        return WHAT_IF
    if alone.status == "answer":
        return None
    if message.begins(message.known.again) and (alone.topic == HELP or alone.status != "small_talk"):
        return topic
    if message.leans and message.means_another_invoice():
        return topic
    if message.leans and topic in OF_LICENCES and message.supposes():
        return WHAT_IF
    return topic if message.asks and message.begins(message.known.contact) else None


def _leant_on(message: FollowupText, topic: str) -> str:
    """The topic to read a message with: the last one, or of licences the one that its words turn to."""
    if topic == STEPS and message.begins(message.known.billed):
        return WHAT_IF
    return STEPS if topic in OF_LICENCES and message.asks_for_steps(topic) else topic


def _stands_alone(message: FollowupText, alone: Decision) -> bool:
    """Whether a message needs nothing that was said before it."""
    if not (message.leans or message.asks) or (alone.status == "answer" and not message.leans):
        return True
    if message.leans and message.asks:
        sure = SURE_BOTH
    else:
        sure = SURE_ASIDE if message.opens or message.asks else SURE_POINTING
    return alone.confidence >= sure.get(alone.status, SURE)


def _choice(message: FollowupText, alone: Decision, offered: tuple[str, ...]) -> str | None:
    """The offered topic that a message chooses: by its place ("de tweede"), or by weighing clearly more than others."""
    for topic, ordinals in zip(offered, message.known.ordinals, strict=False):
        if ordinals & message.words and len(message.words) <= FEW:
            return topic
    if alone.status in ("answer", "small_talk"):
        return None
    weights = sorted(((dict(alone.ranking).get(topic, 0.0), topic) for topic in offered), reverse=True)
    next_best = weights[1][0] if len(weights) > 1 else 0.0
    return weights[0][1] if weights[0][0] >= CHOSEN and weights[0][0] >= CLEARER * next_best else None


def _kept(meant: Decision, alone: Decision) -> Decision:
    return meant if meant.status in ("answer", "clarify") else alone


def _still(topic: str) -> Decision:
    return Decision("answer", topic, SURE, ((topic, SURE),), rule="followup")
