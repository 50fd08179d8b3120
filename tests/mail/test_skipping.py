"""Mails that get no draft, and mails that only look so."""

from __future__ import annotations

import pytest

from saldo.mail.handler import reason_to_skip
from saldo.mail.sender.identity import Ourselves
from tests.mail.mails import mail

OURS = Ourselves(addresses=frozenset({"severa.support@visma.com", "ours.example"}))


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
        ({"from": "NoReply@winkel.example"}, "nobody reads"),
        ({"from": "no-reply+17@winkel.example"}, "nobody reads"),
        ({"from": "MAILER-DAEMON@x.example"}, "nobody reads"),
        ({"from": "ei-vastausta@x.example"}, "nobody reads"),
        ({"from": None}, "no address"),
        ({"from": "not an address"}, "no address"),
        ({"content_type": "multipart/report; report-type=delivery-status; boundary=x"}, "delivery report"),
    ],
)
def test_machines_lists_and_ourselves_are_skipped(headers: dict[str, str | None], why: str) -> None:
    assert why in (reason_to_skip(mail(**headers), OURS) or "")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"auto_submitted": "no"},
        {"x_auto_response_suppress": "All"},
        {"precedence": "normal"},
        {"return_path": "<aino@x.example>"},
        {"from": "noreplyson@x.example"},
        {"importance": "high"},
    ],
)
def test_people_are_not(headers: dict[str, str]) -> None:
    assert reason_to_skip(mail(**headers), OURS) is None  # type: ignore[arg-type]
