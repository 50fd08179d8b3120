"""What the contract has beyond its first version: feedback, message ids, renewal, signing out, origins, language."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection, HTTPResponse
from typing import Any

import pytest

from tests.support import TODAY, Caller
from tests.waiting import DEADLINE

HOUR = timedelta(hours=1)
QUESTION = {"text": "Hoe zeg ik Severa op?", "id": "message-0001"}


def test_the_same_message_again_gets_the_same_answer_again(caller: Caller) -> None:
    session = caller.begin()
    first, again = (caller.post("/messages", QUESTION, session) for _ in range(2))
    assert first.json() == again.json()
    assert len(caller.get("/messages?after=0", session).json()["messages"]) == 2


def test_a_replay_has_the_greeting_and_the_verdicts(caller: Caller) -> None:
    begun = caller.post("/session", {"language": "nl"}).json()
    session = begun["session"]
    message = caller.post("/messages", QUESTION, session).json()["messages"][0]
    assert caller.post("/feedback", {"message": message["id"], "helpful": True}, session).status == 204
    replay = caller.get("/messages?after=0&language=fi", session).json()
    assert replay["messages"][1]["helpful"] is True
    assert (replay["greeting"]["id"], replay["greeting"]["language"]) == (begun["messages"][0]["id"], "fi")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"message": "nobody's", "helpful": True}, 404),
        ({"message": 1, "helpful": True}, 400),
        ({"message": "m", "helpful": "yes"}, 400),
        ({"message": "m", "helpful": True, "comment": []}, 400),
        ({"message": "m", "helpful": True, "comment": "a" * 1001}, 413),
    ],
)
def test_feedback_that_makes_no_sense_is_refused(caller: Caller, body: Any, status: int) -> None:
    assert caller.post("/feedback", body, caller.begin()).is_problem(status)


def test_nobody_rates_anothers_answer(caller: Caller) -> None:
    message = caller.ask(caller.begin(), "Hoe zeg ik Severa op?")
    assert caller.post("/feedback", {"message": message["id"], "helpful": True}, caller.begin()).is_problem(404)


def test_a_session_is_renewed_for_the_same_customer_only(caller: Caller) -> None:
    session = caller.begin(identity=identity_of(caller, "NL-1001"))
    again = caller.post("/session", {"identity": identity_of(caller, "NL-1001")}, session).json()
    assert again["continued"]
    other = caller.post("/session", {"identity": identity_of(caller, "NL-1002")}, again["session"]).json()
    assert not other["continued"]
    assert caller.get("/messages", again["session"]).is_problem(401)
    assert caller.get("/messages", session).is_problem(401)


def test_without_an_identity_a_customers_conversation_ends(caller: Caller) -> None:
    session = caller.begin(identity=identity_of(caller, "NL-1001"))
    assert caller.post("/session", {}, session).json()["customer"] is None
    assert caller.get("/messages", session).is_problem(401)


def test_signing_out_ends_the_conversation_for_good(caller: Caller) -> None:
    session = caller.begin(identity=identity_of(caller, "NL-1001"))
    assert caller.call("DELETE", "/session", token=session).status == 204
    assert caller.post("/messages", QUESTION, session).is_problem(401)
    assert caller.post("/session", {"identity": identity_of(caller, "NL-1001")}, session).json()["continued"] is False


def test_the_language_chosen_wins(caller: Caller) -> None:
    reply = caller.post("/messages", {**QUESTION, "language": "fi"}, caller.begin(language="nl"))
    assert reply.json()["messages"][0]["language"] == "fi"


@pytest.mark.parametrize("body", [{"text": "x", "id": "short"}, {"text": "x", "id": 12345678}, {"a": [[[[1]]]]}])
def test_odd_bodies_are_refused(caller: Caller, body: Any) -> None:
    assert caller.post("/messages", body, caller.begin()).is_problem(400)


def test_a_heavy_body_is_refused(caller: Caller) -> None:
    assert caller.post("/messages", {"text": "x", "more": "a" * 40_000}, caller.begin()).is_problem(413)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:1"])
def test_another_origin_is_refused_and_may_read_that_alone(server: int, origin: str) -> None:
    """So that the widget can say on the page's console what is wrong; code alone is for everybody."""
    for method, path in (("POST", "/session"), ("GET", "/words/nl"), ("GET", "/messages"), ("GET", "/")):
        reply = from_origin(server, method, path, origin)
        assert (reply.status, reply.getheader("Access-Control-Allow-Origin")) == (403, "*")
        assert "SALDO_ORIGINS" in reply.read().decode()
    assert from_origin(server, "GET", "/saldo-chat.js", origin).status == 200


def test_its_own_origin_is_welcome(server: int) -> None:
    own = f"http://127.0.0.1:{server}"
    reply = from_origin(server, "GET", "/words/nl", own)
    assert (reply.status, reply.getheader("Access-Control-Allow-Origin")) == (200, own)


def from_origin(port: int, method: str, path: str, origin: str) -> HTTPResponse:
    """A call as a page of that origin makes it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=DEADLINE)
    connection.request(method, f"/webhooks/widget{path}", headers={"Origin": origin})
    return connection.getresponse()


def identity_of(caller: Caller, customer: str) -> str:
    """What the demonstration's host signs."""
    return str(caller.post("/demo/identity", {"customer": customer}).json()["identity"])


def test_every_message_has_its_time_and_own_figures_their_day(caller: Caller) -> None:
    identity = caller.post("/demo/identity", {"customer": "NL-1001"}).json()["identity"]
    session = caller.post("/session", {"identity": identity}).json()["session"]
    answer = caller.ask(session, "Hoe is factuur 2026-0142 opgebouwd?")
    assert answer["figures_of"] == TODAY
    replayed = caller.get("/messages?after=0", session).json()["messages"]
    assert replayed[1]["at"] == answer["at"]
    for message in replayed:
        assert abs(datetime.now(timezone.utc) - datetime.fromisoformat(message["at"].replace("Z", "+00:00"))) < HOUR
    assert "figures_of" not in caller.ask(caller.begin(), "Hoe is factuur 2026-0142 opgebouwd?")


@pytest.mark.parametrize(("language", "text"), [("nl", "Hoe zeg ik Severa op?"), ("fi", "Miten irtisanon Severan?")])
def test_what_the_content_files_offer_next_can_be_chosen(caller: Caller, language: str, text: str) -> None:
    session = caller.begin(language=language)
    chips = caller.ask(session, text)["next"]
    assert [chip["id"] for chip in chips] == ["refund_requirements", "invoice_status"]
    chosen = caller.post("/messages", {"option": chips[0]["id"]}, session).json()["messages"][0]
    assert (chosen["topics"], chosen["language"]) == (["refund_requirements"], language)


def test_a_replay_tells_the_reference_of_what_was_passed_on(caller: Caller) -> None:
    session = caller.begin()
    caller.ask(session, "Hoe zeg ik Severa op?")
    assert "handover" not in caller.get("/messages?after=0", session).json()
    handed = caller.post("/handover", {"email": "piet@klant.example"}, session).json()
    assert caller.get("/messages?after=0", session).json()["handover"]["reference"] == handed["reference"]
