"""Finds what a mail says among its parts, and lists what is attached without opening it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from saldo.mail.parse.headers import shown
from saldo.mail.parse.html import LONGEST, text_of
from saldo.mail.parse.mime import parsed, with_found_boundary
from saldo.mail.parse.signed import signed_content
from saldo.text import printable

DEEPEST = 20
"""How many multiparts within each other are read."""
MOST_PARTS = 500
LONGEST_TEXT = 100_000
"""Characters of one text part that are read, …"""
MOST_LINES = 5000
"""… and its lines."""
_BLANKS = re.compile(r"[^\S\n]{40,}")
"""White space that says no more than some of it does, and that each look at a line would go through again."""
_ODD_CODECS = frozenset({"punycode", "idna", "unicode_escape", "raw-unicode-escape", "unicode-escape"})
"""What Python can decode by these names is no charset of a mail, or takes quadratic time."""
LONGEST_STUB, STUB_FACTOR, STUB_WORDS = 40, 1.5, 5
"""A plain text of so few words may stand in for HTML that has so many times its words, and some more."""
ARMOUR = "-----BEGIN PGP MESSAGE-----"
_TAG = re.compile(rb"<[^<>]*>")
_REST = "[\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
_MISREAD = re.compile(rf"Ã{_REST}|Â[\xa0-\xbf]|â[\x80\x82€]{_REST}|â‚¬")
"""Pairs and triples that nobody writes in Dutch or Finnish, and that are one character's bytes."""
_SINGLE_BYTE = re.compile(r"(?i)(?:us-ascii|ascii|iso-?8859|latin|windows-125|cp125)")
_ALIASES = {"unknown-8bit": "utf-8", "default": "utf-8", "iso-8859-8-i": "iso-8859-8", "x-unknown": "utf-8"}


@dataclass(frozen=True)
class Attachment:
    """A file that came with a mail: known by name, type and size, never opened."""

    name: str
    type: str
    bytes: int


@dataclass
class Contents:
    """What was found so far while going through the parts."""

    texts: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    mails: list[tuple[Attachment, Message]] = field(default_factory=list)
    """The attachments that are mails themselves."""
    unread: list[str] = field(default_factory=list)
    """What may say something and cannot be read, for the support agent."""
    named: list[str] = field(default_factory=list)
    """Texts that came as files within the mail: they are what it says if nothing else does."""
    calendar: str = ""
    """What a calendar entry in it does (iTIP), such as `request` or `reply`."""
    parts: int = 0


def contents_of(message: Message) -> Contents:
    """The texts of a mail in order, and its attachments; stops at a sane number and depth of parts."""
    found = Contents()
    _collect(message, found, 0)
    found.texts = found.texts or found.named
    if any(ARMOUR in text for text in found.texts):
        found.unread.append("the text is encrypted (PGP)")
    return found


def _collect(part: Message, found: Contents, depth: int) -> None:
    found.parts += 1
    if found.parts > MOST_PARTS or depth > DEEPEST:
        return
    kind = part.get_content_type()
    if kind in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        _signed(part, found, depth)
    elif kind == "multipart/encrypted":
        found.unread.append("the mail is encrypted")
    elif part.get_content_maintype() == "multipart":
        _several(part, found, depth)
    elif kind in ("text/plain", "text/html") and (depth == 0 or not _is_attached(part)):
        if text := _text(part):
            (found.named if _filename(part) and depth else found.texts).append(text)
    else:
        _file(part, found, kind)


def _several(part: Message, found: Contents, depth: int) -> None:
    """A multipart; one whose boundary is wrong is parted at what looks like one, or left to a person."""
    whole = part if part.is_multipart() else with_found_boundary(part)
    if whole is None:
        found.unread.append("the mail is not parted as it says; it was read as it stands")
        found.texts.extend(filter(None, [_text(part)]))
    elif whole.get_content_type() == "multipart/alternative":
        _alternative(whole, found, depth)
    else:
        for inner in _children(whole):
            _collect(inner, found, depth + 1)


def _alternative(part: Message, found: Contents, depth: int) -> None:
    """The first form that says something, plain text before HTML, unless the plain text only stands in for the HTML.

    Files inside any form are attachments.
    """
    forms: list[list[str]] = []
    for inner in sorted(_children(part), key=lambda inner: inner.get_content_type() != "text/plain"):
        if forms and inner.get_content_type() == "text/html" and not _is_stub(forms[0], inner):
            found.parts += 1
            continue
        form = Contents(parts=found.parts)
        _collect(inner, form, depth + 1)
        found.parts, found.calendar = form.parts, form.calendar or found.calendar
        found.attachments.extend(form.attachments)
        found.mails.extend(form.mails)
        found.unread.extend(form.unread)
        found.named.extend(form.named)
        if form.texts:
            forms.append(form.texts)
    # a second form was read only where the first is empty or stands in for it, or holds more than HTML
    longer = [form for form in forms[1:] if _words(form) >= STUB_FACTOR * _words(forms[0]) + STUB_WORDS]
    found.texts.extend((longer or forms or [[]])[0])


