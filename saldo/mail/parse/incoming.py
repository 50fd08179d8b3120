"""A support mail as Saldo reads it: who wrote, what they wrote themselves, and what came with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from saldo.errors import SaldoError
from saldo.mail.parse.bodies import MOST_PARTS, Attachment, contents_of
from saldo.mail.parse.headers import Address, addresses, field, has, message_ids, shown
from saldo.mail.parse.quotes import own_parts
from saldo.mail.parse.signatures import without_signature
from saldo.mail.parse.words import word_lists

LARGEST = 30_000_000
"""Bytes of a mail that are read; mail servers let less than that pass."""
LONGEST_BODY = 200_000
"""Characters of text that are read."""
LONGEST_SUBJECT = 300
_PARSER = BytesParser(policy=policy.compat32)
"""Not `policy.default`: its header classes raise on some of the broken fields that mailboxes hold."""


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
    def references(self) -> list[str]:
        return message_ids(self.message, "references") or message_ids(self.message, "in-reply-to")[:1]

    @property
    def is_reply(self) -> bool:
        """Whether it goes on a thread, whose subject says little about what is asked now."""
        opens = self.subject.partition(":")[0].strip().lower() if ":" in self.subject else ""
        prefixes = {*word_lists().replies, *word_lists().forwards}
        return opens in prefixes or has(self.message, "in-reply-to") or has(self.message, "references")

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
    found = contents_of(message)
    body = "\n\n".join(found.texts)[:LONGEST_BODY]
    senders = tuple(addresses(message, "from")) if len(_all(message, "from")) == 1 else ()
    name = senders[0].name if senders else ""
    return IncomingMail(
        message=message,
        message_id=_message_id(message, data),
        subject=shown(field(message, "subject"))[:LONGEST_SUBJECT],
        senders=senders,
        own="\n\n".join(filter(None, (without_signature(part, name) for part in own_parts(body)))),
        body=body,
        attachments=tuple(found.attachments),
        notes=tuple(_notes(len(data), found.parts)),
    )


def _parsed(data: bytes) -> Message:
    try:
        message = _PARSER.parsebytes(data.lstrip(b"\r\n\t "))
    except RecursionError:
        raise UnreadableMail("its parts are nested too deeply") from None
    except Exception as error:  # the parser is not made for hostile input; whatever it raises, this is no mail
        raise UnreadableMail(f"it is no mail ({type(error).__name__})") from None
    if not message.keys():
        raise UnreadableMail("it has no headers")
    return message


def _all(message: Message, name: str) -> list[str]:
    return [key for key in message if key.lower() == name]


def _message_id(message: Message, data: bytes) -> str:
    given = message_ids(message, "message-id")
    return given[0] if given else f"<{hashlib.sha256(data).hexdigest()[:40]}@no-message-id.invalid>"


def _notes(size: int, parts: int) -> list[str]:
    notes = []
    if size > LARGEST:
        notes.append(f"the mail is larger than {LARGEST:,} bytes; only these were read")
    if parts > MOST_PARTS:
        notes.append(f"the mail has more than {MOST_PARTS} parts; only these were read")
    return notes


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text.strip()) if text.strip() else None
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
