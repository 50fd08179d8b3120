"""A mail that a person takes over carries the same object as a conversation; references and links, without a server."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from saldo.mail.handler import MailHandler
from saldo.mail.handover.handover import reason_of, reference_of
from tests.mail.mails import CONTACT, mail


def handled(clerk: MailHandler, body: str) -> dict[str, Any]:
    done = asyncio.run(clerk.handle(mail(body), "x.eml", "test", lambda *_: 0))
    assert done.day == date(2026, 11, 2)
    return done.review.as_json()


def test_a_mail_for_a_person_carries_it(make_clerk: Callable[..., MailHandler]) -> None:
    review = handled(make_clerk(), "Hebben jullie ook een koppeling met ons kassasysteem?")
    handover = review["handover"]
    assert (review["outcome"], handover["channel"], handover["reason"]) == ("person", "mail", "asked")
    assert (handover["address"], handover["draft"]) == (CONTACT, None)
    assert handover["transcript"] == [
        {"speaker": "customer", "text": "Hebben jullie ook een koppeling met ons kassasysteem?"}
    ]
    assert handover["questions"] == review["questions"]


def test_a_mail_that_is_answered_does_not(make_clerk: Callable[..., MailHandler]) -> None:
    review = handled(make_clerk(), "Hoe kan ik opzeggen?")
    assert (review["outcome"], review["handover"]) == ("draft", None)


HUMAN = {"kind": "handover", "named": ["human"], "acts": ["ask"]}
FAILED = {"kind": "handover", "named": [], "acts": ["ask"]}
ANSWER = {"kind": "answer", "named": [], "acts": ["ask"]}


@pytest.mark.parametrize(
    ("answers", "unhelpful", "reason"),
    [
        ([], False, "asked"),
        ([ANSWER], False, "asked"),
        ([ANSWER], True, "not_helpful"),
        ([ANSWER, HUMAN], True, "asked"),
        ([ANSWER, FAILED], True, "two_failed_tries"),
        ([{**HUMAN, "acts": ["notice"]}], False, "notice"),
        ([{**HUMAN, "acts": ["notice"]}, ANSWER], False, "asked"),
        ([{**HUMAN, "acts": ["escalate"]}, ANSWER], True, "escalation"),
    ],
)
def test_why_a_conversation_ends_with_a_person(answers: list[Any], unhelpful: bool, reason: str) -> None:
    assert reason_of(answers, unhelpful=unhelpful) == reason


def test_references_are_easy_to_tell_over_the_telephone() -> None:
    found = {reference_of(f"c{number}", said) for number in range(100) for said in (2, 4)}
    assert len(found) == 200
    assert all(re.fullmatch(r"[2-9BCDFGHJKMNPQRSTVWXZ]{4}-[2-9BCDFGHJKMNPQRSTVWXZ]{4}", each) for each in found)
