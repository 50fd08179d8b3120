"""Parses a mail's bytes into parts, in time that grows with their length alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email._policybase import Compat32
from email.feedparser import FeedParser
from email.message import Message
from typing import Any

LONGEST_FIELD = 8000
"""Characters of a header field that are kept."""
LONGEST_PARAMETERS = 2000
MOST_PARAMETERS = 32
"""Of a Content- field: the standard library reads its parameters in quadratic time, and again for each question."""
MOST_HEADER_LINES = 3000
"""Lines of a header that are kept, for each question about a field looks through all."""
DEEPEST = 10
"""Parts within each other: every line is held against the boundary of each."""
MOST_PARTS = 600
"""Parts that are told apart; more than are read, so that it is noticed."""
_LINE = re.compile(
    r"^--(?P<boundary>[^\s\"].{0,69}?)[ \t]*\r?\n(?=content-[\w-]+[ \t]*:)", re.IGNORECASE | re.MULTILINE
)
_LINE_END = re.compile(r"\r\n?")


class _Bounded(Compat32):
    """Not `policy.default`: its header classes raise on some of the broken fields that mailboxes hold."""

    def header_source_parse(self, sourcelines: Sequence[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(list(sourcelines))
        if name.lower().startswith("content-"):
            return name, ";".join(value[:LONGEST_PARAMETERS].split(";", MOST_PARAMETERS)[:MOST_PARAMETERS])
        return name, value[:LONGEST_FIELD]


class _TooDeep(Message):
    """A part that is taken as it stands, for it stands within too many others."""

    def get_content_type(self) -> str:
        return "application/octet-stream"


class _TooMany(Exception):
    """More parts than anybody sends."""


class _Parser(FeedParser):
    """The standard library's parser, with bounds on what a hostile mail can make it do."""

    parts: int
    _msgstack: list[Message]
    _factory: Any

    def _new_message(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise _TooMany()
        self._factory = _TooDeep if len(self._msgstack) >= DEEPEST else Message
        super()._new_message()  # type: ignore[misc]

    def _parse_headers(self, lines: list[str]) -> None:
        super()._parse_headers(lines[:MOST_HEADER_LINES])  # type: ignore[misc]


def parsed(data: bytes) -> Message:
    """The message; raises whatever the parser does on hostile input, RecursionError among it."""
    parser = _Parser(Message, policy=_Bounded())
    parser.parts = 0
    try:
        parser.feed(_LINE_END.sub("\n", data.decode("ascii", "surrogateescape")))
        return parser.close()
    except _TooMany:
        return parser._msgstack[0]


def with_found_boundary(part: Message) -> Message | None:
    """A multipart whose declared boundary stands nowhere in it, parted at the one that does; None if none does."""
    payload = part.get_payload()
    found = _LINE.search(payload) if isinstance(payload, str) else None
    if not found or not isinstance(payload, str):
        return None
    head = f'Content-Type: {part.get_content_type()}; boundary="{found["boundary"]}"\n\n'
    again = parsed(f"{head}{payload}".encode("utf-8", "surrogateescape"))
    return again if isinstance(again.get_payload(), list) else None
