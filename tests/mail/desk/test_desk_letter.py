"""A draft's letter is text to edit; put back unchanged, it is the same letter, in each form that drafts have."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.desk.letter import fingerprint, letter_of, parsed, with_text
from saldo.mail.handler import MailHandler
from saldo.mail.reply.render import as_text
from saldo.settings import MAIL_FORMS
from tests.mail.mails import HEADERS, mail

QUESTION = "Hoe kan ik opzeggen?\n\n> > al geciteerd\n> nog eens\n  ingesprongen"


def draft(make_clerk: Callable[..., MailHandler], form: str, sender: str = HEADERS["From"]) -> bytes:
    handler = make_clerk(mail_form=form)
    handled = asyncio.run(
        handler.handle(mail(QUESTION, None, **{"from": sender}), "x.eml", "box", lambda sender, day: 0)
    )
    assert handled.draft is not None
    return handled.draft.as_bytes()


@pytest.mark.parametrize("form", MAIL_FORMS)
def test_a_letter_is_put_back_as_it_was(make_clerk: Callable[..., MailHandler], form: str) -> None:
    message = parsed(draft(make_clerk, form))
    letter = letter_of(message)
    assert letter.text.startswith("Beste Aino") and letter.text.endswith("Met vriendelijke groet,")
    assert letter.quote[0].endswith("schreef Aino Ahovaara:") and "al geciteerd" in letter.quote[1]
    again = with_text(message, letter.text, "nl")
    assert letter_of(parsed(again.as_bytes())) == letter
    assert fingerprint(parsed(again.as_bytes())) == fingerprint(message)


@pytest.mark.parametrize("form", MAIL_FORMS)
def test_another_letter_keeps_the_form_and_the_quoted_mail(make_clerk: Callable[..., MailHandler], form: str) -> None:
    before = draft(make_clerk, form)
    after = with_text(parsed(before), "Dag,\n\nDit is <b>mijn</b> tekst.", "nl").as_bytes()
    one, other = (message_from_bytes(each, policy=policy.default) for each in (before, after))
    assert [part.get_content_type() for part in one.walk()] == [part.get_content_type() for part in other.walk()]
    texts = [part.get_content() for part in other.walk() if not part.is_multipart()]
    assert all("mijn" in each and "al geciteerd" in each and "Per e-mail" not in each for each in texts)
    assert fingerprint(parsed(before)) != fingerprint(parsed(after))


def test_the_plain_quote_is_the_same_to_the_letter(make_clerk: Callable[..., MailHandler]) -> None:
    before = parsed(draft(make_clerk, "plain"))
    after = with_text(before, letter_of(before).text, "nl")
    assert before.get_content().splitlines() == after.get_content().splitlines()


def test_an_address_with_a_letter_beyond_ascii_stays(make_clerk: Callable[..., MailHandler]) -> None:
    before = draft(make_clerk, "both", "Jörg <jörg@klant.example>")
    after = with_text(parsed(before), "Dag", "nl").as_bytes()
    assert "jörg@klant.example".encode() in before and "jörg@klant.example".encode() in after


def test_a_changed_recipient_or_subject_is_another_letter(make_clerk: Callable[..., MailHandler]) -> None:
    before = draft(make_clerk, "both")
    for old, new in ((b"Subject: Re: Lasku", b"Subject: Re: Andere"), (b"\r\nDate:", b"\r\nCc: x@y.example\r\nDate:")):
        assert old in before
        assert fingerprint(parsed(before)) != fingerprint(parsed(before.replace(old, new)))


lines = st.lists(st.sampled_from(["", "> a", ">b", "c", "  d  e", "Op x schreef y:", " "]), max_size=8)


@given(lines, lines)
def test_where_the_letter_ends_is_found_whatever_stands_in_it(text: list[str], quoted: list[str]) -> None:
    letter, body = "\n".join(text).strip("\n"), "\n".join(quoted)
    message = parsed(b"Subject: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n")
    message.set_content(as_text([{"type": "paragraph", "text": letter or "x"}], ("Iemand schreef:", body)))
    found = letter_of(message)
    assert found.text == (letter or "x")
    assert found.quote[0] == "Iemand schreef:"
    assert found.quote[1].split() == body.split()
