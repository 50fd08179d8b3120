"""A change in mid-period on a line from the period's first to its last day, in every rendering the same."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from saldo.answers.compose import ExplainedTopic, answer
from saldo.answers.plain_text import TIMELINE_WIDTH, bar, plain_text
from saldo.billing import InvoiceQuery, explain, sample_accounts
from saldo.commands.render import rendered
from saldo.faq import load

ON = date(2026, 11, 22)
FAQ = load(Path(__file__).parents[1] / "faq")
ADDED_IN_MID_PERIOD, NEVER_CHANGED = 3, 0


def timeline(place: int, topic: str, asked: InvoiceQuery, language: str = "nl") -> dict[str, Any] | None:
    explanation = explain(topic, sample_accounts(ON)[place], ON, asked)
    blocks = answer(FAQ, [ExplainedTopic(topic, language, explanation)], language).published()["blocks"]
    return next((block for block in blocks if block["type"] == "timeline"), None)


@pytest.mark.parametrize("topic", ["invoice_quantity", "licence_change"])
def test_an_addition_is_placed_on_its_day(topic: str) -> None:
    block = timeline(ADDED_IN_MID_PERIOD, topic, InvoiceQuery())
    assert block is not None
    assert (block["start"], block["end"], block["change"]) == ("1 juni 2026", "31 mei 2027", "16 oktober 2026")
    assert (block["days"], block["change_day"]) == (365, 137)
    whole, added = block["rows"]
    assert (whole["from_day"], whole["to_day"], added["from_day"], added["to_day"]) == (0, 365, 137, 365)
    assert (whole["label"], added["label"]) == ("12 licenties, hele periode", "3 toegevoegde licenties")


def test_what_is_only_supposed_is_not_drawn() -> None:
    assert timeline(ADDED_IN_MID_PERIOD, "licence_change", InvoiceQuery(licences=2, change="add")) is None


def test_without_a_change_there_is_nothing_to_show() -> None:
    assert timeline(NEVER_CHANGED, "licence_change", InvoiceQuery()) is None
    assert timeline(NEVER_CHANGED, "invoice_quantity", InvoiceQuery()) is None
    assert timeline(NEVER_CHANGED, "licence_change", InvoiceQuery(licences=2, change="remove")) is None


@pytest.mark.parametrize(("from_day", "before"), [(0, 0), (50, 12), (99, 23), (100, 23)])
def test_a_bar_is_as_wide_as_any_and_never_empty(from_day: int, before: int) -> None:
    marks = bar({"from_day": from_day}, {"days": 100})
    assert len(marks) == TIMELINE_WIDTH and marks.count("·") == before


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_text_and_terminal_tell_the_same(language: str) -> None:
    block = timeline(ADDED_IN_MID_PERIOD, "licence_change", InvoiceQuery(), language)
    assert block is not None
    console = Console(width=120, record=True, file=StringIO())
    console.print(rendered(block))
    for text in (plain_text([block]), console.export_text()):
        assert all(row["label"] in text and row["start"] in text for row in block["rows"])
