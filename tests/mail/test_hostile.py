"""Hostile mail, all the way to the outbox: a safe draft, or none and the reason, in bounded time and memory."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.billing import create_database
from saldo.faq import load
from saldo.mail.batch import Batch, stored_mails
from saldo.mail.handler import MailHandler
from saldo.mail.parse.incoming import UnreadableMail, read
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder
from saldo.settings import Settings
from tests.mail.mails import Customers, WordBot, mail, mail_bytes
from tests.support import CHECKOUT

SECONDS = 30.0
"""A mail may take this long on a machine that is busy with something else; none needs more than a few."""
MEGABYTES = 500
"""More memory than before that a mail may take: its bytes as read, decoded, and as text."""
ALLOWED = {"from", "to", "subject", "date", "in-reply-to", "references", "x-unsent", "message-id", "mime-version",
           "content-type", "content-transfer-encoding"}  # fmt: skip
TEXT = b"Content-Type: text/plain\r\n\r\nMiten irtisanon palvelun?\r\n"


def parted(rest: bytes) -> bytes:
    return mail_bytes(raw=b"--b\r\n" + TEXT + rest, content_type="multipart/mixed; boundary=b")


def large() -> bytes:
    line = base64.b64encode(b"x" * 57) + b"\r\n"
    head = b"--b\r\nContent-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return parted(head + line * (50_000_000 // len(line)) + b"--b--\r\n")


def nested() -> bytes:
    return parted(b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1)
                           for n in range(10_000)))  # fmt: skip


HOSTILE: dict[str, Callable[[], bytes]] = {
    "50 MB": large,
    "50 MB of text": lambda: mail_bytes(raw=b"Miten irtisanon palvelun? " * 2_000_000),
    "one line of 20 MB": lambda: mail_bytes(raw=b"Van: " + b"x" * 20_000_000),
    "10,000 parts": lambda: parted((b"--b\r\n" + TEXT) * 10_000),
    "10,000 levels": nested,
    "no end": lambda: parted(b"--b\r\nContent-Type: multipart/alternative; boundary=\r\n\r\n"),
    "no boundary": lambda: mail_bytes(content_type="multipart/mixed"),
    "broken base64": lambda: mail_bytes(raw=b"====%%%%", content_transfer_encoding="base64"),
    "NUL bytes": lambda: mail_bytes(raw=b"Miten\0 irtisanon\0 palvelun?\0"),
    "wrong charset": lambda: mail_bytes(raw="Miten irtisanon? ääkkösiä".encode("utf-16"),
                                        content_type="text/plain; charset=utf-8"),
    "unknown charset": lambda: mail_bytes(content_type="text/plain; charset=klingon"),
    "deep HTML": lambda: mail_bytes(raw=b"<div>" * 100_000, content_type="text/html"),
    "wide HTML": lambda: mail_bytes(raw=b"<table><tr>" + b"<td>x" * 100_000, content_type="text/html"),
    "deep quotes": lambda: mail_bytes(raw=(b">" * 5_000 + b"\r\n") * 500),
    "headers without end": lambda: mail_bytes(subject="x" * 5_000_000, references="<a@b.example> " * 100_000),
    "100,000 header fields": lambda: b"X-A: b\r\n" * 100_000 + mail_bytes(),
    "parameters without end": lambda: mail_bytes(content_type="text/plain" + "; x*1=y" * 150_000),
    "parameters without end in a part": lambda: mail_bytes(
        raw=b"--b\r\nContent-Type: text/plain; x=" + b'\\";' * 300_000 + b"\r\n\r\nMiten irtisanon?\r\n--b--",
        content_type="multipart/mixed; boundary=b"),
    "address that is none": lambda: mail_bytes(**{"from": "<jan.@klant.example>"}),  # type: ignore[arg-type]
    "subject that cannot be decoded": lambda: mail_bytes(subject="=?gb2312?B?xPq6w//+?="),
    "signed without end": lambda: mail_bytes(
        raw=base64.encodebytes(b"\x30\x80" * 300_000), content_type="application/pkcs7-mime",
        content_transfer_encoding="base64"),
    "nothing but tags": lambda: mail_bytes(
        raw=b"--b\r\nContent-Type: text/plain\r\n\r\nHei\r\n--b\r\nContent-Type: text/html\r\n\r\n"
        + b"<style" * 100_000 + b"\r\n--b--", content_type="multipart/alternative; boundary=b"),
    "injected name": lambda: mail_bytes(**{"from": "=?utf-8?q?A=0D=0ABcc:_x@evil.example?= <a@b.example>"}),  # type: ignore[arg-type]
    "injected subject": lambda: mail_bytes(subject="=?utf-8?q?Hei=0D=0ABcc:_x@evil.example=0D=0A=0D=0Abody?="),
    "injected identifier": lambda: mail_bytes(message_id="<a@b>\r\nBcc: x@evil.example"),
}  # fmt: skip


def test_each_ends_as_a_safe_draft_or_with_a_reason(tmp_path: Path) -> None:
    """In a process of its own, whose memory nothing else has used."""
    for kind, data in HOSTILE.items():
        (tmp_path / f"{kind}.eml").write_bytes(data())
    command = [sys.executable, "-m", "tests.mail.test_hostile", str(tmp_path), *HOSTILE]
    done = subprocess.run(
        command, cwd=CHECKOUT, capture_output=True, text=True, timeout=SECONDS * len(HOSTILE), check=False
    )
    assert done.returncode == 0, done.stderr
    for kind, (seconds, megabytes) in zip(HOSTILE, json.loads(done.stdout), strict=True):
        [path] = (tmp_path / "out" / kind).glob("*.review.json")
        review = json.loads(path.read_text())
        assert bool(review["draft"]) == (review["outcome"] == "draft"), kind
        assert "could not be drafted" not in review["outcome_reason"], kind
        if review["draft"]:
            assert_safe((path.parent / review["draft"]).read_bytes())
        print(f"{kind}: {seconds:.1f} s, {megabytes:.0f} MB, {review['outcome']}: {review['outcome_reason']}")
        assert seconds < SECONDS, kind
        assert megabytes < MEGABYTES, kind


def assert_safe(data: bytes) -> None:
    """Only the header fields that a draft has, each once; one reader; no control characters; not too large."""
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    names = [name.lower() for name in message.keys()]  # noqa: SIM118  # iterating gives no doubles away
    assert set(names) <= ALLOWED
    assert len(names) == len(set(names))
    assert len(message["To"].addresses) == 1
    assert str(message["Subject"]).isprintable()
    assert b"\0" not in data
    assert len(data) < 1_000_000


@settings(max_examples=100, deadline=None)
@given(name=st.text(max_size=80), subject=st.text(max_size=200), body=st.text(max_size=400))
def test_any_name_subject_and_body_make_a_safe_draft(name: str, subject: str, body: str) -> None:
    def encoded(text: str) -> str:
        return f"=?utf-8?b?{base64.b64encode(text.encode('utf-8', 'replace')).decode()}?="

    incoming = mail(raw=f"Miten irtisanon? {body}".encode("utf-8", "replace"), subject=encoded(subject),
                   **{"from": f"{encoded(name)} <a@b.example>"})  # fmt: skip
    handled = asyncio.run(HANDLER.handle(incoming, "x.eml", "box", lambda sender, day: 0))
    assert handled.draft is not None
    assert_safe(handled.draft.as_bytes())


@settings(max_examples=100, deadline=None)
@given(name=st.text("abcdefgh-:=; ", min_size=1, max_size=30), value=st.binary(max_size=300), body=st.binary())
def test_any_bytes_in_a_header_make_a_safe_draft_or_none(name: str, value: bytes, body: bytes) -> None:
    field = name.encode() + b": " + value + b"\r\n"
    incoming = mail_bytes(raw=b"Miten irtisanon? " + body)
    for data in (field + incoming, incoming.replace(b"Subject: Lasku\r\n", field)):
        with contextlib.suppress(UnreadableMail):
            handled = asyncio.run(HANDLER.handle(read(data), "x.eml", "box", lambda sender, day: 0))
            verdict = handled.review.verdict
            assert (handled.draft is None) == bool(handled.review.skipped or verdict.outcome != "draft")
            assert "could not be drafted" not in verdict.reason
            if handled.draft is not None:
                assert_safe(handled.draft.as_bytes())


def handler() -> MailHandler:
    own = Settings(secret="s" * 40, mail_authserv_ids=("mx.saldo.example",))
    return MailHandler(own, load(own.faq), WordBot(), Customers({}))


HANDLER = handler()


def main(folder: Path, *kinds: str) -> None:
    """Draft each mail, and print the seconds it took and the megabytes that the process has grown by so far."""
    claims, before, took = Claims(create_database(f"sqlite:///{folder}/saldo.db")), peak(), []
    for kind in kinds:
        batch = Batch(HANDLER, claims, DraftFolder(folder / "out" / kind))
        began = time.perf_counter()
        asyncio.run(batch.run(stored_mails([folder / f"{kind}.eml"]), lambda: None))
        took.append((time.perf_counter() - began, peak() - before))
    print(json.dumps(took))


def peak() -> float:
    """The most memory that this process has had, in megabytes; macOS counts in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
