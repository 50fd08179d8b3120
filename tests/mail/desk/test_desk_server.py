"""The desk answers this machine, whoever knows the token, and its own page; nobody else."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from tests.mail.desk.hands import DeskServer
from tests.mail.desk.worker import TOKEN

BEARER = f"Bearer {TOKEN}"


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer ", f"Basic {TOKEN[:-1]}"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/api/queue"), ("GET", "/api/words"), ("GET", "/api/draft"), ("POST", "/api/state")]
)
def test_nothing_is_told_without_the_token(served: DeskServer, method: str, path: str, authorization: str) -> None:
    reply = served.call(method, path, {} if method == "POST" else None, Authorization=authorization)
    assert reply.status == 401
    assert b"Over" not in reply.body


def test_the_page_itself_holds_no_mail_and_no_token(served: DeskServer) -> None:
    page = served.call("GET", "/").body.decode()
    assert "Over question" not in page and TOKEN not in page


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1.evil.example", "[::1]", ""]
)
@pytest.mark.parametrize("path", ["/", "/desk.js", "/api/queue"])
def test_another_name_for_this_machine_is_refused(served: DeskServer, host: str, path: str) -> None:
    reply = served.call("GET", path, Host=host, Authorization=BEARER)
    assert reply.status in (400, 421), reply
    assert b"<title>" not in reply.body and b"rows" not in reply.body


def test_its_own_names_are_good(served: DeskServer) -> None:
    for host in ("127.0.0.1", "localhost"):
        assert served.call("GET", "/", Host=f"{host}:{served.port}").status == 200


def test_another_page_is_refused_even_with_the_token(served: DeskServer) -> None:
    for origin in ("http://evil.example", "null", f"http://127.0.0.1:{served.port + 1}"):
        assert served.call("GET", "/api/queue", Authorization=BEARER, Origin=origin).status == 403
    own = f"http://127.0.0.1:{served.port}"
    assert served.call("GET", "/api/queue", Authorization=BEARER, Origin=own).status == 200


def test_every_reply_carries_the_policy(served: DeskServer) -> None:
    for path in ("/", "/desk.css", "/api/queue", "/nowhere"):
        headers = served.call("GET", path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert "frame-ancestors 'none'" in policy and "require-trusted-types-for 'script'" in policy
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


def test_the_page_has_no_script_or_style_of_its_own(served: DeskServer) -> None:
    page = served.call("GET", "/").body.decode()
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=|https?:", page)


def test_it_listens_on_this_machine_alone(served: DeskServer) -> None:
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    found = [each[1] for each in listening if each[3] == "0A" and each[1].endswith(f":{served.port:04X}")]
    assert found == [f"0100007F:{served.port:04X}"]


@pytest.mark.parametrize("stem", ["../claims", "../../etc/passwd", "/etc/passwd", "question", "", "%2e%2e/claims", "*"])
def test_no_name_leads_out_of_the_folder(served: DeskServer, stem: str) -> None:
    for reply in (
        served.call("GET", f"/api/mail?mail={stem}", Authorization=BEARER),
        served.call("GET", f"/api/draft?mail={stem}", Authorization=BEARER),
        served.tried("state", mail=stem, state="handled"),
    ):
        assert reply.status == 404, reply.body


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("state", {"mail": 3, "state": "handled"}),
        ("state", {"mail": "x", "state": "in_drafts"}),
        ("state", {"mail": "x", "state": "gone"}),
        ("letter", {"mail": "x", "text": None, "revision": ""}),
        ("topics", {"mail": "x", "topics": "cancel_service", "revision": ""}),
        ("topics", {"mail": "x", "topics": [1], "revision": ""}),
        ("topics", {"mail": "x", "topics": ["a"] * 51, "revision": ""}),
        ("state", []),
        ("state", b"{"),
        ("state", b"[" * 100_000),
    ],
)
def test_what_makes_no_sense_is_a_problem(served: DeskServer, name: str, body: object) -> None:
    reply = served.call("POST", f"/api/{name}", body, Authorization=BEARER)
    assert reply.status == 400
    assert json.loads(reply.body)["status"] == 400


def test_too_much_is_refused(served: DeskServer) -> None:
    reply = served.call("POST", "/api/state", b"x" * 1_100_000, Authorization=BEARER)
    assert reply.status == 413


def test_only_its_owner_reads_what_is_written(served: DeskServer) -> None:
    mail = served.mail("question")
    served.tell("letter", mail=mail["stem"], text="Beste Aino,\n\nDat kan.", revision=mail["revision"])
    served.tell("topics", mail=mail["stem"], topics=["paid_twice"], revision=served.mail("question")["revision"])
    served.tell("state", mail=mail["stem"], state="handled")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in served.folder.iterdir()}
    assert any(name.endswith(".desk.json") for name in modes) and any(name.endswith(".first") for name in modes)
    assert {*modes.values()} == {0o600}
