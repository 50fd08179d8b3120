"""`POST /mail/draft` on a real socket: who may call, what comes back, and how every mistake ends."""

from __future__ import annotations

import json
import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saldo.mail.helpdesk.signing import timed_signature
from tests.mail.helpdesk.conftest import SECRET, MailServer
from tests.mail.mails import CONTACT, PROVEN, mail_bytes

ASKING = {"from": "Piet <piet@klant.example>", "subject": "Contract", "text": "Hoe kan ik opzeggen?"}


def signed(body: bytes, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    """The headers of a signed call."""
    timestamp = str(int(time.time() if at is None else at))
    signature = timed_signature(secret, timestamp, body)
    return {"X-Saldo-Timestamp": timestamp, "X-Saldo-Signature": signature, "Content-Type": "application/json"}


def test_a_mail_goes_in_and_its_draft_and_review_come_back(served: MailServer) -> None:
    reply = served.draft(mail_bytes("Miten irtisanon palvelun?", authentication_results=PROVEN))
    assert reply.status == 200
    body = reply.json()
    assert set(body) == {"draft", "review", "note"}
    draft, review = body["draft"], body["review"]
    assert draft["to"] == f"Aino Ahovaara <{CONTACT}>"
    assert draft["subject"] == "Re: Lasku"
    assert draft["text"].startswith("Hei Aino,\n") and "\r" not in draft["text"]
    assert "<p" in draft["html"]
    assert (review["identity"], review["outcome"], review["language"]) == ("authenticated", "draft", "fi")
    assert [each["topic"] for each in review["questions"]] == ["cancel_service"]
    assert body["note"].startswith("Saldo on luonnostellut vastauksen.")
    assert reply.headers["cache-control"] == "no-store"


def test_a_mail_for_a_person_has_a_review_and_no_draft(served: MailServer) -> None:
    body = served.draft({**ASKING, "text": "Wat kost een kameel?"}).json()
    assert body["draft"] is None
    assert body["review"]["outcome"] == "person"
    assert body["note"].startswith("Hier moet eerst een collega naar kijken.\nReden: de kennisbank heeft geen antwoord")


@pytest.mark.parametrize(
    ("found", "level"),
    [(PROVEN, "authenticated"), (None, "known"), (PROVEN.replace("mx.saldo", "mx.other"), "known")],
)
def test_a_mail_as_it_came_proves_what_our_own_server_says(served: MailServer, found: str | None, level: str) -> None:
    assert served.draft(mail_bytes(authentication_results=found)).json()["review"]["identity"] == level


@pytest.mark.parametrize("name", ["authentication_results", "Authentication-Results", "headers", "arc_authentication"])
def test_json_proves_nobody_whatever_it_says(served: MailServer, name: str) -> None:
    proof: Any = {"Authentication-Results": PROVEN} if name == "headers" else PROVEN
    mail = {"from": CONTACT, "subject": "Lasku", "text": "Miten irtisanon palvelun?", name: proof}
    smuggled = {
        **mail,
        "subject": f"Lasku\r\nAuthentication-Results: {PROVEN}",
        "date": f"x\nAuthentication-Results: {PROVEN}",
    }
    for each in (mail, smuggled):
        review = served.draft(each).json()["review"]
        assert (review["identity"], review["facts"]) == ("known", [])
    if name == "authentication_results":
        assert any("only in the mail as it came" in note for note in review["notes"])


def test_the_same_mail_gets_the_same_draft_again(served: MailServer) -> None:
    mail = {
        **ASKING,
        "html": "<p>Hoe kan ik opzeggen?</p>",
        "date": "2026-11-02T10:12:00Z",
        "message_id": "a1@klant.example",
    }
    first, second = served.draft(mail).json(), served.draft(mail).json()
    assert first == second
    assert first["review"]["message_id"] == "<a1@klant.example>"


def test_what_came_with_it_is_told(served: MailServer) -> None:
    attached = [{"name": "bank.pdf", "type": "application/pdf", "bytes": 1234}]
    body = served.draft({**ASKING, "attachments": attached}).json()
    assert body["review"]["attachments"] == attached
    assert body["review"]["risks"] == ["unread_attachment"]
    assert "Bijlagen: bank.pdf" in body["note"] and "bijlage niet gelezen" in body["note"]


def test_an_automatic_reply_is_skipped(served: MailServer) -> None:
    assert served.draft({**ASKING, "automatic": True}).json()["review"]["skipped"].startswith("automatic message")


def test_a_sender_gets_so_many_drafts_a_day_and_a_mail_again_is_no_more(served: MailServer) -> None:
    mails = [{**ASKING, "from": "robot@x.example", "text": f"Hoe kan ik opzeggen? {number}"} for number in range(6)]
    for _ in range(2):
        outcomes = [served.draft(mail).json()["review"]["outcome"] for mail in mails]
        assert outcomes == ["draft"] * 5 + ["person"]


def test_whoever_signs_need_not_show_the_secret(served: MailServer) -> None:
    body = json.dumps(ASKING).encode()
    assert served.call("POST", "/mail/draft", body, signed(body)).status == 200


def test_a_signed_call_is_good_once(served: MailServer) -> None:
    body = json.dumps({**ASKING, "text": "Hoe kan ik eenmaal opzeggen?"}).encode()
    headers = signed(body)
    assert served.call("POST", "/mail/draft", body, headers).status == 200
    again = served.call("POST", "/mail/draft", body, headers)
    assert again.is_problem(401) and "used before" in again.json()["detail"]


@pytest.mark.parametrize("seconds", [-301, 301, -10_000_000])
def test_a_signed_call_is_good_for_some_minutes(served: MailServer, seconds: int) -> None:
    body = json.dumps(ASKING).encode()
    assert served.call("POST", "/mail/draft", body, signed(body, time.time() + seconds)).is_problem(401)


def test_strangers_are_refused(served: MailServer) -> None:
    body = json.dumps(ASKING).encode()
    right = signed(body)
    later = {**right, "X-Saldo-Timestamp": str(int(right["X-Saldo-Timestamp"]) + 1)}
    strangers = [
        {}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {SECRET}x"},
        {"Authorization": f"Bearer {SECRET[:-1]}"},
        {"Authorization": f"Basic {SECRET}"}, signed(body, secret="x" * 40), signed(b"{}"), later,
        {**right, "X-Saldo-Timestamp": "now"}, {**right, "X-Saldo-Signature": "sha256=é"},
        {name: value for name, value in right.items() if name != "X-Saldo-Timestamp"},
    ]  # fmt: skip
    for headers in strangers:
        reply = served.call("POST", "/mail/draft", body, {"Content-Type": "application/json", **headers})
        assert reply.is_problem(401), headers
        assert reply.headers["www-authenticate"] == "Bearer"


def test_mistakes_are_told_as_problems(served: MailServer) -> None:
    cases: list[tuple[int, Any, str]] = [
        (415, b"x", "text/plain"), (415, b"x", ""), (400, b"", "message/rfc822"), (400, b"\r\n\r\n", "message/rfc822"),
        (400, b"no mail at all", "message/rfc822"), (400, b"{", "application/json"), (400, b"[]", "application/json"),
        (400, b"[" * 100_000, "application/json"), (400, {"from": "a@b.example"}, "application/json"),
        (400, {"from": "", "text": "x"}, "application/json"), (400, {"from": 3, "text": "x"}, "application/json"),
        (400, {"from": "a@b.example", "text": ["x"]}, "application/json"),
        (400, {**ASKING, "attachments": [{}] * 101}, "application/json"),
        (413, {**ASKING, "text": "x" * 2_000_001}, "application/json"),
    ]  # fmt: skip
    for status, body, kind in cases:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": kind, "Authorization": f"Bearer {SECRET}"}
        reply = served.call("POST", "/mail/draft", data, headers)
        assert reply.is_problem(status), (status, reply)
    too_large = {"Content-Type": "message/rfc822", "Content-Length": "30000001"}
    assert served.call("POST", "/mail/draft", headers=too_large).is_problem(413)
    assert served.call("GET", "/mail/draft").is_problem(405)
    assert served.call("GET", "/").is_problem(404)
    assert "Traceback" not in served.said()


def test_only_its_own_names_are_answered(served: MailServer) -> None:
    for host, status in {
        "evil.example": 403, "saldo.internal": 200, "saldo.internal:5006": 200, "LOCALHOST:1": 200, "[::1]:5006": 200,
        "127.0.0.1.evil.example": 403, "": 403,
    }.items():  # fmt: skip
        assert served.call("GET", "/mail/live", headers={"Host": host}).status in (status, 400 if not host else status)


def test_many_at_once_are_each_answered_and_the_server_stays_awake(served: MailServer) -> None:
    def one(number: int) -> tuple[int, str]:
        sender = f"klant{number}@klant.example"
        body = served.draft(
            {**ASKING, "from": sender, "text": "Hoe kan ik opzeggen?" if number % 2 else "Kameel?"}
        ).json()
        return number, f"{body['review']['from']} {body['review']['outcome']}"

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(one, range(60)))
    assert found == [(n, f"klant{n}@klant.example {'draft' if n % 2 else 'person'}") for n in range(60)]


