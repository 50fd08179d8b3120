"""Any megabyte of mail is read in a second of the processor, or is said to be none."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings

from saldo.mail.parse.incoming import UnreadableMail, read
from tests.fault_table import Seen
from tests.fuzz.budget import allowed, is_quick, seconds
from tests.fuzz.mails import WORST, mail_of, mails

BOUND = 1.0


def look_at(data: bytes) -> None:
    """Read a mail, and ask it what its handler asks."""
    with suppress(UnreadableMail):
        mail = read(data)
        for ask in ("files", "recipients", "copied", "reply_to", "references", "arrived"):
            getattr(mail, ask)


@pytest.mark.fault("a megabyte of hostile MIME", expected="each is read in a second of an idle processor")
def test_the_worst_that_was_found_is_quick(seen: Seen) -> None:
    took = {kind: seconds(lambda data=data: look_at(data)) for kind, data in WORST.items()}  # type: ignore[misc]
    slowest = max(took, key=lambda kind: took[kind])
    seen(f"{len(took)} kinds, the slowest ({slowest}) {took[slowest]:.2f} s where {allowed(BOUND):.2f} are allowed")
    assert is_quick(lambda: look_at(WORST[slowest]), BOUND), slowest


@pytest.mark.fault("a Content-Type with a megabyte of parameters", expected="read in a second, its text too")
def test_a_megabyte_of_parameters_is_quick(seen: Seen) -> None:
    data = WORST["numbered parameters"]
    assert read(data).own == "hei"
    seen(f"{seconds(lambda: look_at(data)) * 1000:.0f} ms")
    assert is_quick(lambda: look_at(data), BOUND)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=mails)
def test_any_mail_is_quick(data: bytes) -> None:
    assert is_quick(lambda: look_at(data), BOUND)


def test_what_is_bounded_is_said_or_stands_there_all_the_same() -> None:
    """The text of a mail with too many parameters, too many parts or a strange charset is read."""
    assert (
        read(mail_of(b"Miten irtisanon?", b"text/plain; charset=utf-8" + b"; x*1=y" * 5000)).own == "Miten irtisanon?"
    )
    assert read(mail_of(b"Miten irtisanon?", b"text/plain; charset=punycode")).own == "Miten irtisanon?"
    many = read(mail_of(b"--b\r\n\r\nMiten irtisanon?\r\n" * 1000, b"multipart/mixed; boundary=b"))
    assert "Miten irtisanon?" in many.own and any("parts" in why for why in many.unread)
