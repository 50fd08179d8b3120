"""The turn at hand: an id of 32 hex digits, in every log line of the turn, in its spans and in the header of its reply.

It tells nothing of who speaks or what is said, so support can quote it: it is drawn by chance, or reckoned from the
conversation and the id that the widget gave its message, so that a message sent again is the same turn.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from structlog.contextvars import bind_contextvars, get_contextvars, unbind_contextvars

HEADER = "X-Turn-Id"
_FORM = re.compile(r"[0-9a-f]{32}")


def begin(conversation: str = "", message: str | None = None) -> str:
    """Begin a turn; its id."""
    told = f"{conversation}\0{message}".encode()
    turn = hashlib.sha256(told).hexdigest()[:32] if message else uuid.uuid4().hex
    bind_contextvars(turn=turn)
    return turn


@contextmanager
def during(conversation: str, message: str | None = None) -> Iterator[str]:
    """What is done inside is the turn that was begun, or one that begins and ends here; its id."""
    if begun := current():
        yield begun
        return
    try:
        yield begin(conversation, message)
    finally:
        unbind_contextvars("turn")


def go_on(turn: object) -> str:
    """Go on with a turn that was begun in another process; a new one if that is no turn's id."""
    if isinstance(turn, str) and _FORM.fullmatch(turn):
        bind_contextvars(turn=turn)
        return turn
    return current() or begin()


def current() -> str:
    """The id of the turn at hand; empty if there is none."""
    return str(get_contextvars().get("turn", ""))
