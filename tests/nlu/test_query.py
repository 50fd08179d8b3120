"""What a message names of an invoice or of licences, in both languages."""

from __future__ import annotations

import pytest

from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Money
from saldo.nlu.query import read_query
from saldo.nlu.understanding import Entity


@pytest.mark.parametrize(
    ("text", "language", "place"),
    [
        ("Waarom staat er 60 op mijn laatste factuur?", "nl", "latest"),
        ("en de vorige?", "nl", "previous"),
        ("En op de vorige factuur?", "nl", "previous"),
        ("vorige maand waren het er minder", "nl", None),
        ("de laatste tijd", "nl", None),
        ("viimeisin lasku", "fi", "latest"),
        ("Mitä viimeisimmällä laskulla on?", "fi", "latest"),
        ("entä edellinen?", "fi", "previous"),
        ("entä edellinen lasku", "fi", "previous"),
        ("edellisessä kuussa", "fi", None),
    ],
)
def test_the_place_in_the_row_of_invoices(text: str, language: str, place: str | None) -> None:
    assert read_query(text, [], language).place == place


@pytest.mark.parametrize(
    ("text", "language", "change", "licences"),
    [
        ("en als ik er 3 bij neem?", "nl", "add", 3),
        ("Wat als ik drie licenties toevoeg?", "nl", "add", 3),
        ("Stel ik voeg er vijf toe", "nl", "add", 5),
        ("en als ik er twee weg haal?", "nl", "remove", 2),
        ("als ik 4 verwijder", "nl", "remove", 4),
        ("Wat als ik licenties toevoeg of verwijder?", "nl", None, None),
        ("entä jos poistan kaksi?", "fi", "remove", 2),
        ("entä jos lisään kolme?", "fi", "add", 3),
        ("jos lisätään 5", "fi", "add", 5),
        ("lisäksi haluan tietää yhden asian", "fi", None, None),
        ("Twee vragen. Wat als ik licenties verwijder?", "nl", "remove", None),
        ("Kolme asiaa: jos poistan kaksi, mitä laskulla on?", "fi", "remove", 2),
        ("Minulla on kaksi kysymystä. Entä jos poistan lisenssejä?", "fi", "remove", None),
        ("Wij willen licenties toevoegen. Drie.", "nl", "add", 3),
    ],
)
def test_the_direction_and_the_number(text: str, language: str, change: str | None, licences: int | None) -> None:
    asked = read_query(text, [], language)
    assert (asked.change, asked.licences) == (change, licences)


def test_what_the_nlu_found_is_taken_over() -> None:
    entities = [
        Entity("invoice_number", 8, 17, "", "2026-0142"),
        Entity("date", 20, 25, "", "--03"),
        Entity("amount", 30, 40, "", 125000),
        Entity("count", 45, 53, "", 60),
    ]
    asked = read_query("factuur 2026-0142 …", entities, "nl")
    assert asked == InvoiceQuery("2026-0142", 60, "--03", Money(125000), licences=60)


def test_digits_of_another_kind_count_no_licences() -> None:
    text = "verwijder ze van factuur 2026-0142"
    entity = Entity("invoice_number", 25, 34, "", "2026-0142")
    assert read_query(text, [entity], "nl").licences is None
    assert read_query("poistan 100000", [], "fi").licences is None
