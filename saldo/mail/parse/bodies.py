"""Finds what a mail says among its parts, HTML as its reader sees it, and lists what is attached without opening it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from functools import cache
from typing import Any

from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from saldo.mail.parse.headers import shown
from saldo.text import printable

LONGEST = 500_000
"""Characters of HTML that are read; a letter has a few thousand."""
INTO, OUT_OF = "\ue000", "\ue001"
"""Private characters that stand for the beginning and the end of a quoted block."""
MOST_ELEMENTS = 20_000
"""Elements that are read; each costs time, and a letter with a long thread below has a few thousand."""
RULE = "_" * 32
"""What a line across the page becomes."""
_DROPPED = ("script", "style", "head", "title", "template", "noscript", "object", "svg", "img")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def text_of(html: str) -> str:
    """The text; empty if there is none in it or it cannot be read."""
    html = html[:LONGEST].replace(INTO, "").replace(OUT_OF, "").replace("\0", "")
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    _prepare(tree)
    try:
        text = Inscriptis(tree, _config()).get_text()
    except RecursionError:  # thousands of nested elements: no letter
        return ""
    return "\n".join(_marked(text)).strip("\n")


def _prepare(tree: Any) -> None:
    """Take out what is not shown, and put a mark where a quoted block begins and ends."""
    for number, element in enumerate(list(tree.iter(etree.Element))):
        if number > MOST_ELEMENTS or element.tag in _DROPPED or _HIDDEN.search(element.get("style") or ""):
            if element.getparent() is not None:
                element.drop_tree()
        elif element.tag == "blockquote":
            _enclose(element)
        elif element.tag == "hr":
            element.tag, element.text = "div", RULE


def _enclose(quote: Any) -> None:
    opening, closing = etree.Element("div"), etree.Element("div")
    opening.text, closing.text = INTO, OUT_OF
    opening.tail, quote.text = quote.text, None
    quote.insert(0, opening)
    quote.append(closing)


def _marked(text: str) -> list[str]:
    """The lines with ">" in front as often as they are quoted, and without the spaces of the layout."""
    lines: list[str] = []
    depth = 0
    for line in text.splitlines():
        depth += line.count(INTO)
        bare = line.replace(INTO, "").replace(OUT_OF, "").strip()
        if bare or (lines and lines[-1].strip("> ")):
            lines.append(f"{'>' * depth} {bare}".strip() if depth else bare)
        depth = max(depth - line.count(OUT_OF), 0)
    return lines


@cache
def _config() -> ParserConfig:
    return ParserConfig(css=CSS_PROFILES["strict"].copy(), display_images=False, display_links=False)


DEEPEST = 20
"""How many multiparts within each other are read."""
MOST_PARTS = 500
LONGEST_TEXT = 100_000
"""Characters of one text part that are read."""
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

    texts: list[str]
    attachments: list[Attachment]
    parts: int = 0


def contents_of(message: Message) -> Contents:
    """The texts of a mail in order, and its attachments; stops at a sane number and depth of parts."""
    found = Contents([], [])
    _collect(message, found, 0)
    return found


def _collect(part: Message, found: Contents, depth: int) -> None:
    found.parts += 1
    if found.parts > MOST_PARTS or depth > DEEPEST:
        return
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        _alternative(part, found, depth)
    elif part.is_multipart() and part.get_content_maintype() == "multipart":
        for inner in _children(part):
            _collect(inner, found, depth + 1)
    elif kind in ("text/plain", "text/html") and not _is_attached(part):
        found.texts.extend(text for text in [_text(part)] if text)
    else:
        found.attachments.append(_attachment(part))


def _alternative(part: Message, found: Contents, depth: int) -> None:
    """The first form that says something, plain text before HTML; files inside any form are attachments."""
    texts: list[str] = []
    for inner in sorted(_children(part), key=lambda inner: inner.get_content_type() != "text/plain"):
        form = Contents([], [], found.parts)
        _collect(inner, form, depth + 1)
        found.parts = form.parts
        found.attachments.extend(form.attachments)
        texts = texts or form.texts
    found.texts.extend(texts)


def _children(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    return (inner for inner in payload if isinstance(inner, Message)) if isinstance(payload, list) else iter(())


def _is_attached(part: Message) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_filename(part))


def _text(part: Message) -> str:
    payload: Any = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return ""
    text = decoded(payload, _charset(part))[: LONGEST_TEXT * 5]
    if part.get_content_type() == "text/html":
        text = text_of(text)
    elif part.get_param("format") == "flowed":
        text = _unflowed(text)
    return printable(text[:LONGEST_TEXT].replace("\r\n", "\n")).strip()


def decoded(payload: bytes, charset: str) -> str:
    """Bytes as text: by their charset where it fits, else by what they look like. Never fails."""
    tries = ["utf-8", charset] if _SINGLE_BYTE.match(charset) else [charset, "utf-8"]
    for name in [*tries, "cp1252"]:
        try:
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


def _unflowed(text: str) -> str:
    """Join the lines that a program broke with a space at the end (RFC 3676)."""
    lines: list[str] = []
    open_line = False
    for line in text.splitlines():
        flows = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if open_line and not line.startswith(">") and line != "-- ":
            lines[-1] += line
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
