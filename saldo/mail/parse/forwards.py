"""Finds the message that a forwarding mail hands on, below its text or attached: its text, and who wrote it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import Message

from saldo.mail.parse.addresses import Address, mailboxes
from saldo.mail.parse.headers import addresses, shown
from saldo.mail.parse.quotes import beginning_of_history, is_label, own_parts

_MARK = re.compile(r"^\s{0,3}>[ ]?")
_BLANK = re.compile(r"^[\s>*_=—-]*$")


@dataclass(frozen=True)
class Forwarded:
    """The first message that a mail hands on."""

    text: str
    """What its writer wrote, without what is quoted in it."""
    writer: Address | None

    @property
    def name(self) -> str:
        return self.writer.name if self.writer else ""

    @property
    def by(self) -> str:
        return f", of {self.writer.email}" if self.writer else ""


def attached(message: Message, texts: Sequence[str]) -> Forwarded | None:
    """An attached message with these texts; None if it says nothing itself."""
    said = "\n\n".join(own_parts("\n\n".join(texts)))
    return Forwarded(said, next(iter(addresses(message, "from")), None)) if said else None


def first_forwarded(text: str) -> Forwarded | None:
    """The first message below the writer's own words; None if there is none, or nothing in it."""
    lines = [_MARK.sub("", line) for line in text.splitlines()]
    start = beginning_of_history(lines)
    if start is None:
        return None
    begin = start + 1
    while begin < len(lines) and (_BLANK.match(lines[begin]) or is_label(lines[begin])):
        begin += 1
    said = "\n\n".join(own_parts("\n".join(lines[begin:])))
    head = (found for line in lines[start:begin] for found in mailboxes(shown(line.partition(":")[2])[:300]))
    return Forwarded(said, next(head, None)) if said else None