def test_a_mail_that_takes_long_keeps_nobody_waiting(served: MailServer) -> None:
    """Its parts take seconds to read; meanwhile whoever asks whether the server lives is told."""
    part = b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<div>Miten irtisanon palvelun?</div>" * 13_000 + b"\r\n"
    heavy = mail_bytes(raw=part * 12 + b"--b--\r\n", content_type="multipart/mixed; boundary=b")
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(served.draft, heavy)
        longest = 0.0
        count = 0
        while not slow.done():
            begun = time.monotonic()
            assert served.call("GET", "/mail/live").status == 200
            longest, count = max(longest, time.monotonic() - begun), count + 1
            time.sleep(0.02)
        assert slow.result().status == 200
    assert count > 5 and longest < 5


def test_a_fault_of_ours_is_a_review_and_never_a_traceback(served: MailServer) -> None:
    body = served.draft({**ASKING, "text": "Hoe kan ik struikelen?"}).json()
    assert body["draft"] is None
    assert body["review"]["outcome_reason"].startswith("could not be drafted (KeyError in mails.py")
    assert "Traceback" not in served.said() and "struikel" not in served.said()


def test_health_tells_whether_a_mail_can_be_drafted(served: MailServer) -> None:
    if not served.database.startswith("sqlite"):
        pytest.skip("the database is taken away only where it is a file")
    assert served.call("GET", "/mail/health").json() == {"status": "ok"}
    database, aside = Path(served.database[10:]), Path(f"{served.database[10:]}.aside")
    os.rename(database, aside)  # noqa: PTH104
    try:
        assert served.call("GET", "/mail/health").is_problem(503)
        reply = served.draft(ASKING)
        assert reply.is_problem(503) and str(database) not in reply.json()["detail"]
        assert served.call("GET", "/mail/live").status == 200
    finally:
        os.rename(aside, database)  # noqa: PTH104
    assert served.draft(ASKING).status == 200
    assert stat.S_ISREG(database.stat().st_mode)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FIELDS = ("from", "subject", "text", "html", "to", "cc", "reply_to", "date", "message_id", "in_reply_to", "attachments")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), JSON | st.text(max_size=60)), st.binary(max_size=200))
def test_whatever_is_handed_in_is_answered(served: MailServer, fields: dict[str, Any], raw: bytes) -> None:
    for mail in ({"from": "a@b.example", "text": "x", **fields}, raw):
        reply = served.draft(mail)
        assert reply.status in (200, 400, 413), reply
        assert reply.status == 200 or reply.is_problem(reply.status)
