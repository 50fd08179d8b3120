"""Chatwoot's webhook in, a private note out; payloads from Chatwoot's public documents."""

from __future__ import annotations

import itertools
import json
import time
from typing import Any

import pytest

from saldo.mail.helpdesk.chatwoot import _fenced, _plain
from saldo.mail.helpdesk.signing import timed_signature
from tests.mail.helpdesk.conftest import SIGNED_WITH, TOKEN, MailServer
from tests.mail.helpdesk.desks import payload
from tests.mail.mails import CONTACT

NUMBERS = itertools.count(7001)


def told(name: str = "chatwoot_email", text: str = "", **message: Any) -> Any:
    """A documented event, with a number of its own."""
    event, number = payload(name), next(NUMBERS)
    event.update({"id": number, **message})
    event["conversation"]["id"] = number
    if text:
        event["content"] = text
        if "email" in event["content_attributes"]:
            event["content_attributes"]["email"]["text_content"]["full"] = text
    if "email" in event["content_attributes"]:
        event["content_attributes"]["email"]["from"] = [f"jane{number}@acme.inc"]
    return event


def test_a_mail_gets_a_private_note_with_letter_and_review(served: MailServer) -> None:
    event = told()
    number = event["id"]
    assert served.tell("chatwoot", event).json() == {"outcome": "draft"}
    (note,) = served.chatwoot.messages
    assert {name: value for name, value in note.items() if name != "content"} == {
        "private": True, "message_type": "outgoing", "content_type": "text", "place": [1, number],
    }  # fmt: skip
    content = note["content"]
    assert content.startswith("Saldo heeft een antwoord voorbereid.") and content.endswith(f"saldo-{number}")
    assert f"Jane \\<jane{number}@acme.inc\\>" in content
    assert "\n```\nBeste Jane,\n" in content and "Per e-mail." in content
    assert (served.chatwoot.refused, served.chatwoot.public) == ([], [])
    assert {each["api_access_token"] for each in served.chatwoot.headers} == {TOKEN}


def test_a_chat_is_answered_too_though_nobodys_address_is_known(served: MailServer) -> None:
    assert served.tell("chatwoot", told("chatwoot_message_created", "Hoe kan ik opzeggen?")).json() == {
        "outcome": "draft"
    }
    assert "Per e-mail." in served.chatwoot.messages[0]["content"]


def test_the_documented_event_asks_nothing(served: MailServer) -> None:
    assert served.tell("chatwoot", told("chatwoot_message_created")).json()["outcome"] in ("person", "none")
    assert served.chatwoot.public == []


@pytest.mark.parametrize(
    "message",
    [{"message_type": "outgoing"}, {"message_type": "template"}, {"private": True}, {"event": "message_updated"},
     {"event": "conversation_created"}, {"account": {}}, {"id": None}],
)  # fmt: skip
def test_what_is_no_message_of_a_customer_is_left_alone(served: MailServer, message: dict[str, Any]) -> None:
    assert served.tell("chatwoot", told(**message)).json() == {"outcome": "ignored"}
    assert served.chatwoot.calls == []


def test_its_own_note_is_not_answered(served: MailServer) -> None:
    """Chatwoot tells of each message, so of Saldo's note too."""
    served.tell("chatwoot", told())
    note = {**told(), **served.chatwoot.messages[0]}
    assert served.tell("chatwoot", note).json() == {"outcome": "ignored"}


def test_strangers_and_old_calls_are_refused(served: MailServer) -> None:
    event = told()
    body, now = json.dumps(event).encode(), str(int(time.time()))
    old = str(int(time.time()) - 301)
    for timestamp, signature in (
        ("", ""), (now, ""), (now, timed_signature("another", now, body)),
        (old, timed_signature(SIGNED_WITH, old, body)),
        (now, timed_signature(SIGNED_WITH, now, body + b" ")), ("now", timed_signature(SIGNED_WITH, "now", body)),
    ):  # fmt: skip
        headers = {"X-Chatwoot-Timestamp": timestamp, "X-Chatwoot-Signature": signature}
        assert served.tell("chatwoot", event, **headers).is_problem(401)
    assert served.chatwoot.calls == []


def test_told_again_and_after_a_lost_answer_it_lays_one_note(served: MailServer) -> None:
    event = told()
    served.chatwoot.fail[:] = [500, 200]
    assert served.tell("chatwoot", event).is_problem(502)
    assert served.tell("chatwoot", event).is_problem(502)
    assert served.tell("chatwoot", event).json() == {"outcome": "draft"}
    assert served.tell("chatwoot", event).json() == {"outcome": "before"}
    assert len(served.chatwoot.messages) == 1


def test_an_address_in_an_event_proves_nothing(served: MailServer) -> None:
    event = told(text="Miten irtisanon palvelun?")
    event["content_attributes"]["email"]["from"] = [CONTACT]
    served.tell("chatwoot", event)
    assert "sitä ei ole varmistettu" in served.chatwoot.messages[0]["content"]


def test_what_a_customer_wrote_is_no_markup() -> None:
    text = "[@Emma](mention://user/1/Emma) ![](https://x.example/p.png) **ja**"
    assert _plain(text) == r"\[@Emma\](mention://user/1/Emma) \!\[\](https://x.example/p.png) \*\*ja\*\*"
    broken_out = "a\n````\n**b**"
    assert _fenced(broken_out).splitlines()[0] == "`````" == _fenced(broken_out).splitlines()[-1]
