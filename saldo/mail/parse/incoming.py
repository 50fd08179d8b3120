"""A support mail as Saldo reads it: who wrote, what they wrote themselves, and what came with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from saldo.errors import SaldoError
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.bodies import MOST_PARTS, Attachment, Contents, contents_of
from saldo.mail.parse.forwards import Forwarded, attached, first_forwarded
from saldo.mail.parse.headers import addresses, field, has, message_ids, shown
from saldo.mail.parse.mime import parsed
from saldo.mail.parse.quotes import own_parts
from saldo.mail.parse.signatures import without_signature
from saldo.mail.parse.words import word_lists

LARGEST = 30_000_000
"""Bytes of a mail that are read; mail servers let less than that pass."""
LONGEST_BODY = 200_000
"""Characters of text that are read."""
LONGEST_SUBJECT = 300
MOST_ATTACHED = 5
"""Attached mails that are looked into for what is asked."""
_HEAD = re.compile(rb"\A.*?\r?\n\r?\n", re.DOTALL)
FEW_WORDS = 25
"""A forwarded mail's own words are no more than an introduction if they are so few."""


class UnreadableMail(SaldoError):
    """Bytes that are no mail."""


@dataclass(frozen=True)
class IncomingMail:
    """One mail."""

    message: Message
    """The parsed mail, for its headers."""
    message_id: str
    """Its Message-ID; made from its content where it has none."""
    subject: str
    senders: tuple[Address, ...]
    """Who the mail says it is from: one, unless it is broken or forged."""
    own: str
    """What the writer wrote, without quotes and signature."""
    body: str
    """All the text of the mail, for quoting it in the reply."""
    attachments: tuple[Attachment, ...]
    notes: tuple[str, ...] = ()
    """What the support agent should know about how the mail was read."""
    unread: tuple[str, ...] = ()
    """What of it may say something and could not be read."""
    forwarded: Forwarded | None = None
    """The message that it hands on, where what is asked stands in that; `own` has its text too."""
    calendar: str = ""
    """What a calendar entry in it does, such as `request` or `reply`."""
    content: str = ""
    """A digest of what it says, whatever way it came."""

    @property
    def key(self) -> str:
        """What tells this mail from every other: form mailers and scanners give several mails one Message-ID."""
        return f"{self.message_id} {self.content[:32]}"

    @property
    def short_key(self) -> str:
        """The same in sixteen characters, for file names."""
        return hashlib.sha256(self.key.encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def sender(self) -> Address | None:
        return self.senders[0] if len(self.senders) == 1 else None

    @property
    def reply_to(self) -> tuple[Address, ...]:
        return tuple(addresses(self.message, "reply-to"))

    @property
    def recipients(self) -> tuple[Address, ...]:
        return tuple(addresses(self.message, "to"))

    @property
    def copied(self) -> tuple[Address, ...]:
        return tuple(addresses(self.message, "cc"))

    @property
    def files(self) -> int:
        """How many files came with it, as against pictures that its text shows, such as a logo."""
        return sum(
            bool(part.get_filename())
            and (part.get_content_disposition() == "attachment" or not has(part, "content-id"))
            for part in self.message.walk()
        )

    @property
    def references(self) -> list[str]:
        return message_ids(self.message, "references") or message_ids(self.message, "in-reply-to")[:1]

    @property
    def thread(self) -> str:
        """The Message-ID that its thread began with; its own if it begins one."""
        return next(iter(self.references), self.message_id)

    @property
    def has_doubtful_sender(self) -> bool:
        """Whether there are several From fields: none of them says who it was."""
        return len(_all(self.message, "from")) > 1

    @property
    def is_forward(self) -> bool:
        """Whether it hands on another mail, by its subject."""
        return _opening(self.subject) in word_lists().forwards

    @property
    def is_reply(self) -> bool:
        """Whether it goes on a thread, whose subject says little about what is asked now."""
        return (
            self.is_forward
            or _opening(self.subject) in word_lists().replies
            or has(self.message, "in-reply-to")
            or has(self.message, "references")
        )

    @property
    def written(self) -> datetime | None:
        """When it was written, by its own word."""
        return _moment(field(self.message, "date"))

    @property
    def arrived(self) -> datetime | None:
        """When our own server took it, else when it was written."""
        received = field(self.message, "received").rpartition(";")[2]
        return _moment(received) or self.written


def read(data: bytes) -> IncomingMail:
    """Read a mail, whatever is broken about it. UnreadableMail if there is no mail in the bytes."""
    message = _parsed(data[:LARGEST])
    found = _contents(message)
    body = "\n\n".join(found.texts)[:LONGEST_BODY]
    senders = tuple(dict.fromkeys(addresses(message, "from")))
    if len({each.email for each in senders}) == 1:  # the same one twice
        senders = senders[:1]
    subject, content = shown(field(message, "subject"))[:LONGEST_SUBJECT], _content(message, data)
    own = _own(body, senders[0].name if senders else "")
    forwarded = _forwarded(subject, own, body) or _attached(subject, own, found)
    notes: list[str] = []
    if forwarded:
        body = body if forwarded.text in body else f"{body}\n\n{forwarded.text}".strip()[:LONGEST_BODY]
        own = "\n\n".join(filter(None, (own, _own(forwarded.text, forwarded.name))))
        notes.append(f"what is asked stands in a forwarded message{forwarded.by}")
    return IncomingMail(
        message=message,
        message_id=(message_ids(message, "message-id") or [f"<{content[:40]}@no-message-id.invalid>"])[0],
        subject=subject,
        senders=senders,
        own=own,
        body=body,
        attachments=tuple(found.attachments),
        notes=tuple(notes),
        unread=tuple(dict.fromkeys((*_left_out(len(data), found.parts), *found.unread))),
        forwarded=forwarded,
        calendar=found.calendar,
        content=content,
    )


def _contents(message: Message) -> Contents:
    try:
        return contents_of(message)
    except Exception as error:  # the library that reads parts is not made for hostile input either
        return Contents(unread=[f"its parts cannot be read ({type(error).__name__})"])


def _own(text: str, name: str) -> str:
    return "\n\n".join(filter(None, (without_signature(part, name) for part in own_parts(text))))


def _forwarded(subject: str, own: str, body: str) -> Forwarded | None:
    """What a mail hands on with few words; one that is marked as a reply only if it says nothing itself."""
    opening = _opening(subject)
    words = len(own.split())
    may_be = opening in word_lists().forwards and words <= FEW_WORDS and "?" not in own
    return first_forwarded(body) if may_be or (opening == "vs" and not words) else None


def _attached(subject: str, own: str, found: Contents) -> Forwarded | None:
    """The first attached mail that says something, where the mail forwards it with few words, or says nothing at all.

    Its files are among the attachments then, and it is none itself.
    """
    opening, words = _opening(subject), len(own.split())
    forwards = opening == "vs" or opening in word_lists().forwards
    if words and not (forwards and words <= FEW_WORDS and "?" not in own):
        return None
    for attachment, message in found.mails[:MOST_ATTACHED]:
        inner = _contents(message)
        if forwarded := attached(message, inner.texts):
            found.attachments.remove(attachment)
            found.attachments += inner.attachments
            found.unread += inner.unread
            return forwarded
    return None


def _opening(subject: str) -> str:
    """What stands before the colon in a subject, in lower case."""
    return subject.partition(":")[0].strip().lower() if ":" in subject else ""


def _content(message: Message, data: bytes) -> str:
    """A digest of what a mail says: of its body, its subject and its date, which no way of delivery changes.

    Line ends, blanks before them and mbox's ">From " differ by where a mail is kept.
    """
    body = _HEAD.sub(b"", data[:LARGEST].lstrip(b"\r\n\t "), count=1)
    lines = b"\n".join(map(bytes.rstrip, body.replace(b">From ", b"From ").splitlines())).strip()
    head = "\0".join(field(message, name) for name in ("from", "subject", "date"))
    return hashlib.sha256(head.encode("utf-8", "replace") + b"\0" + lines).hexdigest()


def _parsed(data: bytes) -> Message:
    try:
        message = parsed(data.lstrip(b"\r\n\t "))
    except RecursionError:
        raise UnreadableMail("its parts are nested too deeply") from None
    except Exception as error:  # the parser is not made for hostile input; whatever it raises, this is no mail
        raise UnreadableMail(f"it is no mail ({type(error).__name__})") from None
    if not message.keys():
        raise UnreadableMail("it has no headers")
    return message


def _all(message: Message, name: str) -> list[str]:
    return [key for key in message if key.lower() == name]


def _left_out(size: int, parts: int) -> Iterator[str]:
    if size > LARGEST:
        yield f"the mail is larger than {LARGEST:,} bytes; only these were read"
    if parts > MOST_PARTS:
        yield f"the mail has more than {MOST_PARTS} parts; only these were read"


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text.strip()) if text.strip() else None
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
