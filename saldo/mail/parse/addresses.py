"""Reads the addresses of a From, To or Reply-To field as mail programs really write them.

`email.utils.getaddresses` takes `Piet @ Klant BV <piet@klant.example>` for piet@klantbv, and knows no address without
brackets beside a name. Here an address between brackets goes before all else; what could be read in two ways is no
address at all, so that nothing goes to somebody who did not write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header

import idna

LONGEST_LOCAL = 64
_LOCAL = r"[^\s@<>()\[\],;:\\\"]"
_PLAIN = re.compile(rf"{_LOCAL}{{1,{LONGEST_LOCAL}}}@[\w.-]{{1,253}}")
_ADDRESS = re.compile(rf'(?P<local>{_LOCAL}{{1,{LONGEST_LOCAL}}}|"[^"@<>]{{1,{LONGEST_LOCAL}}}")@(?P<domain>[^@\s]+)')
_ENCODED = re.compile(r"=\?[^?]*\?[bq]\?[^?]*\?=", re.IGNORECASE)
_ROUTE = re.compile(r"^@[^:]{1,300}:")


@dataclass(frozen=True)
class Address:
    """A name as it was written, and the mail address: in lower case, its domain as the name system knows it (IDNA)."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @property
    def local(self) -> str:
        return self.email.rpartition("@")[0]


@dataclass
class _Mailbox:
    """What stands between two commas."""

    words: list[str] = field(default_factory=list)
    """What stands outside brackets and comments, quoted words still in their quotes."""
    bracketed: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


def mailboxes(text: str) -> Iterator[Address]:
    """The addresses of one field, names as written; what is no address, or may be two, is left out."""
    for box in _split(text):
        words = "".join(box.words).strip()
        if len(box.bracketed) == 1:
            email, name = canonical(_ROUTE.sub("", box.bracketed[0].strip())), words
        elif box.bracketed:
            continue
        elif whole := canonical(words):
            email, name = whole, ""
        else:
            found = _PLAIN.findall(re.sub(r'"[^"]*"', " ", words))
            email = canonical(found[0]) if len(found) == 1 else None
            name = words.replace(found[0], "") if email else ""
        if email:
            yield Address(re.sub(r'\\(.)|"', r"\1", name).strip(" -") or " ".join(box.comments).strip(), email)


def canonical(text: str) -> str | None:
    """An address in the one way that it is compared and written in; None if it is none."""
    found = _ADDRESS.fullmatch(text.strip().strip("'"))
    if not found:
        return None
    local = _local(found["local"].strip('"')).lower()
    domain = _domain(found["domain"])
    return f"{local}@{domain}" if domain and local.isprintable() and local.strip() else None


def _local(text: str) -> str:
    """What stands before the @, decoded where a program has encoded it like a name; empty if that gives none."""
    if not _ENCODED.search(text):
        return text
    with suppress(LookupError, ValueError, HeaderParseError):
        decoded = str(make_header(decode_header(text)))
        if re.fullmatch(rf"{_LOCAL}{{1,{LONGEST_LOCAL}}}", decoded):
            return decoded
    return ""


def _domain(text: str) -> str | None:
    """The domain in ASCII: `käse.example` as `xn--kse-qla.example`."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*", text) and len(text) <= 253:
        return text.lower()
    if text.isascii() or len(text) > 253:
        return None
    try:
        return idna.encode(text, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return None


def _split(text: str) -> Iterator[_Mailbox]:
    """The mailboxes of a field, at commas and semicolons that stand in no quotes, comments or brackets."""
    box, depth, end = _Mailbox(), 0, 0
    index = 0
    while index < len(text):
        char = text[index]
        if depth:
            depth += (char == "(") - (char == ")")
            box.comments[-1] += char if depth else ""
        elif char == "(":
            depth = 1
            box.comments.append("")
        elif char == '"' and (end := _closing(text, index)):
            box.words.append(text[index : end + 1])
            index = end
        elif char == "<" and (end := text.find(">", index)) > 0:
            box.bracketed.append(text[index + 1 : end])
            box.words.append(" ")
            index = end
        elif char in ",;":
            yield box
            box = _Mailbox()
        elif char == ":" and not box.bracketed and ":" not in "".join(box.words[-1:]):
            box.words.clear()  # the name of a group
        else:
            box.words.append(char)
        index += 1
    yield box


def _closing(text: str, start: int) -> int:
    """Where the quotes that open at `start` close; 0 if they do not."""
    found = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, start)
    return found.end() - 1 if found else 0
