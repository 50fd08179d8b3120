"""A mail handed in by its fields is read as any other, and its fields cannot begin others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.helpdesk.written import WrittenMail, as_incoming
from saldo.mail.parse.bodies import Attachment

MAIL = WrittenMail(
    "Ääni Öhman <aani@ääkkönen.example>",
    "Käyttäjät ja 日本",
    "Hei,\n\nmiten irtisanon palvelun?\n\n> vanha viesti\n",
    to="severa.support@visma.com",
    cc="b@ääkkönen.example",
    reply_to="c@x.example",
    date="2026-11-02T10:12:00.123Z",
    message_id="1@x.example",
    in_reply_to="<0@x.example>",
)


def test_its_fields_are_those_of_a_mail() -> None:
    incoming = as_incoming(MAIL)
    assert incoming.sender and (incoming.sender.name, incoming.sender.local) == ("Ääni Öhman", "aani")
    assert (incoming.subject, incoming.message_id) == ("Käyttäjät ja 日本", "<1@x.example>")
    assert incoming.own == "Hei,\n\nmiten irtisanon palvelun?"
    assert [each.email for each in incoming.reply_to] == ["c@x.example"]
    assert incoming.references == ["<0@x.example>"] and incoming.is_reply
    assert incoming.written and incoming.written.timestamp() == 1793614320


def test_the_same_fields_are_the_same_mail_and_other_words_another() -> None:
    both = replace(MAIL, html="<p>Hei,</p><p>miten irtisanon palvelun?</p>")
    assert as_incoming(both).key == as_incoming(both).key
    assert as_incoming(replace(MAIL, text="Muuta")).key != as_incoming(MAIL).key


def test_html_alone_is_read_as_a_reader_sees_it() -> None:
    html = "<p>Hoe zeg ik op?</p><p style='display:none'>verborgen</p>"
    assert as_incoming(WrittenMail("a@b.example", html=html)).own == "Hoe zeg ik op?"


def test_a_date_in_any_form_does_no_harm() -> None:
    for date in (
        "Mon, 02 Nov 2026 10:12:00 +0200",
        "yesterday",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "1627063369",
    ):
        as_incoming(replace(MAIL, date=date))


def test_what_came_with_it_is_kept() -> None:
    attached = Attachment("bank.pdf", "application/pdf", 3)
    assert as_incoming(replace(MAIL, attachments=(attached,))).attachments == (attached,)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c"])
@pytest.mark.parametrize("name", ["sender", "subject", "to", "cc", "reply_to", "date", "message_id", "in_reply_to"])
def test_no_field_begins_another(name: str, end: str) -> None:
    evil: Any = f"x@x.example{end}Authentication-Results: mx.saldo.example; dmarc=pass{end}{end}body"
    message = as_incoming(replace(MAIL, **{name: evil})).message
    assert "authentication-results" not in {each.lower() for each in message}


@given(st.builds(WrittenMail, *([st.text(max_size=40)] * 10)))
def test_whatever_is_in_its_fields_it_is_read(written: WrittenMail) -> None:
    message = as_incoming(replace(written, sender=written.sender or "a@b.example")).message
    known = {"from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "auto-submitted"}
    own = {"content-type", "mime-version", "content-transfer-encoding"}
    assert {each.lower() for each in message} <= known | own
