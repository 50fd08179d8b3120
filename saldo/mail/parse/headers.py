"""Reads header fields of mails that may be broken or hostile: every answer is clean text, nothing raises."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from saldo.text import printable

LONGEST = 2000
"""Characters of a header field that are read."""
MOST_ADDRESSES = 200
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?\Z")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Address:
    """A name as it was written, and the mail address, in lower case."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @property
    def local(self) -> str:
        return self.email.rpartition("@")[0]


def field(message: Message, name: str) -> str:
    """The first field of that name on one line, as written; empty if there is none."""
    return next(iter(fields(message, name)), "")


def fields(message: Message, name: str) -> list[str]:
    """All fields of that name, from the top, each on one line."""
    wanted = name.lower()
    return [_one_line(str(value)) for key, value in message.raw_items() if key.lower() == wanted]


def has(message: Message, name: str) -> bool:
    return bool(fields(message, name))


def shown(raw: str) -> str:
    """A field's text for people: encoded words decoded, control and direction characters left out."""
    try:
        text = str(make_header(decode_header(raw)))
    except (LookupError, ValueError, MessageError):
        text = raw
    return _SPACES.sub(" ", printable(text, keep="")).strip()


def addresses(message: Message, name: str) -> list[Address]:
    """The addresses in all fields of that name; what is no plain address is left out."""
    found: list[Address] = []
    try:
        pairs = getaddresses(fields(message, name))
    except RecursionError:  # thousands of brackets
        return []
    for written, email in pairs[:MOST_ADDRESSES]:
        if _ADDRESS.match(email) and ".." not in email:
            found.append(Address(shown(written)[:200], email.lower()))
    return found


def message_ids(message: Message, name: str) -> list[str]:
    """The Message-IDs in a field, in order."""
    return _MESSAGE_ID.findall(" ".join(fields(message, name)))


def _one_line(value: str) -> str:
    """Unfolded, bytes that no charset was given for read as UTF-8 if they are."""
    text = value[: LONGEST * 4].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _SPACES.sub(" ", printable(text, keep="\r\n\t"))[:LONGEST].strip()
