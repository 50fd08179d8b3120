"""The session token names the conversation and the customer; nobody can make one but the server."""

from __future__ import annotations

import time

import jwt
import pytest

from saldo.identity import LIFETIME as CAPABILITY_LIFETIME
from saldo.identity import SKEW, mint, verify
from saldo.web.auth.sessions import LIFETIME, Session, begin, seal, unseal
from tests.fault_table import Seen

KEY = "a key of at least 32 characters, ours"
OTHER = "a key of at least 32 characters, theirs"
SESSION = Session("widget-1", "fi", "FI-2001")


def test_a_sealed_session_is_read_back() -> None:
    assert unseal(KEY, seal(KEY, SESSION)) == SESSION
    nobody = Session("widget-2", "nl", None)
    assert unseal(KEY, seal(KEY, nobody)) == nobody


def test_conversations_cannot_be_guessed() -> None:
    names = {begin("nl", None).conversation for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) >= len("widget-") + 32 for name in names)


def test_a_session_ends() -> None:
    now = time.time()
    assert unseal(KEY, seal(KEY, SESSION, now=now - LIFETIME + 10)) == SESSION
    assert unseal(KEY, seal(KEY, SESSION, now=now - LIFETIME - SKEW - 1)) is None


@pytest.mark.fault("two servers' clocks are 25 s apart", expected="each goes on with the other's sessions")
@pytest.mark.parametrize("apart", [SKEW - 5, 5 - SKEW])
def test_another_servers_clock_may_differ(apart: float, seen: Seen) -> None:
    """A minute is too much; its session is refused, not half believed."""
    now = time.time()
    assert unseal(KEY, seal(KEY, SESSION, now=now + apart)) == SESSION
    assert unseal(KEY, seal(KEY, SESSION, now=now - LIFETIME + apart + 6)) == SESSION
    assert unseal(KEY, seal(KEY, SESSION, now=now + 2 * SKEW)) is None
    assert verify(KEY, mint(KEY, "NL-1001", now=now + apart))
    assert verify(KEY, mint(KEY, "NL-1001", now=now - CAPABILITY_LIFETIME + apart + 6))
    assert verify(KEY, mint(KEY, "NL-1001", now=now + 2 * SKEW)) is None
    seen("sessions and capabilities good 25 s apart, refused 60 s apart")


def test_another_key_opens_nothing() -> None:
    assert unseal(KEY, seal(OTHER, SESSION)) is None


def test_one_letter_changed_opens_nothing() -> None:
    head, claims, signature = seal(KEY, SESSION).split(".")
    swapped = claims[:-4] + ("A" if claims[-4] != "A" else "B") + claims[-3:]
    assert unseal(KEY, f"{head}.{swapped}.{signature}") is None


def test_an_unsigned_session_opens_nothing() -> None:
    claims = {"aud": "saldo:session", "sub": "widget-1", "language": "nl", "customer": "NL-1001", "exp": 9_999_999_999}
    assert unseal(KEY, jwt.encode(claims, None, algorithm="none")) is None  # type: ignore[arg-type]


def test_a_session_is_no_capability_and_a_capability_no_session() -> None:
    assert verify(KEY, seal(KEY, SESSION)) is None
    assert unseal(KEY, mint(KEY, "FI-2001")) is None


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "\udcff", "é.é.é", "a" * 10_000], ids=lambda text: ascii(text)[:12]
)
def test_what_is_no_token_opens_nothing(token: str) -> None:
    assert unseal(KEY, token) is None
