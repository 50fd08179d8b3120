"""What was sent beside what was drafted: letters as they are, through the clients that people write with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from copy import deepcopy
from email.message import EmailMessage

import pytest

from saldo.mail.answers import compared, fingerprint, letter_in, sent_mail
from saldo.mail.handler import MailHandler
from tests.mail.mails import mail

DRAFTED = """Beste mevrouw De Vries,

Op factuur 2026-0142 staan 60 stuks: 10 licenties × 6 maanden. U kunt licenties verwijderen via Instellingen; dat telt
vanaf de volgende periode en wordt niet verrekend."""
OTHER = """Hallo Anna,

Ik heb het voor u nagekeken. De factuur klopt, maar ik maak voor u een uitzondering en stuur morgen een creditnota van
€ 120,00. U hoeft hiervoor niets te doen."""


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        (DRAFTED, "as drafted"),
        (DRAFTED.replace("\n", " ").replace("  ", "\n\n"), "as drafted"),
        (DRAFTED.replace("60 stuks", "72 stuks"), "edited"),
        (DRAFTED + "\n\n" + OTHER, "edited"),
        (DRAFTED.partition("U kunt")[0] + "Bel mij gerust.", "edited"),
        (OTHER, "replaced"),
        ("Beste mevrouw De Vries, ik bel u.", "replaced"),
        ("", "replaced"),
    ],
)
def test_sent_as_it_was_edited_or_replaced(sent: str, answered: str) -> None:
    found = compared(DRAFTED, sent)
    assert found.answered == answered
    assert (found.changed == 0) == (answered == "as drafted")
    assert 0 <= found.changed <= 1


@pytest.fixture
def draft(make_clerk: Callable[..., MailHandler]) -> EmailMessage:
    incoming = mail("Hoe kan ik ons abonnement opzeggen?\r\n\r\nGroet, Anna")
    clerk = make_clerk(mail_signatures={"nl": "Kaisa\nSupport"})
    message = asyncio.run(clerk.handle(incoming, "x.eml", "box", lambda sender, day: 0)).draft
    assert message is not None
    return message


def only(message: EmailMessage, kind: str) -> EmailMessage:
    """As a client sends it that writes one form only."""
    part = message.get_body((kind,))
    assert part is not None
    text, alone = str(part.get_content()), deepcopy(message)
    alone.clear_content()
    alone.set_content(text, subtype=kind)
    return alone


def test_a_letter_is_the_same_in_each_form(draft: EmailMessage) -> None:
    ours = letter_in(draft.as_bytes())
    assert "Per e-mail." in ours and "Hoe kan ik" not in ours
    for kind in ("plain", "html"):
        assert compared(ours, letter_in(only(draft, kind).as_bytes())).answered == "as drafted", kind


def test_a_fingerprint_stays_however_a_server_keeps_the_draft(draft: EmailMessage) -> None:
    before = fingerprint(draft.as_bytes())
    del draft["X-Unsent"]
    draft["X-Server"] = "was here"
    for part in draft.iter_parts():
        assert isinstance(part, EmailMessage)
        part.set_content(part.get_content(), subtype=part.get_content_subtype(), cte="base64")
    assert fingerprint(draft.as_bytes()) == before
    assert fingerprint(draft.as_bytes().replace(b"\r\n", b"\n")) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda message: message.replace_header("To", "else@klant.example"),
        lambda message: message.add_header("Bcc", "else@klant.example"),
        lambda message: message.replace_header("Subject", "Re: anders"),
        lambda message: message.replace_header("Message-ID", "<other@x.example>"),
        lambda message: message.get_body(("plain",)).set_content("anders"),
        lambda message: message.get_body(("html",)).set_content("<p>anders</p>", subtype="html"),
        lambda message: message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf"),
    ],
)
def test_whatever_a_person_changes_changes_it(draft: EmailMessage, change: Callable[[EmailMessage], None]) -> None:
    before = fingerprint(draft.as_bytes())
    change(draft)
    assert fingerprint(draft.as_bytes()) not in (before, "")


def test_what_cannot_be_read_is_nobodys() -> None:
    assert letter_in(b"") == ""
    assert sent_mail("1", b"") is None
    assert sent_mail("1", b"From: a@x.example\r\nAuto-Submitted: auto-replied\r\n\r\n") is None
    head = b"From: a@x.example\r\nTo: B <b@x.example>\r\nReferences: <1@x>\r\nAuto-Submitted: no\r\n\r\n"
    found = sent_mail("1", head)
    assert found and not found.answers
    assert found.thread == {"<1@x>"} and found.recipients == {"b@x.example"}
