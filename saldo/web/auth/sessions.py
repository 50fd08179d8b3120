"""The widget's session token: it alone names the conversation and, if the host vouched for one, the customer."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass

import jwt

from saldo.identity import ALGORITHM, LONGEST_TOKEN, SKEW

AUDIENCE = "saldo:session"
LIFETIME = 3600
"""Seconds that a session lasts."""
RENEWABLE = 24 * 3600
"""Seconds after its end in which a session can be renewed, so that a lunch break costs nobody the conversation."""


@dataclass(frozen=True)
class Session:
    """A conversation and who takes part in it."""

    conversation: str
    language: str
    """The language of the page it began on; what the customer writes in counts for more."""
    customer: str | None


def begin(language: str, customer: str | None) -> Session:
    """A new conversation, under an id that cannot be guessed."""
    return Session(f"widget-{uuid.uuid4().hex}", language, customer)


def seal(key: str, session: Session, *, now: float | None = None) -> str:
    """The token for a session."""
    issued = int(time.time() if now is None else now)
    claims = {
        "aud": AUDIENCE,
        "sub": session.conversation,
        "language": session.language,
        "customer": session.customer,
        "iat": issued,
        "exp": issued + LIFETIME,
    }
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def unseal(key: str, token: str, *, grace: int = 0) -> Session | None:
    """The session of a token; None if it is forged, expired for more than `grace` seconds or no session token."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            leeway=grace + SKEW,
            options={"require": ["exp", "sub", "aud"]},
        )
    except (jwt.InvalidTokenError, UnicodeError, RecursionError):  # the last: a header nested without an end
        return None
    return Session(claims["sub"], claims["language"], claims["customer"])
