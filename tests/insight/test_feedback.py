"""One verdict per answer; the last one counts; on SQLite and PostgreSQL alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from saldo.insight.store import FeedbackBook, open_store
from saldo.settings import Settings


@pytest.fixture
def book(stored: Settings) -> FeedbackBook:
    return FeedbackBook(open_store(stored))


def test_the_last_verdict_counts(book: FeedbackBook) -> None:
    book.take("c", "m", True, None, ["seat_count"], "nl")
    book.take("c", "m", False, "too short", ["seat_count"], "nl")
    assert book.verdicts("c") == {"m": False}


def test_conversations_are_kept_apart(book: FeedbackBook) -> None:
    book.take("one", "m", True, None, [], "fi")
    book.take("two", "m", False, None, [], "fi")
    assert (book.verdicts("one"), book.verdicts("two")) == ({"m": True}, {"m": False})


def test_only_the_owner_can_read_the_store(tmp_path: Path) -> None:
    open_store(Settings(home=tmp_path)).check()
    assert (tmp_path / "var" / "widget.db").stat().st_mode & 0o077 == 0
