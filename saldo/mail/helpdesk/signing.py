"""Whether a call is from whom it says: a signature over its body, made with a secret that both sides have."""

from __future__ import annotations

import hashlib
import hmac
import time

MOST_SECONDS = 300
"""How old, or how far ahead, the time in a signed call may be."""


def sha1_signature(secret: str, body: bytes) -> str:
    """As Zammad signs."""
    return "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def timed_signature(secret: str, timestamp: str, body: bytes) -> str:
    """As Chatwoot signs, and as callers of Saldo do: over the time and the body, so that neither can be changed."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_same(given: str, right: str) -> bool:
    """Compares in a time that tells nothing."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def is_recent(timestamp: str, now: float | None = None) -> bool:
    """Whether a time, in seconds since 1970, is about now."""
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        return False
    return abs(int(timestamp) - (time.time() if now is None else now)) <= MOST_SECONDS
