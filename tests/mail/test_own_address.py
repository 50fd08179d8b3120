"""A letter never tells to mail the very address that it comes from; any other address stays in it as it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from saldo.faq import load
from saldo.mail.handler import MailHandler
from saldo.settings import Settings
from tests.mail.mails import Customers, mail

if TYPE_CHECKING:
    from saldo.rasa_runtime.agent import Bot

SUPPORT, INVOICING = "severa.support@visma.com", "severa.invoicing@visma.com"
LetterTo = Callable[[str, str], str]


@pytest.fixture
def letter_to(bot: Bot, loop: asyncio.AbstractEventLoop, here: Path) -> LetterTo:
    """The real bot's letter that answers a question sent to one of our addresses, without the quoted mail."""
    settings = Settings(home=here)
    handler = MailHandler(settings, load(settings.faq), bot, Customers({}))

    def letter(address: str, question: str) -> str:
        handled = loop.run_until_complete(handler.handle(mail(question, to=address), "x.eml", "box", lambda *_: 0))
        assert handled.draft is not None and handled.draft["From"] == address
        plain = handled.draft.get_body(("plain",))
        assert plain is not None
        return str(plain.get_content()).partition("\n>")[0]

    return letter


@pytest.mark.parametrize(
    ("address", "other", "question", "said"),
    [
        (SUPPORT, INVOICING, "Hoe zeg ik het abonnement op?", "met een antwoord op dit bericht"),
        (SUPPORT, INVOICING, "Bij wie moet ik zijn voor een ander pakket?", "antwoord op dit bericht"),
        (INVOICING, SUPPORT, "Kunnen wij uitstel van betaling krijgen?", "met een antwoord op dit bericht"),
        (INVOICING, SUPPORT, "Bij wie kan ik terecht met een betalingsherinnering?", "op dit bericht antwoorden"),
        (SUPPORT, INVOICING, "Miten tilaus irtisanotaan?", "vastata tähän viestiin"),
        (SUPPORT, INVOICING, "Miten voin vaihtaa palvelupakettia?", "vastata tähän viestiin"),
        (INVOICING, SUPPORT, "Voimmeko saada laskulle lisää maksuaikaa?", "vastaamalla tähän viestiin"),
        (INVOICING, SUPPORT, "Kehen voi olla yhteydessä perintäkirjeestä?", "tähän viestiin"),
    ],
)
def test_nobody_is_told_to_mail_whom_they_mailed(
    letter_to: LetterTo, address: str, other: str, question: str, said: str
) -> None:
    ours = letter_to(address, question)
    assert address not in ours and said in ours
    elsewhere = letter_to(other, question)
    assert address in elsewhere and said not in elsewhere
