"""A conversation is laid before a person: what is answered, and what lies in the review and in the store after it."""

from __future__ import annotations

import json
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from saldo.mail.desk.folder import DeskFolder
from saldo.mail.desk.letter import letter_of, parsed
from tests.support import UNCLEAR, Caller, Ran

SEATS = "Waarom betaal ik voor meer licenties dan er gebruikers zijn?"
SIXTY = "Miksi laskulla on 60 lisenssiä, vaikka meillä on 10?"
ADDRESS = "piet@klant.example"
CONTACT = "aino.ahovaara@kurkiaura-konsultointi.example"
BETWEEN_WORDS = {"nl": "Wat is de hoofdstad van Frankrijk?", "fi": "Mikä on Ranskan pääkaupunki?"}


def review_of(home: Path, reference: str) -> dict[str, Any]:
    path = home / "var" / "mail" / f"handover-{reference}.review.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def draft_of(home: Path, reference: str) -> EmailMessage:
    data = (home / "var" / "mail" / f"handover-{reference}.eml").read_bytes()
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def hand_over(caller: Caller, session: str, **body: Any) -> dict[str, Any]:
    reply = caller.post("/handover", body, session)
    assert reply.status == 202, reply.body
    return dict(reply.json())


def signed_in(caller: Caller, customer: str) -> str:
    identity = caller.post("/demo/identity", {"customer": customer}).json()["identity"]
    return caller.begin(identity=identity)


class TestWhatAPersonGets:
    def test_all_that_was_asked_and_answered(self, caller: Caller, home: Path) -> None:
        session = caller.begin()
        answer = caller.ask(session, SEATS)
        caller.ask(session, "Ik wil graag een medewerker spreken.")
        given = hand_over(caller, session, email=ADDRESS.upper(), text="Graag vandaag nog.")
        review = review_of(home, given["reference"])
        assert (review["outcome"], review["outcome_reason"]) == ("person", "the customer asked for a person")
        assert (review["identity"], review["from"], review["language"]) == ("none", ADDRESS, "nl")
        handover = review["handover"]
        assert (handover["reason"], handover["channel"], handover["text"]) == ("asked", "widget", "Graag vandaag nog.")
        assert handover["questions"][0]["topic"] == "seat_count"
        assert handover["questions"][0]["status"] == "answered"
        assert handover["answered"][0]["source"] == "faq/nl/seat_count.yml"
        lines = [(line["speaker"], line["text"]) for line in handover["transcript"]]
        assert [speaker for speaker, _ in lines] == ["customer", "saldo"] * 2
        assert lines[0] == ("customer", SEATS)
        assert answer["blocks"][0]["text"] in lines[1][1]
        assert given["reference"] in handover["draft"]

    def test_a_customer_s_figures_with_their_sources(self, caller: Caller, home: Path) -> None:
        session = signed_in(caller, "FI-2001")
        caller.ask(session, SIXTY)
        review = review_of(home, hand_over(caller, session)["reference"])
        handover = review["handover"]
        assert handover["customer"] == {"id": "FI-2001", "name": "Kurkiaura Konsultointi Oy"}
        figures = {fact["name"]: (fact["value"], fact["source"]) for fact in handover["facts"]}
        assert figures["quantity"] == (60, "invoice 2026-0482, line 1")
        assert review["identity"] == "authenticated"
        assert (review["draft"], handover["address"]) == (None, None)
        assert "60" in handover["draft"]

    def test_nobody_s_figures_where_nobody_is_signed_in(self, caller: Caller, home: Path) -> None:
        session = caller.begin()
        caller.ask(session, SIXTY)
        review = review_of(home, hand_over(caller, session, email=CONTACT)["reference"])
        assert (review["handover"]["customer"], review["facts"]) == (None, [])
        assert review["identity"] == "known" and "FI-2001" in review["identity_reason"]

    def test_an_answer_to_another_address_than_the_customer_s_is_a_risk(self, caller: Caller, home: Path) -> None:
        risks = []
        for address in (CONTACT, ADDRESS):
            session = signed_in(caller, "FI-2001")
            caller.ask(session, SIXTY)
            risks.append(review_of(home, hand_over(caller, session, email=address)["reference"])["risks"])
        assert risks == [[], ["reply_to_elsewhere"]]

    @pytest.mark.parametrize(
        ("said", "reason", "urgent"),
        [
            (["Ik wil een medewerker spreken."], "asked", False),
            (["Dit is nu al de derde keer dat de factuur fout is. Ik ben er klaar mee."], "escalation", True),
            (["Hierbij zeg ik het abonnement op."], "notice", False),
        ],
    )
    def test_why(self, caller: Caller, home: Path, said: list[str], reason: str, urgent: bool) -> None:
        session = caller.begin()
        for text in said:
            caller.ask(session, text)
        review = review_of(home, hand_over(caller, session, email=ADDRESS)["reference"])
        assert (review["handover"]["reason"], review["urgent"]) == (reason, urgent)

    def test_two_failed_tries(self, caller: Caller, home: Path) -> None:
        session = caller.begin()
        said = (caller.ask(session, text) for text in [*UNCLEAR["nl"], *["qwertz asdfg"] * 3])
        assert any(message["kind"] == "handover" for message in said)
        assert review_of(home, hand_over(caller, session, email=ADDRESS)["reference"])["handover"]["reason"] == (
            "two_failed_tries"
        )

    def test_an_answer_that_did_not_help(self, caller: Caller, home: Path) -> None:
        session = caller.begin()
        message = caller.ask(session, SEATS)
        caller.post("/feedback", {"message": message["id"], "helpful": False}, session)
        review = review_of(home, hand_over(caller, session, email=ADDRESS)["reference"])
        assert review["handover"]["reason"] == "not_helpful"

    @pytest.mark.parametrize(("language", "about"), [("nl", "U vroeg: “{}”"), ("fi", "Kysyitte: ”{}”")])
    def test_a_letter_to_begin_with(self, caller: Caller, home: Path, language: str, about: str) -> None:
        session = caller.begin(language=language)
        asked = {"nl": SEATS, "fi": SIXTY}[language]
        caller.ask(session, asked)
        caller.ask(session, BETWEEN_WORDS[language])
        reference = hand_over(caller, session, email=ADDRESS)["reference"]
        message = draft_of(home, reference)
        body = message.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        assert message["X-Unsent"] == "1" and message["To"] == ADDRESS
        assert reference in message["Subject"]
        assert about.format(BETWEEN_WORDS[language]) in text and "[…]" in text
        assert f"> {'U' if language == 'nl' else 'Te'}: {asked}" in text

    def test_nothing_that_was_not_shown_before(self, caller: Caller, home: Path) -> None:
        session = signed_in(caller, "NL-1001")
        caller.ask(session, SEATS)
        shown = caller.get("/handover", session).json()
        assert shown["customer"]["name"]
        handover = review_of(home, hand_over(caller, session)["reference"])["handover"]
        assert handover["customer"]["name"] == shown["customer"]["name"]
        assert shown["transcript"] == [
            {"from": line["speaker"], "text": line["text"]} for line in handover["transcript"]
        ]


