"""Whatever is brought as a token is refused by its own word, whatever its length, and never by a traceback."""

from __future__ import annotations

import base64
import json
from typing import Any

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.identity import LONGEST_TOKEN, verify
from saldo.web.auth.host_tokens import Host, Key, Refused
from saldo.web.auth.sessions import unseal
from tests.fault_table import Seen
from tests.fuzz.budget import is_quick, seconds

SECRET = "a secret of at least 32 characters"
HOST = Host({"shared": Key("HS256", SECRET)})
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_claims = st.dictionaries(
    st.sampled_from(["sub", "jti", "exp", "iat", "iss", "aud", "nbf", "level", "customer"]), _json
)
_headers = st.dictionaries(st.sampled_from(["kid", "alg", "typ", "crit", "b64", "jwk", "x5u"]), _json)


def encoded(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode("utf-8", "replace")).decode().rstrip("=")


def refused_by_all(token: str) -> None:
    assert verify(SECRET, token) is None
    assert unseal(SECRET, token) is None
    with pytest.raises(Refused):
        HOST.customer(token)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=300) | st.tuples(_headers, _claims).map(lambda two: f"{encoded(two[0])}.{encoded(two[1])}.AAAA")
)
def test_what_nobody_signed_is_refused(token: str) -> None:
    refused_by_all(token)


@settings(max_examples=200, deadline=None)
@given(
    _claims.map(lambda claims: {**claims, "sub": 1}),
    st.dictionaries(st.sampled_from(["typ", "cty"]), st.text(max_size=9)),
)
def test_what_is_signed_and_no_token_of_ours_is_refused(claims: dict[str, Any], headers: dict[str, Any]) -> None:
    """The key may sign other things, too: what they hold is not believed, whatever it is."""
    content = json.dumps(claims).encode("utf-8", "replace")
    refused_by_all(jwt.api_jws.encode(content, SECRET, algorithm="HS256", headers={**headers, "kid": "shared"}))


@pytest.mark.fault("a token of a megabyte", expected="refused before it is parsed")
def test_a_token_without_an_end_is_not_parsed(seen: Seen) -> None:
    token = jwt.encode({"sub": "x" * 1_000_000}, SECRET, algorithm="HS256", headers={"kid": "shared"})
    took = seconds(lambda: refused_by_all(token))
    seen(f"three verifiers refuse {len(token):,} characters in {took * 1000:.1f} ms; {LONGEST_TOKEN:,} are the most")
    assert is_quick(lambda: refused_by_all(token), 0.01)


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_a_header_nested_without_an_end_is_refused(opening: str) -> None:
    header = base64.urlsafe_b64encode((opening * 2000).encode())[:3000].decode()
    refused_by_all(f"{header}.e30.AAAA")
