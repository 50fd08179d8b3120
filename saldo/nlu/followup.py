"""Keeps the thread: what makes sense only in context is read with the conversation's last topic.

"En hoe haal ik ze weg?" after a question about seats is about licences; alone it is about nothing. Such a message is
read once more with the last topic's name beside it; what even so stays open is about the last topic still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from saldo.nlu.decision import Decision
from saldo.nlu.followup_cues import OF_LICENCES, STEPS, WHAT_IF, FollowupText, said

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
    return Decision("answer", topic, SURE, ((topic, SURE),))
