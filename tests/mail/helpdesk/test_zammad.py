"""Zammad's webhook in, a shared draft and an internal note out; payloads from Zammad's public documents."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from saldo.mail.helpdesk.signing import sha1_signature
from tests.mail.helpdesk.conftest import TOKEN, MailServer
from tests.mail.helpdesk.desks import payload
from tests.mail.mails import CONTACT, PROVEN, mail_bytes

NUMBERS = itertools.count(5001)


def told(text: str = "Hoe kan ik opzeggen?", ticket: int | None = None, **article: Any) -> Any:
    """The documented webhook of a mail that asks something, with numbers of its own."""
    number, hook = next(NUMBERS), payload("zammad_webhook")
    hook["ticket"]["id"] = hook["article"]["ticket_id"] = number if ticket is None else ticket
    mail = {"id": number, "body": text, "content_type": "text/plain", "type": "email", "attachments": []}
    sender = f"Emily Adams <emily{number}@example.com>"
    hook["article"].update(
        {**mail, "from": sender, "message_id": f"<{number}@example.com>", "subject": "Contract", **article}
    )
    return hook


def test_the_signature_is_zammads(served: MailServer) -> None:
    """HMAC-SHA1 of the body as it was sent, as RFC 2202 reckons it."""
    assert sha1_signature("Jefe", b"what do ya want for nothing?") == "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
    hook = told()
    for signature in ("", "sha1=", sha1_signature("another", json.dumps(hook).encode()), "sha1=é"):
        assert served.tell("zammad", hook, **{"X-Hub-Signature": signature}).is_problem(401)
    assert served.zammad.calls == []


def test_the_documented_webhook_is_read_and_asks_nothing(served: MailServer) -> None:
    """It asks nothing that is answered: a colleague is told, of the picture too, and that is all."""
    reply = served.tell("zammad", payload("zammad_webhook"))
    assert reply.json() == {"outcome": "person"}
    assert served.zammad.drafts == {}
    (note,) = served.zammad.articles
    assert (note["ticket_id"], note["type"], note["internal"]) == (81, "note", True)
    assert "image1.jpeg" in note["body"]


def test_a_question_gets_a_shared_draft_and_an_internal_note(served: MailServer) -> None:
    hook = told()
    number, ticket = hook["article"]["id"], hook["ticket"]["id"]
    assert served.tell("zammad", hook).json() == {"outcome": "draft"}
    draft = served.zammad.drafts[ticket]
    assert draft["ticket_attributes"] == {}
    article = draft["new_article"]
    assert (article["type"], article["to"], article["subject"]) == (
        "email", f"Emily Adams <emily{number}@example.com>", "Re: Contract",
    )  # fmt: skip
    assert article["in_reply_to"] == f"<{number}@example.com>"
    assert article["body"].startswith("<div><p") and "<html" not in article["body"] and "Per e-mail." in article["body"]
    (note,) = served.zammad.articles
    assert note == {
        "ticket_id": ticket, "subject": "Saldo", "type": "note", "internal": True, "content_type": "text/plain",
        "body": note["body"],
    }  # fmt: skip
    assert note["body"].startswith("Saldo heeft een antwoord voorbereid.") and note["body"].endswith(f"saldo-{number}")
    assert "Per e-mail." not in note["body"]
    assert served.zammad.refused == [] and served.zammad.public == []
    assert {each["authorization"] for each in served.zammad.headers} == {f"Token token={TOKEN}"}


def test_the_mail_as_it_came_is_read_where_zammad_has_it(served: MailServer) -> None:
    """So what our own mail server found counts, and what the webhook's fields say does not."""
    hook = told("Kameel?")
    served.zammad.mails[hook["article"]["id"]] = mail_bytes(authentication_results=PROVEN)
    assert served.tell("zammad", hook).json() == {"outcome": "draft"}
    (note,) = served.zammad.articles
    assert "Lähettäjä on varmistettu" in note["body"]
    assert served.zammad.drafts[hook["ticket"]["id"]]["new_article"]["to"] == f"Aino Ahovaara <{CONTACT}>"


def test_a_contacts_address_in_a_webhook_proves_nothing(served: MailServer) -> None:
    served.tell("zammad", told("Miten irtisanon palvelun?", None, **{"from": CONTACT, "reply_to": CONTACT}))
    assert "sitä ei ole varmistettu" in served.zammad.articles[0]["body"]


@pytest.mark.parametrize(
    "article", [{"sender": "Agent"}, {"sender": "System"}, {"internal": True}, {"id": None}, {"id": "../9"}, {"id": -1}]
)
def test_what_is_no_message_of_a_customer_is_left_alone(served: MailServer, article: dict[str, Any]) -> None:
    assert served.tell("zammad", told(**article)).json() == {"outcome": "ignored"}
    assert served.zammad.calls == []


