"""Every risk has a mail that makes it and one like it that does not, and whoever reads the review or a note sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from saldo.answers.answer import AnswerPart, FactRecord
from saldo.answers.compose import RISKS as OF_RECORDS
from saldo.billing import Repository, open_database
from saldo.faq import load
from saldo.mail.ask_bot import MailQuestion, MailUnderstanding
from saldo.mail.handler import Handled, MailHandler
from saldo.mail.reply.wording import load as load_words
from saldo.mail.review.page import page
from saldo.mail.sender.identity import Identity
from saldo.mail.triage import SIGNALS, verdict
from saldo.settings import Settings
from tests.mail.mails import CONTACT, PROVEN, mail

if TYPE_CHECKING:
    from saldo.rasa_runtime.agent import Bot

Handle = Callable[..., Handled]
FILE = "Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; filename=a.pdf"
HOW = "Hoe zeg ik het abonnement op?"


def beside(text: str, head: str) -> dict[str, Any]:
    raw = f"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--b\r\n{head}\r\n\r\nx\r\n--b--\r\n"
    return {"raw": raw.encode(), "content_type": "multipart/mixed; boundary=b"}


Mail = tuple[str, dict[str, Any]]
MADE_BY: dict[str, tuple[Mail, Mail]] = {
    "complaint": (
        ("Dit is de derde keer dat ik klaag over de factuur, schandalig!", {}),
        ("Dit is de derde factuur van dit jaar. Waarom staan er tien licenties op?", {}),
    ),
    "account_number_changed": (
        ("Ons rekeningnummer is gewijzigd.", {}),
        ("Naar welk rekeningnummer betaal ik?", {}),
    ),
    "account_number_given": (
        ("Wat heeft u nodig om geld terug te storten op NL00 BANK 0123 4567 89?", {}),
        ("Wat heeft u nodig om geld terug te storten voor factuur 2026-0142?", {}),
    ),
    "bereavement": (("Onze boekhouder is overleden.", {}), ("Onze boekhouder is overgestapt.", {})),
    "insolvency": (("Wij zijn failliet verklaard.", {}), ("Wij zijn verhuisd.", {})),
    "legal_step": (("Onze advocaat neemt contact op.", {}), ("Onze accountant neemt contact op.", {})),
    "polite_order": (
        ("Kunt u voor ons twee licenties verwijderen?", {}),
        ("Kunt u vertellen hoe wij twee licenties verwijderen?", {}),
    ),
    "document_handed_in": (
        ("Hierbij het bankafschrift. Wanneer is het geld er?", {}),
        ("Is een bankafschrift voldoende?", {}),
    ),
    "not_a_question": (("Hierbij zeggen wij het abonnement op.", {}), (HOW, {})),
    "unread_attachment": (("", beside(HOW, FILE)), (HOW, {})),
    "unread_part": (("", beside(HOW, FILE.replace("a.pdf", "winmail.dat"))), ("", beside(HOW, FILE))),
    "foreign_language": (
        ("Guten Tag, warum stehen auf unserer Rechnung mehr Lizenzen, als wir Nutzer haben?", {}),
        ("Dag, waarom staan er meer licenties op onze factuur dan wij gebruikers hebben?", {}),
    ),
    "reply_to_elsewhere": ((HOW, {"reply_to": "iemand@elders.example"}), (HOW, {"reply_to": CONTACT})),
    "stranger_in_cc": ((HOW, {"cc": "iemand@elders.example"}), (HOW, {"cc": "severa.invoicing@visma.com"})),
    "number_not_found": (
        ("Onko lasku 99999999 maksettu?", {"authentication_results": PROVEN}),
        ("Onko viimeisin laskumme maksettu?", {"authentication_results": PROVEN}),
    ),
    "figure_contradicts": (
        ("Montako lisenssiä meillä on? Luulin, että 999 lisenssiä.", {"authentication_results": PROVEN}),
        ("Montako lisenssiä meillä on? Luulin, että 999 lisenssiä.", {}),  # nobody's figures are in the answer
    ),
}
ELSEWHERE = {"records_disagree": "test_review.py", "low_confidence": "below"}


@pytest.fixture
def handle(bot: Bot, loop: asyncio.AbstractEventLoop, here: Path) -> Handle:
    """The real bot's handling of a mail, with the sample's records."""
    settings = Settings(home=here, mail_authserv_ids=("mx.saldo.example",))
    records = Repository(open_database(f"sqlite:///{here}/var/saldo.db"))
    handler = MailHandler(settings, load(settings.faq), bot, records)

    def handle(body: str, **headers: Any) -> Handled:
        return loop.run_until_complete(handler.handle(mail(body, **headers), "x.eml", "box", lambda sender, day: 0))

    return handle


@pytest.mark.parametrize("risk", MADE_BY)
def test_a_risk_is_told_where_it_is_and_nowhere_else(handle: Handle, tmp_path: Path, risk: str) -> None:
    (text, headers), (other_text, other_headers) = MADE_BY[risk]
    made = handle(text, **{"subject": None, **headers}).review.as_json()
    fine = handle(other_text, **{"subject": None, **other_headers}).review.as_json()
    assert risk in made["risks"] and risk not in fine["risks"]
    shown = f'<span class="pill risk">{risk.replace("_", " ")}</span>'
    assert shown in page(tmp_path, [("x", made)]) and shown not in page(tmp_path, [("x", fine)])


def test_an_answer_that_is_not_sure_is_a_risk_and_sooner_with_figures() -> None:
    def risks(confidence: float, facts: tuple[FactRecord, ...] = ()) -> tuple[str, ...]:
        part = AnswerPart("seat_count", "nl", "", (), facts, "")
        question = MailQuestion("?", "seat_count", confidence, "answered")
        understood = MailUnderstanding("nl", (question,), (part,), acts=("ask",))
        return verdict(mail("Hoeveel licenties hebben wij?"), understood, Identity("none", "")).risks

    figure = (FactRecord("licences", 10, None, ""),)
    assert risks(0.59) == ("low_confidence",) and risks(0.6) == ()
    assert risks(0.79, figure) == ("low_confidence",) and risks(0.8, figure) == ()


def test_every_risk_is_among_them_and_has_words_in_both_languages() -> None:
    known = {*MADE_BY, *ELSEWHERE}
    assert {*SIGNALS, *OF_RECORDS} <= known
    assert all(set(each) == known for each in load_words(Settings().faq).risks.values())


def test_a_note_to_a_colleague_tells_the_risks(make_clerk: Callable[..., MailHandler]) -> None:
    def note(text: str) -> str:
        handled = asyncio.run(make_clerk(notes=True).handle(mail(text), "x.eml", "box", lambda sender, day: 0))
        assert handled.draft is not None and handled.review.as_json()["addressed_to"] == "colleague"
        plain = handled.draft.get_body(("plain",))
        return str(plain.get_content()) if plain else ""

    assert "\n\nLet op: overlijden.\n\n" in note("Onze boekhouder is overleden.")
    assert "Let op" not in note("Is er een app?")


@pytest.mark.parametrize("form", ["plain", "html", "both"])
def test_the_page_shows_the_letter_in_whatever_form_it_is(
    make_clerk: Callable[..., MailHandler], tmp_path: Path, form: str
) -> None:
    clerk = make_clerk(mail_form=form)
    handled = asyncio.run(clerk.handle(mail(), "x.eml", "box", lambda sender, day: 0))
    assert handled.draft is not None
    (tmp_path / "x.eml").write_bytes(handled.draft.as_bytes())
    assert "Kiitos viestistä." in page(tmp_path, [("x", handled.review.as_json())])
