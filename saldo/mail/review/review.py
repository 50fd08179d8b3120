"""The review of one mail: what was read, how sure, and why; one JSON object beside the draft."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from saldo.mail.ask_bot import MailQuestion, MailUnderstanding
from saldo.mail.parse.bodies import Attachment
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.sender.identity import Identity

SUFFIX = ".review.json"


@dataclass(frozen=True)
class Review:
    """What a support agent reads beside the draft; `as_json` gives its published shape."""

    message_id: str
    language: str | None
    identity: Identity
    skipped: str | None
    draft: str | None
    understood: MailUnderstanding
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[str, ...] = ()
    addressed_to: str = "customer"
    """Whom the draft is for: the `customer`, or a `colleague` where nothing could be answered."""
    subject: str = ""
    sender: str = ""

    def as_json(self) -> dict[str, Any]:
        """The published shape (design, section 4.5)."""
        outcome, reason = ("none", self.skipped) if self.skipped else self.understood.outcome
        return {
            "message_id": self.message_id,
            "language": self.language,
            "identity": self.identity.level,
            "identity_reason": self.identity.reason,
            "outcome": outcome,
            "outcome_reason": reason,
            "skipped": self.skipped,
            "draft": self.draft,
            "questions": [_question(question) for question in self.understood.questions],
            "facts": [asdict(fact) for fact in self.understood.facts],
            "attachments": [asdict(each) for each in self.attachments],
            "notes": [*self.notes, *self.understood.notes],
            "addressed_to": self.addressed_to if self.draft else None,
            "subject": self.subject,
            "from": self.sender,
        }


def _question(question: MailQuestion) -> dict[str, Any]:
    return {**asdict(question), "sources": list(question.sources)}


def skipped(incoming: IncomingMail, reason: str) -> Review:
    """The review of a mail that gets no draft."""
    who = Identity("none", "not looked up: the mail is not answered")
    sender = incoming.senders[0].email if incoming.senders else ""
    return Review(
        incoming.message_id, None, who, reason, None, MailUnderstanding(""), incoming.attachments, incoming.notes,
        subject=incoming.subject, sender=sender,
    )  # fmt: skip


def unreadable(stem: str, why: str) -> Review:
    """The review of bytes that are no mail."""
    return Review("", None, Identity("none", "not looked up: the mail cannot be read"), f"unreadable: {why}", None,
                  MailUnderstanding(""), subject=stem)  # fmt: skip
