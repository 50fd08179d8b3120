"""Reads header fields of mails that may be broken or hostile: every answer is clean text, nothing raises."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

from saldo.mail.parse.addresses import Address, mailboxes
from saldo.text import printable

LONGEST = 2000
"""Characters of a header field that are read."""
MOST_ADDRESSES = 200
_ENCODED = re.compile(r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?\s]*\?=")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
_SPACES = re.compile(r"\s+")


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
        text = _ENCODED.sub(_leniently, raw).replace("=?", "= ?")  # what stays encoded must not be decoded by others
    return _SPACES.sub(" ", printable(text, keep="")).strip()


def _leniently(word: re.Match[str]) -> str:
    """An encoded word, with a mark for what cannot be decoded."""
    try:
        [(data, charset)] = decode_header(word[0])
        return data.decode(charset or "ascii", "replace") if isinstance(data, bytes) else data
    except (LookupError, ValueError, MessageError):
        return "\ufffd"


def addresses(message: Message, name: str) -> list[Address]:
    """The addresses in all fields of that name; what is no address is left out.

    A field that holds none as it stands is read once more with its encoded words decoded: some programs encode
    the address too.
    """
    found: list[Address] = []
    for text in fields(message, name):
        found += list(mailboxes(text)) or (list(mailboxes(shown(text))) if "=?" in text else [])
    return [Address(shown(each.name)[:200], each.email) for each in found[:MOST_ADDRESSES]]


def message_ids(message: Message, name: str) -> list[str]:
    """The Message-IDs in a field, in order."""
    return _MESSAGE_ID.findall(" ".join(fields(message, name)))


def _one_line(value: str) -> str:
    """Unfolded, bytes that no charset was given for read as UTF-8 if they are."""
    text = value[: LONGEST * 4].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _SPACES.sub(" ", printable(text, keep="\r\n\t"))[:LONGEST].strip()