class TestTheReference:
    def test_stays_until_more_is_said(self, caller: Caller) -> None:
        session = caller.begin()
        caller.ask(session, SEATS)
        first, again = (hand_over(caller, session, email=ADDRESS) for _ in range(2))
        assert first == again
        caller.ask(session, "Dank u")
        assert hand_over(caller, session, email=ADDRESS)["reference"] != first["reference"]

    def test_stays_when_the_address_is_mended(self, caller: Caller, home: Path) -> None:
        session = caller.begin()
        caller.ask(session, SEATS)
        references = {hand_over(caller, session, email=each)["reference"] for each in ("pet@klant.example", ADDRESS)}
        (reference,) = references
        assert review_of(home, reference)["from"] == draft_of(home, reference)["To"] == ADDRESS
        hand_over(caller, session)
        assert not (home / "var" / "mail" / f"handover-{reference}.eml").exists()

    def test_is_nobody_else_s(self, caller: Caller) -> None:
        references = set()
        for _ in range(2):
            session = caller.begin()
            caller.ask(session, SEATS)
            references.add(hand_over(caller, session)["reference"])
        assert len(references) == 2


class TestTheLink:
    def test_holds_the_same(self, caller: Caller) -> None:
        session = caller.begin()
        caller.ask(session, SEATS)
        given = hand_over(caller, session, email=ADDRESS, text="Kunt u bellen?\nMet groet & dank")
        link = urlsplit(given["mailto"])
        fields = parse_qs(link.query, strict_parsing=True)
        assert (link.scheme, unquote(link.path)) == ("mailto", "severa.support@visma.com")
        assert given["reference"] in fields["subject"][0]
        assert fields["body"][0].startswith(f"Kunt u bellen?\r\nMet groet & dank\r\n\r\nU: {SEATS}\r\n\r\nSaldo: ")

    def test_goes_to_whom_the_topic_names(self, caller: Caller) -> None:
        session = caller.begin()
        caller.ask(session, "Ik heb een factuur dubbel betaald. Wat nu?")
        assert hand_over(caller, session)["mailto"].startswith("mailto:severa.invoicing@visma.com?")

    def test_is_never_longer_than_mail_programs_take(self, caller: Caller) -> None:
        session = caller.begin()
        for text in (SEATS, "ö" * 1000, "Hoe zeg ik Severa op?"):
            caller.ask(session, text)
        long = hand_over(caller, session)["mailto"]
        assert len(long) <= 1900
        assert parse_qs(urlsplit(long).query)["body"] == ["Hoe zeg ik Severa op?"]
        longest = hand_over(caller, session, text="ä€" * 900)["mailto"]
        assert len(longest) <= 1900
        assert parse_qs(urlsplit(longest).query, errors="strict")["body"][0].startswith("ä€")


