"""The line about the old matter that a reply begins with: left out where something new is asked, and only there."""

from __future__ import annotations

import asyncio

import pytest

from saldo.mail.ask_bot import understand
from saldo.mail.reply.lead_in import past_reaction
from tests.mail.mails import WordBot, mail


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hoi,\n\nDie factuur is betaald hoor.\n\nHoe kan ik opzeggen?", "Hoe kan ik opzeggen?"),
        ("Moi,\n\nse lasku on jo maksettu.\n\nMiten irtisanon palvelun?", "Miten irtisanon palvelun?"),
    ],
)
def test_a_line_about_the_old_matter_is_left_out(text: str, asked: str) -> None:
    assert past_reaction(text) == asked


@pytest.mark.parametrize(
    "text",
    [
        "Hoe kan ik opzeggen?",
        "Die factuur is betaald hoor.",
        "Factuur 2026-0142 is twee keer betaald.\n\nHoe kan ik opzeggen?",
        "We hebben dubbel betaald.\n\nVerder wil ik weten hoe ik kan opzeggen.",
        "Maksoimme kahdesti.\n\nLisäksi kysyisin, miten irtisanon palvelun.",
        "Waar zie ik de licenties?\n\nHoe kan ik opzeggen?",
        "Die factuur is betaald.\n\nAlles is nu in orde.",
        "",
    ],
)
def test_what_is_a_matter_of_its_own_stays(text: str) -> None:
    assert past_reaction(text) is None


def test_only_a_reply_reacts() -> None:
    bot, body = WordBot(), "Die rekening is betaald.\n\nHoe kan ik opzeggen?"
    asyncio.run(understand(bot, mail(body), None, None))
    asyncio.run(understand(bot, mail(body, subject="Re: Herinnering"), None, None))
    assert bot.texts == [body, "Hoe kan ik opzeggen?"]


def test_what_makes_sense_only_with_it_is_read_with_it() -> None:
    bot, body = WordBot(), "Ik wil opzeggen om een reden.\n\nWat moet ik nu doen?"
    found = asyncio.run(understand(bot, mail(body, subject="Re: Vraag"), None, None))
    assert bot.texts[-1] == body
    assert [part.topic for part in found.parts] == ["cancel_service"]
