"""An answer as plain text: what a pipe, a stock Rasa channel and the text part of a letter show."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from saldo.answers.blocks import (
    Block,
    ContactItem,
    Contacts,
    FactRow,
    Facts,
    Heading,
    LinkItem,
    Links,
    More,
    Option,
    Options,
    Paragraph,
    SeatsPicture,
    SourceItem,
    Sources,
    Steps,
    Timeline,
    TimelineRow,
    block_to_json,
)
from saldo.answers.plain_text import RENDERERS, plain_text


def written(*blocks: Block) -> str:
    return plain_text([block_to_json(block) for block in blocks])


@pytest.mark.parametrize(
    ("block", "text"),
    [
        (Paragraph("U hoeft niets te doen."), "U hoeft niets te doen."),
        (Heading("Hoe zeg ik op?"), "— Hoe zeg ik op?"),
        (Steps(("Klik.", "Sla op.")), "1. Klik.\n2. Sla op."),
        (SeatsPicture(8, 2, "8 gebruikers", "2 vrij"), "■■■■■■■■□□  8 gebruikers, 2 vrij"),
        (Links((LinkItem("Lees", "https://s.nl"),)), "Lees: https://s.nl"),
        (
            Contacts("Contact", (ContactItem("Team", email="a@s.nl"), ContactItem("Amili", url="https://a.fi"))),
            "Team: a@s.nl\nAmili: https://a.fi",
        ),
        (Options((Option("paid_twice", "Dubbel?"), Option("human", "Geen"))), "1) Dubbel?\n2) Geen"),
        (Sources("Bronnen", (SourceItem("Helpartikel: Hoe?", "faq/nl/x.yml"),)), "Helpartikel: Hoe?"),
        (More("Meer", (Paragraph("Een."), Paragraph("Twee."))), "Een.\n\nTwee."),
    ],
    ids=lambda value: getattr(value, "type", ""),
)
def test_each_kind_of_block(block: Block, text: str) -> None:
    assert written(block) == text


def test_figures_stand_in_columns_with_formula_and_source() -> None:
    rows = (FactRow("Aantal", "60", "10 × 6", "factuur 2026-0142"), FactRow("Te betalen", "5 €", None, "factuur 1"))
    assert written(Facts("Uw cijfers", rows)).splitlines() == [
        "Uw cijfers:",
        "  Aantal      60 = 10 × 6  (factuur 2026-0142)",
        "  Te betalen  5 €  (factuur 1)",
    ]


def test_a_change_in_mid_period_is_drawn_from_its_day_on() -> None:
    whole = TimelineRow("6 licenties", "1 okt", "31 dec", 0, 92)
    added = TimelineRow("2 erbij", "16 nov", "31 dec", 46, 92)
    assert written(Timeline("Periode", "1 okt", "31 dec", 92, "16 nov", 46, (whole, added))).splitlines() == [
        "Periode, 1 okt – 31 dec:",
        f"  {'■' * 24}  6 licenties  1 okt – 31 dec",
        f"  {'·' * 12}{'■' * 12}  2 erbij      16 nov – 31 dec",
    ]


def test_too_many_seats_to_draw_are_told_in_words() -> None:
    assert written(SeatsPicture(500, 20, "500 gebruikers", "20 vrij")) == "500 gebruikers, 20 vrij"


def test_blocks_are_parted_by_an_empty_line() -> None:
    assert written(Paragraph("Een."), Paragraph("Twee.")) == "Een.\n\nTwee."


def test_an_empty_block_leaves_no_gap() -> None:
    assert written(Paragraph("Een."), Contacts("Contact", ()), More("Meer", ()), Paragraph("Twee.")) == "Een.\n\nTwee."


@pytest.mark.parametrize("unknown", [{"type": "hologram", "text": "x"}, {"text": "x"}])
def test_a_block_of_tomorrow_is_left_out(unknown: dict[str, Any]) -> None:
    assert plain_text([unknown, block_to_json(Paragraph("Een."))]) == "Een."


def test_every_kind_of_block_can_be_written() -> None:
    assert {kind.type for kind in get_args(Block)} == set(RENDERERS)
