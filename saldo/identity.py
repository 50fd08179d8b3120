"""The capability: the only way from a conversation to a customer's figures.

A channel mints it once it knows who is asking; actions verify it on every turn. It is signed with Saldo's own key and
short-lived, so neither typed text, a slot, a forged request body nor an old tracker grants anything.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from saldo.errors import UnusableFile
from saldo.settings import SHORTEST_SECRET, Settings

ALGORITHM = "HS256"
AUDIENCE = "saldo:figures"
LIFETIME = 300
"""Seconds that a capability lasts: longer than any turn, far shorter than a conversation."""
SKEW = 30
"""Seconds that two servers' clocks may differ."""
LONGEST_TOKEN = 4096
"""Characters of a token that are looked at; ours have a few hundred, a host's may carry claims of its own."""
TRIES = 50
"""How often to look, in a second, for a key whose file another process has made and not yet written."""


@dataclass(frozen=True)
class Capability:
    """Whose figures may be read, and until when (seconds since 1970)."""

    customer: str
    level: str
    expires: int


def key_of(settings: Settings) -> str:
    """Saldo's own key: `SALDO_SECRET`, else `var/key`, made on first use and readable by its owner alone."""
    return settings.secret or kept_key(settings.state / "key")


def derived(key: str, purpose: str) -> str:
    """What only who has `key` can tell of `purpose`: a key for it alone, or a name that tells nobody who is meant."""
    return hmac.new(key.encode(), purpose.encode("utf-8", "replace"), "sha256").hexdigest()


def mint(key: str, customer: str, *, lifetime: int = LIFETIME, now: float | None = None) -> str:
    """Sign a capability for `customer`; only channels, the shell and mail call this."""
    issued = int(time.time() if now is None else now)
    claims = {"aud": AUDIENCE, "sub": customer, "level": "verified", "iat": issued, "exp": issued + lifetime}
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def verify(key: str, token: object) -> Capability | None:
    """What `token` grants: None for anything forged, expired, meant for something else, or not a token at all."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        return None
    try:
        claims: dict[str, Any] = jwt.decode(
            token, key, algorithms=[ALGORITHM], audience=AUDIENCE, leeway=SKEW,
            options={"require": ["exp", "sub", "aud"]},
        )  # fmt: skip
    except (jwt.InvalidTokenError, UnicodeError, RecursionError):  # the last two: no text, or JSON without an end
        return None
    if claims.get("level") != "verified" or not isinstance(claims["sub"], str):
        return None
    return Capability(claims["sub"], "verified", claims["exp"])


def kept_key(path: Path) -> str:
    """The key in a file that its owner alone can read, made on first use. UnusableFile if others can, or nobody."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            _make(path)
        return _read(path)
    except OSError as error:
        raise UnusableFile(path, f"this key cannot be used ({error.strerror}); check its permissions.") from None


def _make(path: Path) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))


def _read(path: Path) -> str:
    if path.stat().st_mode & 0o077:
        raise UnusableFile(path, "others can read this key; run `chmod 600` on it, or delete it to get a new one.")
    for _ in range(TRIES):
        key = path.read_text(encoding="ascii", errors="replace").strip()
        if len(key) >= SHORTEST_SECRET:
            return key
        time.sleep(0.02)
    raise UnusableFile(path, f"this key is shorter than {SHORTEST_SECRET} characters; delete it to get a new one.")
