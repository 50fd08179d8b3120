"""What came of a mail, for whoever handed it in: the letter in its forms, the review, and a note in words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from email.message import EmailMessage
from typing import Any

from saldo.mail.handler import Handled
from saldo.mail.parse.html import text_of
from saldo.mail.store.claims import Outcome


@dataclass(frozen=True)
class Letter:
    """A draft as text; None for a form in which it is not to be sent."""

    to: str
    cc: str
    subject: str
    text: str | None
    html: str | None

    @property
    def plain(self) -> str:
        """The letter as plain text, whatever its form."""
        return self.text if self.text is not None else text_of(self.html or "")


@dataclass(frozen=True)
class Drafted:
    """One mail's result."""

    handled: Handled
    letter: Letter | None
    note: str
    """What a colleague is told of it, in their language."""

    @property
    def outcome(self) -> Outcome:
        """What is kept of it: whether there was a letter."""
        return "drafted" if self.letter else "skipped"

    def as_json(self) -> dict[str, Any]:
        """The published shape (docs/openapi-mail.yml)."""
        return {
            "draft": asdict(self.letter) if self.letter else None,
            "review": self.handled.review.as_json(),
            "note": self.note,
        }


def letter_of(message: EmailMessage) -> Letter:
    """The letter in a draft."""
    return Letter(
        to=str(message["To"]),
        cc=str(message["Cc"] or ""),
        subject=str(message["Subject"]),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, form: str) -> str | None:
    found = message.get_body((form,))
    if found is None:
        return None
    return str(found.get_content()).replace("\r\n", "\n")
