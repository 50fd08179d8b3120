"""The page of reviews: whatever a mail holds is text in it, and it loads nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from saldo.mail.review.page import page, table

NASTY = "<script>alert(1)</script><img src=\"https://evil.example/x.png\"> ' onload='"


def review(**values: Any) -> dict[str, Any]:
    question = {"quote": NASTY, "topic": "paid_twice", "confidence": 0.9, "status": "answered", "sources": [NASTY]}
    fact = {"name": NASTY, "value": NASTY, "formula": NASTY, "source": NASTY}
    return {
        "message_id": "<1@x>", "language": "nl", "identity": "known", "identity_reason": NASTY, "skipped": None,
        "draft": "001.eml", "questions": [question], "facts": [fact], "notes": [NASTY], "subject": NASTY,
        "attachments": [{"name": NASTY, "type": NASTY, "bytes": 1234}], "addressed_to": "customer", "from": NASTY,
        **values,
    }  # fmt: skip


@pytest.fixture
def text(tmp_path: Path) -> Iterator[str]:
    head = "Subject: x\nMIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
    plain = f"--b\nContent-Type: text/plain\n\nHallo\n\n> {NASTY}\n"
    (tmp_path / "001.eml").write_text(f"{head}{plain}--b\nContent-Type: text/html\n\n<p>{NASTY}</p>\n--b--\n")
    skipped = review(skipped=NASTY, draft=None, identity="none")
    yield page(tmp_path, [("002", skipped), ("001", review()), (NASTY, review(draft="gone.eml"))])


def test_all_that_a_mail_holds_is_text(text: str) -> None:
    tags = re.findall(r"<(/?[a-z0-9]+)", text)
    assert "script" not in tags and "img" not in tags
    assert "onload='" not in text
    assert text.count(NASTY.split(">")[0]) == 0


def test_nothing_is_loaded_and_a_draft_may_run_nothing(text: str) -> None:
    assert "default-src 'none'" in text
    assert not re.search(r"""<[^>]*\s(src|href)=""", re.sub(r'srcdoc="[^"]*"', "", text))
    assert re.findall(r'<iframe sandbox="" ', text) == ['<iframe sandbox="" ']


def test_drafts_come_before_what_was_skipped(text: str) -> None:
    assert text.index(">002 ") > text.index(">001 ")
    assert "2 drafted, 0 without a draft, 1 skipped" in text


def test_the_table_shows_markup_as_it_is() -> None:
    out = StringIO()
    Console(file=out, width=250).print(table([("001", review(draft="[red]x.eml")), ("002", review(skipped="[b]y"))]))
    assert "[red]x.eml" in out.getvalue()
    assert "skipped: [b]y" in out.getvalue()
    assert "paid_twice 0.90 answered" in out.getvalue()
