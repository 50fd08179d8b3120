"""Reads Authentication-Results (RFC 8601): whether our own mail server vouches for the address in From."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

from saldo.mail.parse.headers import fields
from saldo.mail.sender import microsoft365

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_RESULT = re.compile(r"\s*([a-z0-9-]+)\s*(?:/\s*\d+\s*)?=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"([a-z]+\.[a-z0-9_-]+)\s*=\s*([^\s;]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Authentication:
    """Whether the sender's domain is proven, and in words why or why not."""

    proven: bool
    reason: str


@dataclass(frozen=True)
class Result:
    """One method's result: `dkim`, `pass`, and what it looked at, such as `header.d`."""

    method: str
    value: str
    properties: Mapping[str, str]


def authenticated(message: Message, domain: str, own_servers: Collection[str]) -> Authentication:
    """Whether the topmost Authentication-Results, if it is one of our own servers', proves the From domain.

    A header further down may have come with the mail: whoever wrote that could write anything into it.
    """
    found = fields(message, "authentication-results")
    if not own_servers:
        return Authentication(False, "no mail server of ours is configured (SALDO_MAIL_AUTHSERV_ID)")
    if not found:
        return Authentication(False, "our mail server did not check the sender (no Authentication-Results)")
    server, results = parsed(found[0])
    own = {each.lower() for each in own_servers}
    if not server and microsoft365.NAME in own:
        if why := microsoft365.obstacle(message):
            return Authentication(False, why)
    elif server not in own - {microsoft365.NAME}:
        return Authentication(False, f"the Authentication-Results are of a foreign server ({server or 'unnamed'})")
    return _judged(list(results), domain.lower())


def parsed(header: str) -> tuple[str, Iterator[Result]]:
    """The authserv-id in lower case, empty where the results begin without one, and the results."""
    head, *rest = _without_comments(header).split(";")
    if _RESULT.match(head):
        head, rest = "", [head, *rest]
    words = head.split()
    return (words[0].strip('"').lower() if words else ""), (each for each in map(_result, rest) if each)


def _judged(results: list[Result], domain: str) -> Authentication:
    dmarc = [each for each in results if each.method == "dmarc"]
    if any(each.value == "fail" for each in dmarc):
        return Authentication(False, f"DMARC failed for {domain}")
    if any(each.value == "pass" and each.properties.get("header.from") == domain for each in dmarc):
        return Authentication(True, f"DMARC passed for {domain}")
    if any(_is_aligned(each, domain) for each in results):
        return Authentication(True, f"aligned DKIM passed for {domain}")
    return Authentication(False, f"neither DMARC nor aligned DKIM passed for {domain}")


def _is_aligned(result: Result, domain: str) -> bool:
    """Whether DKIM passed for the From domain itself or a domain above it; a signature from below proves nothing."""
    signer = result.properties.get("header.d", "")
    over = signer == domain or ("." in signer and domain.endswith(f".{signer}"))
    return result.method == "dkim" and result.value == "pass" and over


def _result(text: str) -> Result | None:
    found = _RESULT.match(text)
    if not found:
        return None
    properties: dict[str, str] = {}
    for name, value in _PROPERTY.findall(text[found.end() :]):
        properties.setdefault(name.lower(), value.strip('"').lower().rstrip("."))
    return Result(found[1].lower(), found[2].lower(), properties)


def _without_comments(header: str) -> str:
    """The field without comments, which nest, and without semicolons in quoted strings."""
    text = _QUOTED.sub(lambda quoted: quoted[0].replace(";", " ").replace("(", " ").replace(")", " "), header)
    outside, depth = [], 0
    for char in text:
        depth += char == "("
        if depth == 0:
            outside.append(char)
        depth -= char == ")" and depth > 0
    return "".join(outside)
