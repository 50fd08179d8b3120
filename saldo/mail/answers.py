"""What a person has sent in the place of a draft: the same letter, the letter with changes, or another one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from rapidfuzz.distance import LCSseq, Levenshtein

from saldo.mail.parse.bodies import decoded
from saldo.mail.parse.headers import addresses, field, message_ids, shown
from saldo.mail.parse.incoming import UnreadableMail, read
from saldo.mail.parse.mime import parsed
from saldo.mail.store.followed_drafts import Answered

KEPT, TAKEN = 0.5, 0.7
"""An edited letter has so many of the draft's words, in their order, or consists of them to such a part; letters on the
same matter that were written without the draft share about a quarter."""
MOST_WORDS = 3000
_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|\w+")


@dataclass(frozen=True)
class Comparison:
    """What was sent, beside what was drafted."""

    answered: Answered
    changed: float
    """The share of words that differ, from 0 to 1."""


@dataclass(frozen=True)
class SentMail:
    """A mail in Sent, by its head."""

    number: str
    message_id: str
    answers: frozenset[str]
    """The mail that it answers."""
    thread: frozenset[str]
    """All mails that it refers to."""
    recipients: frozenset[str]


def letter_in(data: bytes) -> str:
    """What the writer of a mail says in it, without quotes and signature; empty if it cannot be read."""
    try:
        return read(data).own
    except UnreadableMail:
        return ""


def compared(drafted: str, sent: str) -> Comparison:
    """How a letter that was sent differs from its draft, word by word; how lines are broken does not count."""
    ours, theirs = (_WORD.findall(text)[:MOST_WORDS] for text in (drafted, sent))
    changed = Levenshtein.normalized_distance(ours, theirs)
    if not changed:
        return Comparison("as drafted", 0.0)
    common = LCSseq.similarity(ours, theirs)
    is_edited = bool(common) and (common >= KEPT * len(ours) or common >= TAKEN * len(theirs))
    return Comparison("edited" if is_edited else "replaced", changed)


def sent_mail(number: str, head: bytes) -> SentMail | None:
    """A mail in Sent; None if a program has sent it by itself, or it cannot be read."""
    try:
        message = read(head).message
    except UnreadableMail:
        return None
    if field(message, "auto-submitted").partition(";")[0].strip().lower() not in ("", "no"):
        return None
    answers = frozenset(message_ids(message, "in-reply-to"))
    recipients = (each.email for name in ("to", "cc", "bcc") for each in addresses(message, name))
    return SentMail(
        number,
        next(iter(message_ids(message, "message-id")), ""),
        answers,
        answers | frozenset(message_ids(message, "references")),
        frozenset(recipients),
    )


def fingerprint(data: bytes) -> str:
    """A digest of what a draft says and to whom, which no way of keeping it changes; empty if it cannot be read.

    Everything that a person may change counts: Message-ID, readers, subject, each part's text, files. How it is
    encoded, how its lines are broken and which fields a server adds does not.
    """
    try:
        digest = hashlib.sha256()
        for each in _said(parsed(data)):
            digest.update(each.encode("utf-8", "replace") + b"\0")
        return digest.hexdigest()
    except Exception:  # the parser is not made for hostile input; what it cannot read is no draft of ours
        return ""


def _said(message: Message) -> Iterator[str]:
    yield " ".join(message_ids(message, "message-id"))
    for name in ("to", "cc", "bcc"):
        yield " ".join(sorted(each.email for each in addresses(message, name)))
    yield shown(field(message, "subject"))
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        content = payload if isinstance(payload, bytes) else b""
        yield part.get_content_type()
        if part.get_content_maintype() == "text":
            yield " ".join(decoded(content, part.get_content_charset() or "utf-8").split())
        else:
            yield hashlib.sha256(content).hexdigest()
