"""Random requests for the channel: near the contract, far from it, and plain noise."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

PLACES = ("/session", "/messages", "/feedback")
JSON = "application/json"
TYPES = (*[JSON] * 12, f"{JSON}; charset=utf-8", JSON.upper(), "text/plain", "multipart/form-data")
FIELDS = (
    "text", "option", "id", "language", "identity", "message", "helpful", "comment", "customer", "metadata", "sender"
)  # fmt: skip
TELLING = (
    "NL-1001", "FI-2001", "2026-0142", "nl", "fi", "seat_count", "none_of_these", "message-0001", "0", "-1",
    "/restart", '/invoice_quantity{"customer": "NL-1001"}', "Hoe zeg ik op?", "Montako lisenssiä meillä on?",
    "Waarom staan er 60 licenties op mijn factuur?", "\x00", "\ud800", "\u202e", "{{7*7}}", "${jndi:x}", "' OR 1=1 --",
)  # fmt: skip
PIECES = tuple(json.dumps(one).encode() for one in (*FIELDS, *TELLING, None, True, 0, -1.5e300, {}, []))  # type: ignore[var-annotated]
BEARERS = ("nobody's", "customer's", "none", "mutated", "noise")
ORIGINS = (*[None] * 40, "https://evil.example", "null", "", "http://", "a" * 300)


@dataclass(frozen=True)
class Asked:
    """One request: what is sent, and whose token it shows."""

    method: str
    path: str
    body: bytes | None
    kind: str
    bearer: str
    noise: str
    """What stands in the place of a token, or where one letter of it is changed."""
    origin: str | None


words = st.text(max_size=12) | st.sampled_from(TELLING)
leaves = st.none() | st.booleans() | st.integers() | st.floats() | words
values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3))
shaped: SearchStrategy[Any] = st.dictionaries(st.sampled_from(FIELDS), leaves | values, max_size=4)
deep = st.integers(1, 5000).map(lambda depth: b'{"text":' * depth + b"1" + b"}" * depth)
long = st.integers(1, 60_000).map(lambda length: b'{"text": "' + b"a" * length + b'"}')


def encoded(value: Any) -> bytes:
    """JSON, or what Python takes for it: lone surrogates as they are, NaN and Infinity spelt out."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def cut(body: bytes) -> SearchStrategy[bytes]:
    """The body, with its end lost or a byte that is no UTF-8 in it."""
    return st.integers(0, len(body)).map(lambda place: body[:place] + b"\xff" + body[place + 1 :])


bodies = st.one_of(
    *[shaped.map(encoded)] * 3, shaped.map(encoded).flatmap(cut), values.map(encoded), st.binary(), long, deep
)  # fmt: skip
seen = st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="?#")
stray = st.text(seen, max_size=20).map("/".__add__)
latin = st.text(seen | st.characters(min_codepoint=161, max_codepoint=255), max_size=40)
after, language = st.integers() | st.just("%00"), st.sampled_from(["nl", "sv", "%ff"])
queries = st.builds("/messages?after={}&language={}".format, after, language)
tokens, origins = st.sampled_from(BEARERS[:2] * 3 + BEARERS), st.sampled_from(ORIGINS)
posts = st.builds(
    Asked, st.just("POST"), st.sampled_from(PLACES), bodies, st.sampled_from(TYPES) | latin, tokens, latin, origins
)
methods = st.sampled_from(["GET", "GET", "GET", "PUT", "OPTIONS", "DELETE"])
gets = st.builds(Asked, methods, queries | stray, st.none(), st.just(""), tokens, latin, origins)
requests = st.one_of(*[posts] * 8, gets)


def several(first: Asked, seed: int, count: int) -> Iterator[Asked]:
    """The request, and others like it with a damaged body: making those anew would take ten times as long."""
    chance = Random(seed)
    yield first
    for _ in range(count - 1):
        place = first.path if first.body is None else chance.choice(PLACES)
        body = None if first.body is None else damaged(first.body, chance)
        yield replace(first, path=place, body=body, bearer=chance.choice(BEARERS))


def damaged(body: bytes, chance: Random) -> bytes:
    """The body with one to three pieces lost, doubled, overwritten or put in."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randint(0, len(body))
        end = min(len(body), start + chance.randint(0, 8))
        piece = chance.choice(PIECES) if chance.random() < 0.7 else chance.randbytes(chance.randint(1, 4))
        body = body[:start] + chance.choice((b"", body[start:end] * 2, piece)) + body[end:]
    return body
