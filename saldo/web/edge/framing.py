"""Where a request ends must be beyond doubt: two servers that disagree about it can be made to swap requests.

Sanic takes the first of contradicting headers, and fails on a length that is none.
"""

from __future__ import annotations

import re

from sanic.exceptions import InvalidUsage

FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\x00\r\n]*?)[ \t]*")
LENGTH = re.compile(rb"[0-9]{1,12}")


async def must_be_framed(head: bytes) -> None:
    """Told a request's head before it is believed; InvalidUsage, which is 400 and closes the connection."""
    fields = [FIELD.fullmatch(line) for line in head.split(b"\r\n")[1:]]
    if b"\n" in head.replace(b"\r\n", b"") or not all(fields):
        raise InvalidUsage("A header is malformed")
    given = [(field[1].lower(), field[2]) for field in fields if field]
    lengths = [value for name, value in given if name == b"content-length"]
    codings = [value for name, value in given if name == b"transfer-encoding"]
    if len(lengths) > 1 or not all(map(LENGTH.fullmatch, lengths)):
        raise InvalidUsage("Content-Length is no length")
    if codings and (lengths or codings != [b"chunked"]):
        raise InvalidUsage("Transfer-Encoding is not chunked alone")
    if sum(name == b"host" for name, _ in given) > 1:
        raise InvalidUsage("There is more than one Host")
