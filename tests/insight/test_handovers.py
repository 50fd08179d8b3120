"""What was handed over is kept once per reference; on both databases."""

from __future__ import annotations

from typing import Any

import pytest

from saldo.insight.handovers import HandoverBook
from saldo.insight.store import open_store
from saldo.settings import Settings


@pytest.fixture
def book(stored: Settings) -> HandoverBook:
    return HandoverBook(open_store(stored))


def content(reference: str, customer: str | None = None, **more: Any) -> dict[str, Any]:
    about = {"reason": "asked", "language": "nl", "questions": [{"topic": "seat_count"}, {"topic": "seat_count"}]}
    return {"reference": reference, "customer": {"id": customer} if customer else None, **about, **more}


def test_the_last_of_a_reference_counts(book: HandoverBook) -> None:
    assert not book.take("c", content("A", text="one"))
    book.set_in_mailbox("A")
    assert book.take("c", content("A", text="one"))
    assert not book.take("c", content("A", text="two"))
    assert [each["text"] for each in book.of("c")] == ["two"]
