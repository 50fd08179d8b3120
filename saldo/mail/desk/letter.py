"""A draft's letter as text to edit, and the draft with another text in its place. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from html import unescape
from typing import Any

from saldo.mail.parse.html import text_of
from saldo.mail.reply import draft
from saldo.mail.reply.render import as_html, as_text

_QUOTE = re.compile(r"\n\n\n(?P<head>[^\n]+)\n(?P<lines>(?:>[^\n]*\n?)*)\n*\Z")
_CITED = re.compile(
    r"<p [^>]*>(?P<head>[^<]*)</p>\s*<blockquote type=\"cite\"[^>]*>(?P<lines>.*)</blockquote>", re.DOTALL
)
_ALIGNED = re.compile(r"(?:^  \S.*\n?)+", re.MULTILINE)


@dataclass(frozen=True)
class Letter:
    """What a draft says, without the mail that it quotes below."""

    text: str
    quote: tuple[str, str]
    """The line above the quoted mail, and the mail's text."""


def parsed(data: bytes) -> EmailMessage:
    """A draft that Saldo wrote; written again it is the same but for what was changed."""
    head = data.partition(b"\r\n\r\n" if b"\r\n\r\n" in data else b"\n\n")[0]
    message: EmailMessage = message_from_bytes(data, policy=draft.WIRE.clone(utf8=not head.isascii()))
    return message


def letter_of(message: EmailMessage) -> Letter:
    """The letter in a draft, from its plain text where it has one."""
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    if plain is not None:
        text = str(plain.get_content()).replace("\r\n", "\n")
        found = _QUOTE.search(text)
        if not found:
            return Letter(text.strip("\n"), ("", ""))
        return Letter(text[: found.start()].strip("\n"), (found["head"], _unmarked(found["lines"])))
    content = str(html.get_content()).replace("\r\n", "\n") if html is not None else ""
    cited = _CITED.search(content)
    if not cited:
        return Letter(text_of(content), ("", ""))
    lines = unescape(re.sub(r"<br>\n?", "\n", cited["lines"]))
    return Letter(text_of(content[: cited.start()]), (unescape(cited["head"]), lines))


def fingerprint(message: EmailMessage) -> str:
    """What tells a letter from another as people see it: to whom, what about, what it says, and what comes with it."""
    head = [str(message.get(name, "")) for name in ("To", "Cc", "Subject")]
    attached = [str(part.get_filename()) for part in message.iter_attachments()]
    seen = "\0".join((*head, letter_of(message).text, *attached))
    return hashlib.sha256(" ".join(seen.split()).encode("utf-8", "replace")).hexdigest()[:32]


def with_text(message: EmailMessage, text: str, language: str) -> EmailMessage:
    """The draft with that letter, in the forms that it has; the quoted mail and the header stay."""
    quote = letter_of(message).quote
    blocks = list(_blocks(text))
    forms = [message.get_body((form,)) is not None for form in ("plain", "html")]
    written = draft.Written(
        as_text([{"type": "paragraph", "text": text.strip("\n")}], quote) if forms[0] else None,
        as_html(blocks, quote, language) if forms[1] else None,
    )
    edited = parsed(message.as_bytes())
    draft.write(edited, written)
    return edited


def _blocks(text: str) -> Iterator[dict[str, Any]]:
    """Paragraphs; lines that are indented, as tables of figures are, keep their blanks."""
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        place = 0
        for found in _ALIGNED.finditer(paragraph):
            if before := paragraph[place : found.start()].strip("\n"):
                yield {"type": "paragraph", "text": before}
            yield {"type": "aligned", "text": found[0].rstrip("\n")}
            place = found.end()
        if rest := paragraph[place:].strip("\n"):
            yield {"type": "paragraph", "text": rest}


def _unmarked(lines: str) -> str:
    return "\n".join(line[1:].removeprefix(" ") for line in lines.splitlines())
