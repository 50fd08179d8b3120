"""What a person gets who takes over, whatever channel it comes from: one object, the same for chat, shell and mail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from saldo.answers.answer import Answer, FactRecord
from saldo.answers.blocks import block_to_json
from saldo.answers.plain_text import plain_text
from saldo.conversation import Utterance
from saldo.mail.ask_bot import MailQuestion, MailUnderstanding

Reason = Literal["asked", "two_failed_tries", "not_helpful", "escalation", "notice"]
Channel = Literal["widget", "shell", "mail"]
LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""What references are made of: nothing that is misread or misheard, and no vowels, so that they spell no word."""
GROUPS, GROUP = 2, 4
NOT_SHOWN = ("options", "more", "sources")
"""Blocks that a transcript leaves out: choices, and what is folded or for reference."""


@dataclass(frozen=True)
class Line:
    """One side's message, as it was read."""

    speaker: Literal["customer", "saldo"]
    text: str


@dataclass(frozen=True)
class KnownCustomer:
    """Who it is, where the channel has proven it."""

    id: str
    name: str


@dataclass(frozen=True)
class Answered:
    """What the customer was answered on one topic, and the content file it is made of."""

    topic: str
    text: str
    source: str


@dataclass(frozen=True)
class Handover:
    """A conversation that a person takes over."""

    reference: str
    """What the customer and the person call it."""
    channel: Channel
    reason: Reason
    language: str
    questions: tuple[MailQuestion, ...] = ()
    answered: tuple[Answered, ...] = ()
    customer: KnownCustomer | None = None
    facts: tuple[FactRecord, ...] = ()
    """The customer's own figures that were told, with their sources."""
    transcript: tuple[Line, ...] = ()
    address: str | None = None
    """Where the customer wants the answer."""
    text: str = ""
    """What the customer added."""
    draft: str | None = None
    """A letter to begin with, as plain text; None where none is due."""

    def to_json(self) -> dict[str, Any]:
        """The shape that reviews and the store keep."""
        questions = [{**asdict(each), "sources": list(each.sources)} for each in self.questions]
        several = {name: [asdict(each) for each in getattr(self, name)] for name in ("answered", "facts", "transcript")}
        customer = asdict(self.customer) if self.customer else None
        plain = {name: getattr(self, name) for name in ("reference", "channel", "reason", "language")}
        added = {name: getattr(self, name) for name in ("address", "text", "draft")}
        return {**plain, "questions": questions, "customer": customer, **several, **added}


def reference_of(conversation: str, said: int) -> str:
    """The reference of a conversation as far as it has gone: handed over again it has the same, until more is said."""
    number = int.from_bytes(hashlib.sha256(f"{conversation} {said}".encode()).digest(), "big")
    letters = ""
    for _ in range(GROUPS * GROUP):
        number, place = divmod(number, len(LETTERS))
        letters += LETTERS[place]
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def reason_of(answers: Sequence[Mapping[str, Any]], *, unhelpful: bool) -> Reason:
    """Why a conversation ends with a person, from its answers, oldest first."""
    last = answers[-1] if answers else {}
    if any("escalate" in answer.get("acts", ()) for answer in answers):
        return "escalation"
    if "notice" in last.get("acts", ()):
        return "notice"
    if last.get("kind") == "handover" and not last.get("named"):
        return "two_failed_tries"
    return "not_helpful" if unhelpful and last.get("kind") != "handover" else "asked"


def reason_of_mail(understood: MailUnderstanding) -> Reason:
    """Why a mail is a person's."""
    if "escalate" in understood.acts:
        return "escalation"
    return "notice" if "notice" in understood.acts else "asked"


def transcript_of(spoken: Sequence[Utterance]) -> tuple[Line, ...]:
    """Both sides, as they were read."""
    return tuple(
        Line("customer", one.text) if one.answer is None else Line("saldo", _text_of(Answer.from_json(one.answer)))
        for one in spoken
    )


def answered_in(understood: MailUnderstanding) -> tuple[Answered, ...]:
    """What was answered, each topic once."""
    return tuple(
        Answered(part.topic, plain_text(map(block_to_json, part.blocks)), part.source) for part in understood.parts
    )


def _text_of(answer: Answer) -> str:
    """An answer as it stood there at first sight."""
    blocks = map(block_to_json, answer.blocks)
    return plain_text(block for block in blocks if block["type"] not in NOT_SHOWN)
