"""The host application's JWT: believed only with the right key, for us, for a short time, and once."""

from __future__ import annotations

import base64
import json
import time
import uuid
from pathlib import Path
from typing import Any, NamedTuple

import jwt
import pytest

from saldo.errors import UnusableFile
from saldo.identity import SKEW
from saldo.web.auth.host_tokens import Host, Key, Refused, read_keys

ISSUER = "https://severa.example"
Pairs = dict[str, tuple[str, str, str]]


class In(NamedTuple):
    """A moment so many seconds from when the test runs; a time of collection would be another in each process."""

    seconds: int


@pytest.fixture
def host(host_keys: Pairs) -> Host:
    return Host({kid: Key(algorithm, key) for kid, (algorithm, _, key) in host_keys.items()}, ISSUER)


def claims(**changed: Any) -> dict[str, Any]:
    """Claims as they should be; a change to None leaves one out."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": "saldo", "sub": "NL-1001", "iat": now, "exp": now + 300, "jti": uuid.uuid4().hex}
    given = {name: now + value.seconds if isinstance(value, In) else value for name, value in changed.items()}
    return {name: value for name, value in {**good, **given}.items() if value is not None}


def signed(host_keys: Pairs, kid: str = "ed", **changed: Any) -> str:
    algorithm, key, _ = host_keys[kid]
    return jwt.encode(claims(**changed), key, algorithm=algorithm, headers={"kid": kid})


def unsigned_part(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("kid", ["ed", "rsa", "shared"])
def test_each_configured_key_vouches_for_a_customer(host: Host, host_keys: Pairs, kid: str) -> None:
    assert host.customer(signed(host_keys, kid)) == "NL-1001"


def test_a_token_is_good_once(host: Host, host_keys: Pairs) -> None:
    token = signed(host_keys)
    host.customer(token)
    with pytest.raises(Refused, match="used before"):
        host.customer(token)


def test_a_refused_token_does_not_use_up_its_name(host: Host, host_keys: Pairs) -> None:
    with pytest.raises(Refused):
        host.customer(signed(host_keys, jti="one", aud="somebody else"))
    assert host.customer(signed(host_keys, jti="one")) == "NL-1001"


@pytest.mark.parametrize(
    "changed",
    [
        {"aud": "another"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"sub": None},
        {"sub": 1001},
        {"sub": {"customer": "NL-1001"}},
        {"jti": None},
        {"jti": 7},
        {"exp": None},
        {"exp": In(-SKEW - 5)},
        {"exp": In(7200)},
        {"exp": "4102444800"},
        {"exp": float("inf")},
        {"exp": True},
        {"iat": None},
        {"iat": In(7200), "exp": In(7500)},
        {"iat": In(-600)},
        {"nbf": In(7200)},
    ],
    ids=lambda changed: ", ".join(f"{name} {value}" for name, value in changed.items())[:40],
)
def test_claims_that_are_not_as_they_should_be_are_refused(
    host: Host, host_keys: Pairs, changed: dict[str, Any]
) -> None:
    with pytest.raises(Refused, match=r"^identity: "):
        host.customer(signed(host_keys, **changed))


def test_clocks_may_differ_a_little(host: Host, host_keys: Pairs) -> None:
    now = int(time.time())
    assert host.customer(signed(host_keys, iat=now + SKEW - 10, exp=now + 300))
    assert host.customer(signed(host_keys, iat=now - 300, exp=now - SKEW + 10))


def test_no_algorithm_but_the_keys_own_is_accepted(host: Host, host_keys: Pairs) -> None:
    header = {"kid": "ed"}
    none = jwt.encode(claims(), None, algorithm="none", headers=header)  # type: ignore[arg-type]
    with pytest.raises(Refused):
        host.customer(none)
    with pytest.raises(Refused):
        host.customer(jwt.encode(claims(), host_keys["rsa"][1], algorithm="RS256", headers=header))


@pytest.mark.parametrize("kid", ["ed", "rsa"])
def test_a_public_key_is_no_shared_secret(host: Host, host_keys: Pairs, kid: str) -> None:
    """Key confusion: whoever signs HS256 with the public key, which everybody knows, is not believed."""
    import hashlib
    import hmac

    head = unsigned_part({"alg": "HS256", "typ": "JWT", "kid": kid})
    message = f"{head}.{unsigned_part(claims())}"
    mac = hmac.new(host_keys[kid][2].encode(), message.encode(), hashlib.sha256).digest()
    with pytest.raises(Refused):
        host.customer(f"{message}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}")


def test_the_key_of_another_is_refused(host: Host, host_keys: Pairs) -> None:
    token = jwt.encode(
        claims(), "another secret of 32 characters or more", algorithm="HS256", headers={"kid": "shared"}
    )
    with pytest.raises(Refused):
        host.customer(token)


@pytest.mark.parametrize("headers", [{}, {"kid": "unknown"}, {"kid": ""}], ids=str)
def test_a_token_without_a_known_key_is_refused(host: Host, host_keys: Pairs, headers: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="kid"):
        host.customer(jwt.encode(claims(), host_keys["ed"][1], algorithm="EdDSA", headers=headers))


@pytest.mark.parametrize(
    "token", ["", "a", "a.b.c", "....", "\ud800.a.b", "é", "[" * 5000, "None"], ids=lambda text: ascii(text)[:12]
)
def test_what_is_no_token_is_refused(host: Host, token: str) -> None:
    with pytest.raises(Refused):
        host.customer(token)


def test_a_deeply_nested_header_is_refused(host: Host) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 100_000).rstrip(b"=").decode()
    with pytest.raises(Refused):
        host.customer(f"{deep}.{deep}.")


def test_a_key_is_rotated_without_a_gap(host_keys: Pairs) -> None:
    """The new key stands beside the old one, then alone; a token of the old one is worthless from then on."""
    old, new = (Key(host_keys[kid][0], host_keys[kid][2]) for kid in ("ed", "rsa"))
    both, after = Host({"ed": old, "rsa": new}, ISSUER), Host({"rsa": new}, ISSUER)
    assert both.customer(signed(host_keys, "ed")) == both.customer(signed(host_keys, "rsa")) == "NL-1001"
    assert after.customer(signed(host_keys, "rsa")) == "NL-1001"
    with pytest.raises(Refused, match="kid"):
        after.customer(signed(host_keys, "ed"))


def test_a_key_is_known_by_its_kid_alone(host_keys: Pairs) -> None:
    """Another known key's name on a token does not help: each is checked with the key it names."""
    algorithm, private, _ = host_keys["ed"]
    swapped = jwt.encode(claims(), private, algorithm=algorithm, headers={"kid": "rsa"})
    hosts = {kid: Key(name, key) for kid, (name, _, key) in host_keys.items()}
    with pytest.raises(Refused):
        Host(hosts, ISSUER).customer(swapped)