class TestRefusals:
    @pytest.mark.parametrize(
        "email",
        [
            "piet",
            "piet@klant",
            "a@b.example\r\nBcc: c@d.example",
            "a@b.example, c@d.example",
            '"a b"@c.example',
            "Piet <a@b.example>",
            f"{'a' * 250}@b.example",
            7,
            ["a@b.example"],
        ],
    )
    def test_what_is_no_address(self, caller: Caller, email: Any) -> None:
        session = caller.begin()
        caller.ask(session, SEATS)
        assert caller.post("/handover", {"email": email}, session).is_problem(400)

    @pytest.mark.parametrize(("language", "words"), [("nl", "Dit e-mailadres"), ("fi", "Sähköpostiosoitteessa")])
    def test_is_told_in_the_customer_s_language(self, caller: Caller, language: str, words: str) -> None:
        refused = caller.post("/handover", {"email": "piet", "language": language}, caller.begin())
        assert refused.json()["detail"].startswith(words)

    def test_nothing_to_pass_on(self, caller: Caller) -> None:
        assert caller.post("/handover", {"email": ADDRESS}, caller.begin()).is_problem(400)
        assert caller.post("/handover", {"email": ADDRESS, "text": "Bel mij"}, caller.begin()).status == 202

    def test_too_much_to_add(self, caller: Caller) -> None:
        assert caller.post("/handover", {"text": "a" * 2001}, caller.begin()).is_problem(413)

    @pytest.mark.parametrize("call", ["get", "post"])
    def test_no_session(self, caller: Caller, call: str) -> None:
        assert getattr(caller, call)("/handover", token="no.such.token").is_problem(401)

    def test_too_often(self, caller: Caller) -> None:
        session = caller.begin()
        replies = [caller.post("/handover", {"text": "Bel mij"}, session) for _ in range(31)]
        assert [each.status for each in replies[:30]] == [202] * 30
        assert replies[30].is_problem(429) and int(replies[30].headers["retry-after"]) > 0


def test_the_review_shows_it(caller: Caller, home: Path, saldo: Callable[..., Ran], tmp_path: Path) -> None:
    session = caller.begin()
    caller.ask(session, "Tämä on jo kolmas kerta, kun lasku on väärin. Tämä ei käy.")
    with_address = hand_over(caller, session, email=ADDRESS)["reference"]
    caller.ask(session, SIXTY)
    without = hand_over(caller, session)["reference"]
    table = saldo("mail", "review", str(home / "var" / "mail")).out
    print(table)
    assert "urgent, to complete: a complaint" in table
    assert f"handover-{with_address}" in table and f"handover-{without}" in table
    page = tmp_path / "review.html"
    assert saldo("mail", "review", str(home / "var" / "mail"), "--html", str(page)).code == 0
    shown = page.read_text(encoding="utf-8")
    assert with_address in shown and f"Customer: {SIXTY}" in shown


@pytest.mark.parametrize("address", [ADDRESS, None])
def test_the_desk_shows_it(caller: Caller, home: Path, address: str | None) -> None:
    session = caller.begin()
    caller.ask(session, SEATS)
    reference = hand_over(caller, session, email=address, text="Bel mij.")["reference"]
    mail = DeskFolder(home / "var" / "mail").mail(f"handover-{reference}")
    assert (mail.row.outcome, mail.row.shown, mail.row.has_draft) == ("person", "open", bool(address))
    assert mail.incoming is not None
    assert mail.incoming.own == f"{SEATS}\n\nBel mij."
    assert mail.incoming.body.startswith(f"U: {SEATS}\n\nSaldo: ")
    assert [each.email for each in mail.incoming.senders] == ([address] if address else [])
    if mail.draft is not None:
        letter = letter_of(parsed(mail.draft))
        assert reference in letter.text and letter.quote[1].startswith(f"U: {SEATS}")
