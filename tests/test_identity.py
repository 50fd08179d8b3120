"""Only a capability that a channel signed, for figures and a moment ago, names a customer. Nothing else ever does."""

from __future__ import annotations

import base64
import json
import multiprocessing
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jwt
import pytest

from saldo.errors import UnusableFile
from saldo.identity import AUDIENCE, LIFETIME, Capability, derived, key_of, mint, verify
from saldo.settings import Settings
from saldo.web.auth.sessions import Session, seal

KEY = "k" * 64


def signed(key: str = KEY, algorithm: str = "HS256", **changes: Any) -> str:
    """A capability for NL-1001 with some claims changed; None takes a claim away."""
    now = int(time.time())
    claims = {"aud": AUDIENCE, "sub": "NL-1001", "level": "verified", "iat": now, "exp": now + 60, **changes}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=algorithm)


def unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    parts = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, claims))
    return ".".join([*parts, ""])


def test_what_was_minted_names_its_customer_until_it_expires() -> None:
    now = time.time()
    assert verify(KEY, mint(KEY, "NL-1001", now=now)) == Capability("NL-1001", "verified", int(now) + LIFETIME)


def test_a_capability_lasts_longer_than_a_turn_and_far_shorter_than_a_conversation() -> None:
    assert 60 <= LIFETIME <= 600


def spliced(claims: str, signature: str) -> str:
    """A token with the claims of one and the signature of another."""
    return ".".join([*claims.split(".")[:2], signature.split(".")[2]])


def refused() -> dict[str, object]:
    """Tokens that grant nothing, by what is wrong with them. Made when asked, so that only the named one is expired."""
    now = time.time()
    return {
        "expired": mint(KEY, "NL-1001", now=now - LIFETIME - 60),
        "signed with another key": mint("x" * 43, "NL-1001"),
        "not signed": unsigned(
            {"alg": "none"}, {"aud": AUDIENCE, "sub": "NL-1001", "level": "verified", "exp": now + 60}
        ),
        "another algorithm": signed(algorithm="HS512"),
        "a session token": seal(KEY, Session("widget-1", "nl", "NL-1001")),
        "for another audience": signed(aud="saldo"),
        "for no audience": signed(aud=None),
        "without an end": signed(exp=None),
        "without a customer": signed(sub=None),
        "not verified": signed(level="claimed"),
        "without a level": signed(level=None),
        "another customer pasted in": spliced(mint("x" * 43, "NL-1002"), mint(KEY, "NL-1001")),
        "a customer's id": "NL-1001",
        "the claims themselves": {"sub": "NL-1001", "level": "verified"},
        "bytes": mint(KEY, "NL-1001").encode(),
        "nothing": None,
        "empty": "",
        "a number": 1001,
        "no text at all": "\ud800",
        "JSON without an end": base64.urlsafe_b64encode(b"[" * 9000).decode() + ".e30.e30",
    }


@pytest.mark.parametrize("wrong", refused())
def test_everything_else_grants_nothing(wrong: str) -> None:
    assert verify(KEY, refused()[wrong]) is None


def test_the_same_token_with_nothing_wrong_is_accepted() -> None:
    assert verify(KEY, signed()) is not None


def test_the_secret_of_the_settings_is_the_key(tmp_path: Path) -> None:
    assert key_of(Settings(home=tmp_path, secret=KEY)) == KEY
    assert not (tmp_path / "var").exists()


def test_the_key_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    key = key_of(Settings(home=tmp_path))
    assert len(key) >= 43
    assert stat.S_IMODE((tmp_path / "var/key").stat().st_mode) == 0o600
    assert key_of(Settings(home=tmp_path)) == key
    assert key_of(Settings(home=tmp_path / "elsewhere")) != key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o620])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    key_of(Settings(home=tmp_path))
    (tmp_path / "var/key").chmod(mode)
    with pytest.raises(UnusableFile, match=r"var/key: others can read this key; run `chmod 600` on it"):
        key_of(Settings(home=tmp_path))


@pytest.mark.parametrize("content", ["", "short", "\n" * 60])
def test_a_key_that_could_be_guessed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr("saldo.identity.TRIES", 2)
    write_key(tmp_path, content)
    with pytest.raises(UnusableFile, match="shorter than 32 characters; delete it to get a new one"):
        key_of(Settings(home=tmp_path))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file in the folder's place")
    with pytest.raises(UnusableFile, match="var/key: this key cannot be used"):
        key_of(Settings(home=tmp_path))


def test_a_key_that_is_still_being_written_is_waited_for(tmp_path: Path) -> None:
    write_key(tmp_path, "")
    writer = threading.Timer(0.1, write_key, (tmp_path, KEY))
    writer.start()
    assert key_of(Settings(home=tmp_path)) == KEY
    writer.join()


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    together, keys = fork.Barrier(4), fork.SimpleQueue()
    racers = [fork.Process(target=race, args=(together.wait, tmp_path, keys.put)) for _ in range(4)]
    for racer in racers:
        racer.start()
    found = {keys.get() for _ in racers}
    for racer in racers:
        racer.join()
    assert found == {key_of(Settings(home=tmp_path))}


def race(wait: Callable[[], int], home: Path, finding: Callable[[str], None]) -> None:
    wait()
    finding(key_of(Settings(home=home)))


def write_key(home: Path, content: str) -> None:
    """A key file of that content, as its owner would have it."""
    (home / "var").mkdir(exist_ok=True)
    (home / "var/key").touch(0o600)
    (home / "var/key").write_text(content)


def test_what_is_derived_of_a_key_stays_the_same() -> None:
    """Receipts of erasures that were kept go by it."""
    assert derived("k" * 40, "demo") == "6ad653025a4fcfc2b4aa3abf352e469d84ca23732b0aa74423549e1e046ae3e8"
    assert derived("k" * 40, "erased:c1") == "ab5f8a490418680edfc5332bb8233598851673520ff3a550378bb8776e0de8b8"
