"""What a colleague reads of a mail, in their language: `faq/mail/review/<language>.yml`."""

from __future__ import annotations

from saldo.yaml_files import Strict


class NoteWords(Strict):
    """One language's words."""

    outcomes: dict[str, str]
    urgent: str
    identities: dict[str, str]
    reason: str
    reasons: dict[str, str]
    """Saldo's own sentences, as they stand in a review, in this language."""
    watch_for: str
    risks: dict[str, str]
    asked: str
    question: str
    topics: dict[str, str]
    """What is asked for that no content file is about."""
    statuses: dict[str, str]
    attachments: str
    letter: str
    kept: str
    reference: str
    handover: dict[str, str]
    """Around a conversation that is laid before a colleague."""