def test_nothing_is_laid_where_nothing_is_to_be_answered(served: MailServer) -> None:
    hook = told(preferences={"send-auto-response": False, "is-auto-response": True})
    assert served.tell("zammad", hook).json() == {"outcome": "none"}
    assert (served.zammad.drafts, served.zammad.articles) == ({}, [])


def test_told_again_it_lays_nothing_again(served: MailServer) -> None:
    hook = told()
    assert served.tell("zammad", hook).json() == {"outcome": "draft"}
    before = list(served.zammad.calls)
    assert served.tell("zammad", hook).json() == {"outcome": "before"}
    assert served.zammad.calls == before


def test_told_many_times_at_once_it_lays_it_once(served: MailServer) -> None:
    hook = told()
    with ThreadPoolExecutor(8) as pool:
        outcomes = sorted(
            reply.json()["outcome"] for reply in pool.map(lambda _: served.tell("zammad", hook), range(8))
        )
    assert outcomes == ["before"] * 7 + ["draft"]
    assert len(served.zammad.articles) == 1


@pytest.mark.parametrize("codes", [[500], [0, 502], [429], [302], [401]], ids=str)
def test_what_fails_is_tried_again(served: MailServer, codes: list[int]) -> None:
    """Zammad tells of it again after any answer that is no success."""
    hook = told()
    served.zammad.fail[:] = codes
    said = served.said()
    assert served.tell("zammad", hook).is_problem(502)
    assert len(served.said().removeprefix(said).strip().splitlines()) == 1
    assert TOKEN not in served.said()
    assert served.tell("zammad", hook).json() == {"outcome": "draft"}
    assert len(served.zammad.articles) == 1 and len(served.zammad.drafts) == 1
    assert served.zammad.refused == []


def test_a_note_whose_answer_was_lost_is_not_laid_twice(served: MailServer) -> None:
    hook = told()
    served.zammad.fail[:] = [0, 200]
    assert served.tell("zammad", hook).is_problem(502)
    assert len(served.zammad.articles) == 1
    assert served.tell("zammad", hook).json() == {"outcome": "draft"}
    assert len(served.zammad.articles) == 1


def test_a_customer_cannot_pretend_that_a_note_was_laid(served: MailServer) -> None:
    hook = told()
    forged = {
        "ticket_id": hook["ticket"]["id"],
        "internal": False,
        "type": "email",
        "body": f"saldo-{hook['article']['id']}",
    }
    served.zammad.articles.append(forged)
    served.zammad.fail[:] = [500]
    served.tell("zammad", hook)
    served.tell("zammad", hook)
    assert len(served.zammad.articles) == 2


def test_a_colleagues_draft_is_left_as_it_is(served: MailServer) -> None:
    hook = told()
    ticket = hook["ticket"]["id"]
    theirs = {"new_article": {"body": "<div>Beste mevrouw,</div>", "type": "email"}}
    served.zammad.drafts[ticket] = theirs
    assert served.tell("zammad", hook).json() == {"outcome": "draft"}
    assert served.zammad.drafts == {ticket: theirs}
    (note,) = served.zammad.articles
    assert "Er lag al een concept van een collega" in note["body"] and "Per e-mail." in note["body"]


def test_an_untouched_draft_makes_room_for_the_next_and_an_edited_one_does_not(served: MailServer) -> None:
    hook = told()
    ticket = hook["ticket"]["id"]
    served.tell("zammad", hook)
    served.tell("zammad", told("Hoe kan ik nu opzeggen?", ticket=ticket))
    assert "Hoe kan ik nu opzeggen?" in served.zammad.drafts[ticket]["new_article"]["body"]
    served.zammad.drafts[ticket]["new_article"]["body"] += "<div>Groeten, Emma</div>"
    edited = dict(served.zammad.drafts[ticket]["new_article"])
    served.tell("zammad", told("Hoe kan ik morgen opzeggen?", ticket=ticket))
    assert served.zammad.drafts[ticket]["new_article"] == edited
    assert "Hoe kan ik morgen opzeggen?" in served.zammad.articles[-1]["body"]


def test_a_group_without_shared_drafts_has_the_letter_in_the_note(served: MailServer) -> None:
    served.zammad.fail[:] = [403]
    assert served.tell("zammad", told()).json() == {"outcome": "draft"}
    assert served.zammad.drafts == {} and "Per e-mail." in served.zammad.articles[0]["body"]


def test_a_helpdesk_that_is_away_is_a_line(served: MailServer) -> None:
    port, served.zammad.port = served.zammad.port, 0
    assert served.zammad.url.endswith(":0")
    served.zammad.port = port
    served.zammad.fail[:] = [503]
    reply = served.tell("zammad", told())
    assert reply.is_problem(502) and reply.headers["retry-after"] == "5"
    assert "was answered with 503." in served.said() and "Traceback" not in served.said()