def _is_stub(plain: list[str], html: Message) -> bool:
    """Whether a short text stands beside HTML that seems to say much more ("this mail needs a program that …")."""
    words = _words(plain)
    payload = html.get_payload(decode=True) if words <= LONGEST_STUB else b""
    first, *rest = payload[:LONGEST].lower().split(b"<style") if isinstance(payload, bytes) else [b""]
    bare = _TAG.sub(b" ", first + b"".join(each.partition(b"</style>")[2] for each in rest))
    return len(bare.split()) >= STUB_FACTOR * words + STUB_WORDS


def _words(texts: list[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _signed(part: Message, found: Contents, depth: int) -> None:
    """Opaque S/MIME: what was signed is read as if it stood there; what is encrypted cannot be."""
    payload = part.get_payload(decode=True)
    content = signed_content(payload) if isinstance(payload, bytes) else None
    if content is None:
        found.unread.append("the mail is encrypted (S/MIME)")
        found.attachments.append(_attachment(part))
    else:
        _collect(parsed(content.lstrip(b"\r\n")), found, depth + 1)


def _file(part: Message, found: Contents, kind: str) -> None:
    name = _filename(part)
    found.attachments.append(_attachment(part))
    if kind in ("message/rfc822", "message/global"):
        found.mails.extend((found.attachments[-1], inner) for inner in _children(part))
    elif kind in ("application/ms-tnef", "application/vnd.ms-tnef") or name.lower() == "winmail.dat":
        found.unread.append("what is in winmail.dat (Outlook's own format) was not read")
    elif kind == "text/calendar":
        found.calendar = str(part.get_param("method") or "").lower()


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    return (inner for inner in payload if isinstance(inner, Message)) if isinstance(payload, list) else iter(())


def _is_attached(part: Message) -> bool:
    """Whether it came as a file; a text with a name that is shown within the mail did not."""
    return part.get_content_disposition() == "attachment"


def _text(part: Message) -> str:
    payload: Any = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = decoded(payload, _charset(part))[: LONGEST_TEXT * 5]
    if part.get_content_type() == "text/html":
        text = text_of(text)
    elif part.get_param("format") == "flowed":
        text = _unflowed(text, delete=str(part.get_param("delsp")).lower() == "yes")
    text = mended(text)
    text = printable(text[:LONGEST_TEXT].replace("\r\n", "\n")).strip()
    return _BLANKS.sub(" " * 40, "\n".join(text.split("\n", MOST_LINES)[:MOST_LINES]))


def decoded(payload: bytes, charset: str) -> str:
    """Bytes as text: by their charset where it fits, else by what they look like. Never fails."""
    tries = ["utf-8", charset] if _SINGLE_BYTE.match(charset) else [charset, "utf-8"]
    for name in [*tries, "cp1252"]:
        try:
            if codecs.lookup(name).name not in _ODD_CODECS:
                return payload.decode(name)
        except (LookupError, ValueError):
            continue
    return payload.decode("latin-1")


def _charset(part: Message) -> str:
    try:
        named = part.get_content_charset() or "utf-8"
    except (LookupError, ValueError):
        named = "utf-8"
    return _ALIASES.get(named, named)


def mended(text: str) -> str:
    """Text in which UTF-8 was read as Latin-1 on its way ("HyvÃ¤Ã¤ pÃ¤ivÃ¤Ã¤"), as it was written."""
    return _MISREAD.sub(_reread, text) if "Ã" in text or "Â" in text or "â" in text else text


def _reread(found: re.Match[str]) -> str:
    for charset in ("cp1252", "latin-1"):
        with suppress(UnicodeError):
            return found[0].encode(charset).decode("utf-8")
    return found[0]


def _unflowed(text: str, *, delete: bool) -> str:
    """Join the lines that a program broke with a space at the end (RFC 3676); `delete` that space (DelSp=yes)."""
    lines: list[str] = []
    open_line = False
    for line in text.splitlines():
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if open_line and not line.startswith(">") and line != "-- ":
            lines[-1] = (lines[-1][:-1] if delete else lines[-1]) + line
        else:
            lines.append(line)
        open_line = flows
    return "\n".join(lines)


def _attachment(part: Message) -> Attachment:
    return Attachment(_filename(part)[:200] or "unnamed", part.get_content_type()[:100], _size(part))


def _filename(part: Message) -> str:
    try:
        return shown(part.get_filename() or "")
    except (LookupError, ValueError, TypeError, AttributeError, IndexError):
        return ""


def _size(part: Message) -> int:
    """Bytes of the file, reckoned from its encoded length."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return sum(len(str(inner.get_payload())) for inner in payload[:1] if isinstance(inner, Message))
    text = payload if isinstance(payload, str) else ""
    if str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
        return len(text)
    visible = len(text) - text.count("\n") - text.count("\r") - text.count(" ")
    return max(visible * 3 // 4 - text[-8:].count("="), 0)
