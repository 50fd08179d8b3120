"""The review of one mail: what was read, how sure, and why; one JSON object beside the draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from saldo.mail.ask_bot import MailQuestion, MailUnderstanding
from saldo.mail.handover.handover import Handover
from saldo.mail.parse.bodies import Attachment
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.sender.identity import Identity
from saldo.mail.triage import Outcome, Verdict

KEYWORDS: Mapping[Outcome, str] = {"draft": "Saldo-Draft", "person": "Saldo-Person", "none": "Saldo-None"}
URGENT = "Saldo-Urgent"


@dataclass(frozen=True)
class Review:
    """What a support agent reads beside the draft; `as_json` gives its published shape."""

    message_id: str
    language: str | None
    identity: Identity
    skipped: str | None
    draft: str | None
    understood: MailUnderstanding
    verdict: Verdict
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    addressed_to: str = "customer"
    """Whom the draft is for: the `customer`, or a `colleague` where nothing could be answered."""
    subject: str = ""
    sender: str = ""
    arrived: datetime | None = None
    """When the mail came."""
    thread: str = ""
    """The Message-ID that its thread began with."""
    handover: Handover | None = None
    """What a person gets who takes over; None where nobody does."""

    @property
    def keywords(self) -> tuple[str, ...]:
        """What the mail itself is marked with in its mailbox."""
        return (KEYWORDS[self.verdict.outcome], *([URGENT] if self.verdict.urgent else []))

    def as_json(self) -> dict[str, Any]:
        """The published shape (design, section 4.5)."""
        return {
            "message_id": self.message_id,
            "language": self.language,
            "identity": self.identity.level,
            "identity_reason": self.identity.reason,
            "customer": self.identity.customer,
            "outcome": self.verdict.outcome,
            "outcome_reason": self.verdict.reason,
            "risks": list(self.verdict.risks),
            "urgent": self.verdict.urgent,
            "skipped": self.skipped,
            "draft": self.draft,
            "answered": None,  # both written later, where a mailbox is watched: "as drafted", "edited" or "replaced"
            "overtaken_by": None,  # and the stem of the mail with which the thread went on before that
            "questions": [_question(question) for question in self.understood.questions],
            "facts": [asdict(fact) for fact in self.understood.facts],
            "attachments": [asdict(each) for each in self.attachments],
            "notes": [*self.notes, *self.understood.notes],
            "addressed_to": self.addressed_to if self.draft else None,
            "subject": self.subject,
            "from": self.sender,
            "arrived": self.arrived.isoformat() if self.arrived else None,
            "thread": self.thread,
            "handover": self.handover.to_json() if self.handover else None,
        }


def _question(question: MailQuestion) -> dict[str, Any]:
    return {**asdict(question), "sources": list(question.sources)}


def skipped(incoming: IncomingMail, reason: str) -> Review:
    """The review of a mail that nobody need look at."""
    return replace(unanswered(incoming, Verdict("none", reason)), skipped=reason)


def unanswered(incoming: IncomingMail, verdict: Verdict) -> Review:
    """The review of a mail that was not understood any further, such as one that a person has to look at."""
    who = Identity("none", "not looked up: the mail is not answered")
    sender = incoming.senders[0].email if incoming.senders else ""
    return Review(
        incoming.message_id, None, who, None, None, MailUnderstanding(""), verdict, incoming.attachments,
        (*incoming.notes, *incoming.unread), subject=incoming.subject, sender=sender, arrived=incoming.arrived,
        thread=incoming.thread,
    )  # fmt: skip


def unreadable(stem: str, why: str) -> Review:
    """The review of bytes that cannot be read as a mail: perhaps somebody's letter, so a person looks."""
    verdict = Verdict("person", f"unreadable: {why}", ("unread_part",))
    return Review("", None, Identity("none", "not looked up: the mail cannot be read"), None, None,
                  MailUnderstanding(""), verdict, subject=stem)  # fmt: skip
