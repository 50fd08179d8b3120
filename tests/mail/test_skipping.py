"""Mails that get no letter: those that nobody need look at, those that a person must; and mails that only look so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from saldo.mail.handler import Handled, MailHandler
from saldo.mail.parse.addresses import Address
from saldo.mail.sender.identity import Ourselves
from saldo.mail.sender.skipping import correspondent, is_robot, without_letter
from tests.mail.mails import mail

OURS = Ourselves(
    addresses=frozenset({"severa.support@visma.com", "ours.example"}), lists=frozenset({"support@groups.example"})
)
Headers = dict[str, Any]


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"auto_submitted": "auto-replied"}, "Auto-Submitted: auto-replied"),
        ({"auto_submitted": "Auto-Generated; owner=x"}, "auto-generated"),
        ({"return_path": "<>"}, "bounce"),
        ({"precedence": "bulk"}, "bulk"),
        ({"precedence": "Junk"}, "junk"),
        ({"list_id": "<x.example>"}, "mailing list"),
        ({"list_unsubscribe": "<https://x.example>"}, "mailing list"),
        ({"x_autoreply": "yes"}, "automatic reply"),
        ({"x_autorespond": "yes"}, "automatic reply"),
        ({"from": "severa.support@visma.com"}, "ourselves"),
        ({"from": "Piet <piet@ours.example>"}, "ourselves"),
        ({"from": "Piet <piet@ours.example>", "reply_to": "severa.support@visma.com"}, "ourselves"),
        ({"from": "NoReply@winkel.example"}, "nobody reads"),
        ({"from": "no-reply+17@winkel.example", "reply_to": "noreply@winkel.example"}, "nobody reads"),
        ({"from": "MAILER-DAEMON@x.example"}, "nobody reads"),
        ({"from": "ei-vastausta@x.example"}, "nobody reads"),
        ({"content_type": "multipart/report; report-type=delivery-status; boundary=x"}, "delivery report"),
        ({"content_type": "text/calendar; method=REPLY"}, "calendar reply"),
    ],
)
def test_machines_lists_and_ourselves_are_skipped(headers: Headers, why: str) -> None:
    found = without_letter(mail(**headers), OURS)
    assert found and found.outcome == "none"
    assert why in found.reason


@pytest.mark.parametrize(
    "subject",
    [
        "Automatisch antwoord: Factuur", "Afwezig: Factuur", "Onbestelbaar: Factuur", "Automaattinen vastaus: Lasku",
        "Poissa: Lasku", "Undelivered Mail Returned to Sender", "Out of Office: invoice", "Autosvar: faktura",
    ],
)  # fmt: skip
def test_automatic_mail_whose_headers_are_gone_is_known_by_its_subject(subject: str) -> None:
    found = without_letter(mail("Ik ben afwezig tot maandag.", subject=subject), OURS)
    assert found and found.outcome == "none"


def test_where_something_is_asked_under_such_a_subject_a_person_looks() -> None:
    found = without_letter(mail("Wie is er bereikbaar over onze factuur?", subject="Afwezig: wie neemt het over"), OURS)
    assert found and found.outcome == "person"


def test_what_is_sent_by_a_program_to_many_is_skipped_unless_it_is_a_form() -> None:
    newsletter = mail("Onze nieuwsbrief.", feedback_id="1:campaign:x")
    assert (without_letter(newsletter, OURS) or pytest.fail("read as a letter")).outcome == "none"
    assert without_letter(mail(feedback_id="1:form:x", reply_to="piet@klant.example"), OURS) is None


@pytest.mark.parametrize(
    "local",
    ["noreply", "no-reply+17", "no.reply", "do.not.reply", "noreply2", "facturen-noreply", "facturen-no_reply",
     "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e", "postmaster", "bounce+x=y.example"],
)  # fmt: skip
def test_addresses_that_nobody_reads(local: str) -> None:
    assert is_robot(Address("", f"{local}@x.example"))


@pytest.mark.parametrize("local", ["noreplyson", "piet", "replies", "no", "norbert.reply", "postmasters"])
def test_addresses_that_only_look_so(local: str) -> None:
    assert not is_robot(Address("", f"{local}@x.example"))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto_submitted": "no"},
        {"x_autoreply": "no"},
        {"x_auto_response_suppress": "All"},
        {"precedence": "normal"},
        {"return_path": "<aino@x.example>"},
        {"from": "noreplyson@x.example"},
        {"importance": "high"},
        {"subject": "Re: Automatisch antwoord: Factuur"},
    ],
)
def test_people_are_not(headers: Headers) -> None:
    assert without_letter(mail(**headers), OURS) is None


@pytest.mark.parametrize(
    ("headers", "email"),
    [
        ({"from": "Website <no-reply@forms.example>", "reply_to": "Piet <piet@klant.example>"}, "piet@klant.example"),
        ({"from": "severa.support@visma.com", "reply_to": "piet@klant.example"}, "piet@klant.example"),
        ({"from": "Piet @ Klant BV <piet@klant.example>"}, "piet@klant.example"),
        ({"from": "Piet Jansen piet@klant.example"}, "piet@klant.example"),
        ({"from": "=?utf-8?q?Piet_=3Cpiet=40klant.example=3E?="}, "piet@klant.example"),
        ({"from": '"jan jansen"@klant.example'}, "jan jansen@klant.example"),
        ({"from": "=?utf-8?q?p=C3=A4ivi?=@klant.example"}, "päivi@klant.example"),
        ({"from": "=?utf-8?b?UGlldA==?= <=?utf-8?b?cGlldA==?=@klant.example>"}, "piet@klant.example"),
        ({"from": "<jan.@klant.example>"}, "jan.@klant.example"),
        ({"from": "Päivi <päivi@käse.example>"}, "päivi@xn--kse-qla.example"),
        ({"from": "piet@klant.example\r\nFrom: Piet <piet@klant.example>"}, "piet@klant.example"),
        ({"from": "piet@klant.example", "reply_to": "no-reply@klant.example"}, "piet@klant.example"),
        ({"from": "piet@klant.example", "reply_to": "severa.support@visma.com"}, "piet@klant.example"),
        ({"from": "piet@klant.example", "reply_to": "anna@klant.example"}, "anna@klant.example"),
    ],
)
def test_whoever_wrote_gets_the_letter(headers: Headers, email: str, make_clerk: Callable[..., MailHandler]) -> None:
    incoming = mail("Hoe kan ik opzeggen?", **headers)
    assert without_letter(incoming, OURS) is None
    assert (correspondent(incoming, OURS) or pytest.fail("nobody")).email == email
    to = drafted(make_clerk, **headers).draft["To"]  # type: ignore[index]
    assert [f"{each.username}@{each.domain}" for each in to.addresses] == [email]


THROUGH_GROUP: Headers = {
    "list_id": "<support.groups.example>",
    "precedence": "list",
    "list_unsubscribe": "<mailto:x@y.example>",
}


def test_a_group_that_is_our_support_address_is_read() -> None:
    assert without_letter(mail(**THROUGH_GROUP), OURS) is None
    assert (
        without_letter(mail(**{**THROUGH_GROUP, "list_id": "<other.example>"}), OURS) or pytest.fail("read")
    ).outcome == "none"


def test_a_group_that_writes_its_own_address_into_from_keeps_the_writers_elsewhere() -> None:
    rewritten: Headers = {
        "from": "'Piet' via Support <support@ours.example>",
        "x_original_sender": "piet@klant.example",
    }
    incoming = mail(**THROUGH_GROUP, **rewritten)
    assert without_letter(incoming, OURS) is None
    assert (correspondent(incoming, OURS) or pytest.fail("nobody")).email == "piet@klant.example"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"from": None}, "no address"),
        ({"from": "not an address"}, "no address"),
        ({"from": "<=?utf-8?q?anna=40x.example=2C?=@klant.example>"}, "no address"),
        ({"from": "a@x.example\r\nFrom: b@y.example"}, "several From"),
        ({"from": "a@x.example, b@y.example"}, "not sure whom"),
        ({"from": "Piet <piet@ours.example>", "subject": "FW: vraag van een klant"}, "handed on by ourselves"),
    ],
)
def test_where_somebody_may_wait_a_person_looks_and_nothing_is_drafted(
    headers: Headers, why: str, make_clerk: Callable[..., MailHandler]
) -> None:
    found = without_letter(mail(**headers), OURS)
    assert found and found.outcome == "person"
    assert why in found.reason
    if "ours.example" not in (headers["from"] or ""):
        handled = drafted(make_clerk, **headers)
        review = handled.review.as_json()
        assert handled.draft is None
        assert (review["outcome"], review["skipped"]) == ("person", None)
        assert why in review["outcome_reason"]


def drafted(make_clerk: Callable[..., MailHandler], **headers: Any) -> Handled:
    incoming = mail("Hoe kan ik opzeggen?", **headers)
    return asyncio.run(make_clerk().handle(incoming, "1.eml", "box", lambda sender, day: 0))