@pytest.mark.parametrize(("late", "believed"), [(SKEW - 3, True), (SKEW + 3, False)])
def test_the_clocks_may_differ_by_thirty_seconds_and_no_more(
    host: Host, host_keys: Pairs, late: int, believed: bool
) -> None:
    now = int(time.time())
    for changed in ({"iat": now - 300, "exp": now - late}, {"iat": now + late, "exp": now + 300}):
        token = signed(host_keys, **changed)  # type: ignore[arg-type]
        if believed:
            assert host.customer(token) == "NL-1001"
        else:
            with pytest.raises(Refused):
                host.customer(token)


def test_without_an_issuer_in_the_settings_any_is_accepted(host_keys: Pairs) -> None:
    algorithm, _, key = host_keys["ed"]
    assert Host({"ed": Key(algorithm, key)}).customer(signed(host_keys, iss="anybody")) == "NL-1001"


def test_without_keys_nobody_is_believed(host_keys: Pairs) -> None:
    with pytest.raises(Refused, match="kid"):
        Host({}).customer(signed(host_keys))


def test_keys_are_read_from_a_file(tmp_path: Path, host_keys: Pairs) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({kid: {"algorithm": name, "key": key} for kid, (name, _, key) in host_keys.items()}))
    assert read_keys(file) == {kid: Key(name, key) for kid, (name, _, key) in host_keys.items()}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("no JSON", "should be JSON"),
        ("[]", "should be JSON"),
        ('{"a": "secret"}', "should be JSON"),
        ('{"a": {"algorithm": "EdDSA"}}', "should be JSON"),
        ('{"a": {"algorithm": "none", "key": ""}}', "must be one of EdDSA, RS256, HS256"),
        ('{"a": {"algorithm": "EdDSA", "key": "no key"}}', "key 'a' is no key for EdDSA"),
        ('{"a": {"algorithm": "RS256", "key": "no key"}}', "key 'a' is no key for RS256"),
        ('{"a": {"algorithm": "HS256", "key": "short"}}', "key 'a' is no key for HS256"),
        ('{"a": {"algorithm": "HS256", "key": 12345678901234567890123456789012}}', "key 'a' is no key for HS256"),
    ],
)
def test_keys_that_cannot_be_used_are_told_when_they_are_read(tmp_path: Path, content: str, told: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(content)
    with pytest.raises(UnusableFile) as refused:
        read_keys(file)
    assert str(refused.value).startswith(f"{file}: ")
    assert told in str(refused.value)


def test_the_key_of_one_algorithm_is_none_of_another(tmp_path: Path, host_keys: Pairs) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"ed": {"algorithm": "RS256", "key": host_keys["ed"][2]}}))
    with pytest.raises(UnusableFile, match="no key for RS256"):
        read_keys(file)
