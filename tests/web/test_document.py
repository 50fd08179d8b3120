"""Every operation of docs/openapi.yml is asked of the server, and what it answers is what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.support import CHECKOUT, Caller, Reply

DOCUMENT: dict[str, Any] = yaml.safe_load((CHECKOUT / "docs" / "openapi.yml").read_text(encoding="utf-8"))
OPERATIONS = sorted((path, method) for path, methods in DOCUMENT["paths"].items() for method in methods)
QUESTION = {"text": "Hoe zeg ik Severa op?"}
UNKNOWN = "f" * 32


@dataclass
class Asked:
    """The operations that were asked, and whether each reply stands in the document."""

    calls: Caller
    seen: set[tuple[str, str, int]] = field(default_factory=set)

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None, **headers: str) -> Reply:
        reply = self.calls.call(method.upper(), path, body, token, headers=headers)
        named = path.partition("?")[0].replace("/nl", "/{language}").replace("/sv", "/{language}")
        described = DOCUMENT["paths"][named][method]["responses"]
        assert str(reply.status) in described, (method, path, reply.status)
        self._fits(reply, _resolved(described[str(reply.status)]))
        self.seen.add((named, method, reply.status))
        return reply

    def _fits(self, reply: Reply, described: dict[str, Any]) -> None:
        for name in described.get("headers", ()):
            assert name.lower() in reply.headers
        if content := described.get("content"):
            ((kind, shape),) = content.items()
            assert reply.headers["content-type"] == kind
            Draft202012Validator({**shape["schema"], "components": DOCUMENT["components"]}).validate(reply.json())
        else:
            assert not reply.body


@pytest.fixture
def asked(caller: Caller) -> Iterator[Asked]:
    yield Asked(caller)


def _resolved(described: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in described:
        return described
    *_, kind, name = described["$ref"].split("/")
    return dict(DOCUMENT["components"][kind][name])


def test_what_is_answered_is_what_is_written(asked: Asked) -> None:
    """Each operation as it is meant, as a stranger's, and under another server's name."""
    session = str(asked.ask("post", "/session", {"language": "nl"}).json()["session"])
    answer = asked.ask("post", "/messages", QUESTION, session).json()["messages"][0]
    asked.ask("get", "/messages?after=0&language=fi", token=session)
    asked.ask("post", "/feedback", {"message": answer["id"], "helpful": True}, session)
    asked.ask("post", "/feedback", {"message": UNKNOWN, "helpful": True}, session)
    asked.ask("get", "/handover", token=session)
    asked.ask("post", "/handover", {"email": "anna@voorbeeld.example"}, session)
    asked.ask("get", "/words/nl")
    asked.ask("get", "/words/sv")
    asked.ask("get", "/health")
    asked.ask("get", "/live")
    asked.ask("delete", "/session", token=session)
    asked.ask("post", "/session", {"identity": "no token"})
    assert {(path, method) for path, method, _ in asked.seen} == set(OPERATIONS)
    for path, method in OPERATIONS:
        where = path.replace("{language}", "nl")
        body: dict[str, Any] | None = {} if method == "post" else None
        asked.ask(method, where, body, session, Origin="https://evil.example")
        if "421" in DOCUMENT["paths"][path][method]["responses"]:
            assert asked.ask(method, where, body, session, Host="evil.example").status == 421
        if DOCUMENT["paths"][path][method].get("security") == [{"session": []}]:
            assert asked.ask(method, where, body, "a.b.c").status == 401
        if method == "post":
            assert asked.ask(method, where, b"{", session).status in (400, 401)
