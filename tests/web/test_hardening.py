"""Ten thousand random requests: none yields a figure, a 500 or a hang. SALDO_RANDOM_REQUESTS=200000 asks more."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serving import Server
from tests.support import Caller
from tests.web.random_requests import Asked, requests, several

pytestmark = pytest.mark.long

ALL = int(os.environ.get("SALDO_RANDOM_REQUESTS", "10000"))
AT_ONCE = 10
"""Requests that are made of one of Hypothesis's, so that making them takes less time than answering them."""
HANG_SECONDS = 10
INVOICE = re.compile(rb"\b20\d\d-\d{4}\b")
FINE = {200, 201, 204, 302, 400, 401, 403, 404, 405, 413, 415}
CUSTOMER = "NL-1002"


@dataclass
class Line:
    """One connection that stays open, and the two sessions that are spoken in on it."""

    caller: Caller
    sent: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection("127.0.0.1", self.caller.port, timeout=HANG_SECONDS)
        self.own = set(INVOICE.findall(self.caller.post("/messages", {"text": "factuur"}, self.signed_in()).body))

    def signed_in(self) -> str:
        """A session of the customer's."""
        identity = self.caller.post("/demo/identity", {"customer": CUSTOMER}).json()["identity"]
        return self.caller.begin(identity=identity)

    def begin_anew(self) -> None:
        """Fresh sessions: long ones take longer, and random requests may have signed out of them."""
        self.tokens = {"nobody's": self.caller.begin(), "customer's": self.signed_in()}

    def ask(self, asked: Asked) -> None:
        """Send one request and look at its reply with suspicion."""
        if self.sent % 500 == 0:
            self.begin_anew()
        self.sent += 1
        self.connection.request(asked.method, f"/webhooks/widget{asked.path}", asked.body, self.headers(asked))
        reply = self.connection.getresponse()
        content = reply.read()
        self.statuses[reply.status] = self.statuses.get(reply.status, 0) + 1
        assert reply.status in FINE, (reply.status, content)
        if reply.status >= 400 and asked.method != "OPTIONS":
            assert reply.getheader("content-type") == "application/problem+json"
        self.has_no_figure(asked, content)

    def has_no_figure(self, asked: Asked, content: bytes) -> None:
        """Nothing of a customer's in the reply, unless it is the customer's own session or was said in the request."""
        if asked.bearer != "customer's":
            assert b'"type":"facts"' not in content
            assert set(INVOICE.findall(content)) <= set(INVOICE.findall(asked.body or b""))

    def headers(self, asked: Asked) -> dict[str, str | bytes]:
        """The headers of a request; what a client library would not let pass is sent as it is."""
        given = {"Authorization": self.bearer(asked), "Content-Type": asked.kind, "Origin": asked.origin}
        return {name: value.encode("latin-1") for name, value in given.items() if value}

    def bearer(self, asked: Asked) -> str | None:
        if asked.bearer == "none":
            return None
        if asked.bearer == "noise":
            return f"Bearer {asked.noise}"
        if asked.bearer == "mutated":
            token, place = self.tokens["customer's"], len(asked.noise) * 3
            return f"Bearer {token[:place]}{'A' if token[place] != 'A' else 'B'}{token[place + 1 :]}"
        return f"Bearer {self.tokens[asked.bearer]}"


@pytest.fixture
def line(bot_server: Server) -> Iterator[Line]:
    line = Line(Caller(bot_server.port, "127.0.0.1"))
    yield line
    line.connection.close()


def test_random_requests_yield_no_figure_no_500_and_no_hang(line: Line, bot_server: Server) -> None:
    @settings(max_examples=ALL // AT_ONCE, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(requests, st.integers(0, 2**32))
    def send(first: Asked, seed: int) -> None:
        for asked in several(first, seed, AT_ONCE):
            line.ask(asked)

    send()
    print(line.statuses)
    assert line.sent >= ALL
    assert line.statuses[200] > ALL / 100  # some of them were understood
    assert line.caller.get("/health").status == 200
    assert "Traceback" not in bot_server.said()
    assert "failed" not in bot_server.said()
