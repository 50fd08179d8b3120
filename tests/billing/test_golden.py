"""What 64 customers read on every topic in both languages, held in golden/{nl,fi}.txt and reviewed on every change.

To write the files anew: SALDO_REGENERATE=1 .venv/bin/python -m pytest tests/billing/test_golden.py
Then read what changed: git diff --word-diff tests/billing/golden
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from saldo.answers.blocks import block_to_json
from saldo.answers.compose import ExplainedTopic, answer
from saldo.answers.plain_text import plain_text
from saldo.billing import MESSAGES, Account, InvoiceQuery, explain, sample_accounts
from saldo.billing.explanation import NOTHING_NAMED, NamedChange
from saldo.billing.samples.histories import history
from saldo.faq import load

ON = date(2026, 11, 22)
GOLDEN = Path(__file__).parent / "golden"
FAQ = load(Path(__file__).parents[2] / "faq")
FIGURES = ("facts", "seats", "timeline")
MORE_QUESTIONS: dict[str, list[InvoiceQuery]] = {
    "seat_count": [InvoiceQuery(date="2026-10-01", point="past")],
    "invoice_status": [
        InvoiceQuery(point="comparison"),
        InvoiceQuery(year=2026, point="total"),
        InvoiceQuery(point="price"),
    ],
    "licence_change": [
        InvoiceQuery(licences=1, change="add"),
        InvoiceQuery(licences=4, change="remove"),
        InvoiceQuery(licences=2),
        InvoiceQuery(target=12),
        InvoiceQuery(changes=(NamedChange("remove", 2), NamedChange("add", 3, "2027-04"))),
        InvoiceQuery(change="remove", licences=2, made=True, recorded=True),
        InvoiceQuery(change="add", made=True, recorded=True),
    ],
    "invoice_quantity": [InvoiceQuery(place="previous"), InvoiceQuery(date="--10"), InvoiceQuery(invoice="2026-142")],
}


def accounts() -> list[Account]:
    return [*sample_accounts(ON), *(history(number, ON) for number in range(30))]


def told(account: Account, topic: str, asked: InvoiceQuery, language: str) -> str:
    """The customer's own part of the answer: the sentences, then the table and the pictures."""
    explanation = explain(topic, account, ON, asked)
    if explanation is None:
        return "(nothing)"
    blocks = [
        block_to_json(block) for block in answer(FAQ, [ExplainedTopic(topic, language, explanation)], language).blocks
    ]
    said = [blocks[0]] if explanation.sentences else []
    unfolded = [inner for block in blocks for inner in (block["blocks"] if block["type"] == "more" else [block])]
    shown = [*said, *(block for block in unfolded if block["type"] in FIGURES)]
    return "\n\n".join(rows(block) if block["type"] == "facts" else plain_text([block]) for block in shown)


def rows(block: Mapping[str, Any]) -> str:
    """A table as label, tab, value, tab, source: a longer label moves no other line, so a review reads what changed."""
    return "\n".join(
        "\t".join([row["label"], " = ".join(filter(None, [row["value"], row["formula"]])), row["source"]])
        for row in block["rows"]
    )


def golden(language: str) -> Iterator[str]:
    for place, account in enumerate(accounts()):
        yield f"######## {account.customer.id}"
        for topic in MESSAGES:
            questions = [InvoiceQuery(), *MORE_QUESTIONS.get(topic, [])[: None if place % 4 == 0 else 1]]
            for asked in questions:
                named = {name: value for name, value in vars(asked).items() if value != getattr(NOTHING_NAMED, name)}
                yield f"== {topic} {named or ''}".rstrip()
                yield told(account, topic, asked, language)


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_customers_read_what_was_reviewed(language: str) -> None:
    path, text = GOLDEN / f"{language}.txt", "\n".join(golden(language)) + "\n"
    if os.environ.get("SALDO_REGENERATE") == "1":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8").splitlines() == text.splitlines()
