"""A watched mailbox of mails from everywhere, and of the worst: a review for each mail, and the watch goes on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.mail.dovecot import Dovecot
from tests.mail.mails import mail_bytes
from tests.mail.test_hostile import HOSTILE
from tests.mail.test_shared_fixtures import FIXTURES
from tests.mail.watching import STANDSTILL, Start

pytestmark = pytest.mark.long

LARGE = 5_000_000
"""Bytes from which on a hostile mail is left to the test that measures it."""


def fixtures() -> Iterator[tuple[str, bytes]]:
    """Each fixture as a mail; those that are only a body get a head."""
    for path in sorted(FIXTURES.rglob("*")):
        data, name = path.read_bytes() if path.is_file() else b"", "-".join(path.parts[-3:])
        if path.suffix == ".eml":
            yield name, data
        elif path.suffix in (".txt", ".html") and ("email" in path.stem or path.parent.name == "html_replies"):
            message = EmailMessage()
            message["From"], message["To"] = "Anna <anna@klant.example>", "severa.support@visma.com"
            message["Subject"], message["Message-ID"] = path.stem, f"<{len(name)}-{hash(name)}@x.example>"
            kind = "html" if path.suffix == ".html" else "plain"
            message.set_content(data.decode("utf-8", "replace").replace("\0", ""), subtype=kind)
            yield name, message.as_bytes()


def worst() -> Iterator[tuple[str, bytes]]:
    """What hypothesis thinks of first: any bytes, as a mail, as a header field, as a body."""
    found: list[bytes] = []

    @settings(max_examples=60, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(st.binary(max_size=400), st.text("abcdefgh-:=; ", min_size=1, max_size=30))
    def collect(data: bytes, name: str) -> None:
        found.append(data)
        found.append(name.encode() + b": " + data + b"\r\n" + mail_bytes(raw=data))
        found.append(mail_bytes(raw=data, content_type="multipart/mixed; boundary=b"))

    collect()
    for number, data in enumerate(dict.fromkeys(each for each in found if each)):
        yield f"worst-{number}", data
    for kind, make in HOSTILE.items():
        if len(data := make()) < LARGE:
            yield kind.replace("/", "-"), data


BESIDE = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared benchmarks are not beside this checkout")


@pytest.mark.parametrize("source", [pytest.param(fixtures, marks=BESIDE), worst])
def test_each_mail_leaves_a_review(
    dovecot: Dovecot, start: Start, tmp_path: Path, source: Callable[[], Iterator[tuple[str, bytes]]]
) -> None:
    mails = dict(source())
    for name, data in mails.items():
        dovecot.deliver(name.replace(" ", "_"), data)
    assert start("once", "all").wait(STANDSTILL * 4) == 0
    reviews = [json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.review.json")]
    outcomes = [each["outcome"] for each in reviews]
    print(f"{len(mails)} mails: " + ", ".join(f"{outcomes.count(each)} {each}" for each in sorted({*outcomes})))
    assert len(reviews) == len(mails)
    assert not [each["outcome_reason"] for each in reviews if "could not be drafted" in each["outcome_reason"]]
