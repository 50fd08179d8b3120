"""The host application vouches for its user with a short-lived JWT; here it is believed or refused.

Keys are chosen by `kid` and bind the algorithm, so a token cannot choose how it is checked; each `jti` is good once.
To rotate a key, add the new one under a new `kid`, sign with it, and take the old one out ten minutes later.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt

from saldo.errors import SaldoError, UnusableFile
from saldo.identity import LONGEST_TOKEN, SKEW
from saldo.settings import SHORTEST_SECRET
from saldo.web.auth.revocation import MARGIN

ALGORITHMS = ("EdDSA", "RS256", "HS256")
AUDIENCE = "saldo"
LONGEST = 600
"""Seconds that a host's token may be valid."""
NEEDED = {
    "EdDSA": "it takes an Ed25519 public key in PEM",
    "RS256": "it takes an RSA public key in PEM",
    "HS256": f"it takes a secret of {SHORTEST_SECRET} characters or more",
}
REQUIRED = ["aud", "exp", "iat", "iss", "jti", "sub"]


class Refused(SaldoError):
    """A host's token that is not believed, and why; said to the developer who reads it, never to a customer."""


@dataclass(frozen=True)
class Key:
    """A key of the host application, and the one algorithm it is for."""

    algorithm: str
    key: str


def read_keys(path: Path) -> dict[str, Key]:
    """The keys of a file `{kid: {"algorithm": …, "key": …}}`; UnusableFile if it is anything else."""
    try:
        keys = {kid: Key(**entry) for kid, entry in json.loads(path.read_text(encoding="utf-8")).items()}
    except (OSError, ValueError, TypeError, AttributeError):
        raise UnusableFile(path, 'should be JSON: {"kid": {"algorithm": "EdDSA", "key": "…"}}.') from None
    for kid, key in keys.items():
        if key.algorithm not in ALGORITHMS:
            raise UnusableFile(path, f"key {kid!r}: the algorithm must be one of {', '.join(ALGORITHMS)}.")
        if not _fits(key):
            raise UnusableFile(path, f"key {kid!r} is no key for {key.algorithm}: {NEEDED[key.algorithm]}.")
    return keys


def _fits(key: Key) -> bool:
    """Whether the algorithm can work with the key; a short secret could be guessed."""
    try:
        jwt.get_algorithm_by_name(key.algorithm).prepare_key(key.key)
    except (jwt.PyJWTError, ValueError, TypeError):
        return False
    return key.algorithm != "HS256" or len(key.key) >= SHORTEST_SECRET


class Host:
    """Believes the tokens of one host application."""

    def __init__(
        self, keys: Mapping[str, Key], issuer: str = "", spend: Callable[[str, float], bool] | None = None
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._spend = spend or self._spend_here
        self._used: dict[str, float] = {}
        self._lock = threading.Lock()

    def customer(self, token: str, look_up: Callable[[str], object] = str) -> str:
        """The customer id that a token vouches for; Refused if it is not to be believed.

        `look_up` is called with it before the token is spent: where that fails, the same token may be shown again.
        """
        claims = self._claims(token)
        if not isinstance(claims["sub"], str) or not isinstance(claims["jti"], str):
            raise Refused("identity: sub and jti must be text.")
        if not all(type(claims[name]) in (int, float) for name in ("exp", "iat")):
            raise Refused("identity: exp and iat must be numbers.")
        if claims["exp"] - claims["iat"] > LONGEST:
            raise Refused(f"identity: exp may be at most {LONGEST} seconds after iat.")
        look_up(claims["sub"])
        if not self._spend(claims["jti"], claims["exp"] + SKEW):
            raise Refused("identity: this token was used before; sign a new one.")
        return claims["sub"]

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise Refused(f"identity: the token has more than {LONGEST_TOKEN} characters.")
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            return jwt.decode(
                token,
                key.key,
                algorithms=[key.algorithm],
                audience=AUDIENCE,
                issuer=self._issuer or None,
                leeway=SKEW,
                options={"require": REQUIRED, "verify_iat": True},
            )
        except KeyError:
            raise Refused("identity: the token names no known key (kid).") from None
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError, RecursionError) as error:
            raise Refused(f"identity: {error}.") from None

    def _spend_here(self, jti: str, until: float) -> bool:
        with self._lock:
            oldest = min(time.time(), until) - MARGIN
            self._used = {used: expiry for used, expiry in self._used.items() if expiry > oldest}
            fresh = jti not in self._used
            self._used[jti] = max(until, self._used.get(jti, 0))
            return fresh
