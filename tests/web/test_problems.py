"""Every error is application/problem+json and says what would be right."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.fault_table import Seen
from tests.support import Caller


@pytest.mark.parametrize("path", ["/session", "/messages"])
@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"1",
        b"\xff\xfe",
        b"[" * 10_000,
        b'{"a":' * 999 + b"1" + b"}" * 999,
        b'{"text": "a',
    ],
)
def test_a_body_that_is_no_json_object_is_400(caller: Caller, path: str, body: bytes) -> None:
    token = caller.begin()
    assert caller.call("POST", path, body, token).is_problem(400)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_of_another_type_is_415(caller: Caller, kind: str) -> None:
    assert caller.call("POST", "/session", b'{"language": "nl"}', content_type=kind).is_problem(415)


@pytest.mark.parametrize("body", [{"language": "sv"}, {"language": 1}, {"language": []}], ids=str)
def test_a_language_that_is_not_spoken_is_400(caller: Caller, body: Any) -> None:
    assert caller.post("/session", body).is_problem(400)


@pytest.mark.parametrize("text", [1, True, ["ok"], {"text": "ok"}], ids=str)
def test_a_text_that_is_no_text_is_400(caller: Caller, text: Any) -> None:
    assert caller.post("/messages", {"text": text}, caller.begin()).is_problem(400)


@pytest.mark.fault("a body of more bytes than any message has", expected="413, and it is not read as JSON")
def test_a_body_without_end_is_413(caller: Caller, seen: Seen) -> None:
    body = json.dumps({"text": "a" * 1_000_000}).encode()
    assert caller.call("POST", "/messages", body, caller.begin()).is_problem(413)
    seen(f"{len(body):,} bytes: 413")


@pytest.mark.parametrize(
    "path", ["/nothing", "/nothing.js", "/words/sv", "/session/1", "/../settings.py", "/%2e%2e/office.py"]
)
def test_a_path_that_leads_nowhere_is_404(caller: Caller, path: str) -> None:
    assert caller.get(path).is_problem(404)


@pytest.mark.parametrize(("method", "path"), [("PUT", "/session"), ("GET", "/session"), ("PATCH", "/messages")])
def test_a_method_that_is_not_offered_is_405(caller: Caller, method: str, path: str) -> None:
    assert caller.call(method, path).is_problem(405)


def test_a_problem_tells_nothing_of_the_inside(caller: Caller) -> None:
    for reply in (
        caller.get("/nothing"),
        caller.post("/messages", {"text": 1}),
        caller.call("POST", "/session", b"{"),
    ):
        assert not any(word in reply.body for word in (b"Traceback", b".py", b"sanic", b"rasa"))
