"""Erasing leaves nothing of one person, in no place and in no file's bytes, and everything of the others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from saldo.privacy import erasing, exporting
from saldo.privacy.erasing import Receipt
from saldo.privacy.finding import NobodyKept
from saldo.privacy.stores import Stores, open_stores
from saldo.settings import Settings
from tests.privacy.filling import FILLED, Person, fill, holding

ANNA = Person("anna7kq2xw", "NL-1001", "administratie@nl-1001.example")
PEKKA = Person("pekka9zt4v", "FI-2001", "pekka@elsewhere.example")
GUEST = Person("guest3mb8r", None, "guest@elsewhere.example")


@pytest.fixture
def filled(stored: Settings) -> Iterator[Stores]:
    """Stores with three people in them."""
    for person in (ANNA, PEKKA, GUEST):
        fill(stored, person)
    with open_stores(stored) as stores:
        yield stores


def counts(receipt: Receipt) -> dict[str, int]:
    return {line.what: line.count for line in receipt.lines}


SPOKEN = dict.fromkeys(("mails, drafts and reviews", "places of mails", "claims on mails"), 0)
SPOKEN["drafts that are followed, edited letters"] = 0
WRITTEN = dict.fromkeys(("words of conversations", "verdicts on answers", "whose a conversation is"), 0)


@pytest.mark.parametrize(
    ("name", "of"),
    [
        (ANNA.customer, FILLED),
        (GUEST.conversation, {**FILLED, **SPOKEN}),
        (GUEST.email, {**FILLED, **WRITTEN, "handovers": 0, "lines of logs": 0}),
    ],
)
def test_all_of_somebody_goes_and_is_told(filled: Stores, name: str, of: dict[str, int]) -> None:
    before = erasing.erase(filled, name, dry_run=True)
    assert (counts(before), before.total) == (of, sum(of.values()))
    assert counts(erasing.erase(filled, name, dry_run=False)) == of
    assert erasing.erase(filled, name, dry_run=False).total == 0


def test_no_byte_is_left_in_any_file(filled: Stores) -> None:
    state = filled.settings.state
    assert holding(state, ANNA.mark)
    erasing.erase(filled, "NL-1001", dry_run=False)
    assert holding(state, ANNA.mark) == []
    assert holding(state, PEKKA.mark) and holding(state, GUEST.mark)


def test_no_row_is_left_in_any_table(filled: Stores) -> None:
    erasing.erase(filled, "NL-1001", dry_run=False)
    assert not [row for row in rows(filled) if ANNA.mark in row]
    assert [row for row in rows(filled) if PEKKA.mark in row]


def test_the_others_keep_everything(filled: Stores) -> None:
    erasing.erase(filled, "NL-1001", dry_run=False)
    assert counts(erasing.erase(filled, "FI-2001", dry_run=True)) == FILLED


def test_a_receipt_is_kept_that_names_nobody(filled: Stores) -> None:
    erasing.erase(filled, "NL-1001", dry_run=False)
    kept = (filled.settings.state / "erasures.jsonl").read_text(encoding="utf-8")
    (receipt,) = map(json.loads, kept.splitlines())
    assert receipt["erased"] == FILLED and receipt["who"] == erasing.hashed(filled.settings, "NL-1001")
    assert "NL-1001" not in kept


def test_its_tokens_are_worth_nothing_any_more(filled: Stores) -> None:
    from saldo.insight.store import open_store
    from saldo.web.auth.revocation import UsedIds, ended

    erasing.erase(filled, ANNA.conversation, dry_run=False)
    assert UsedIds(open_store(filled.settings)).has(ended(ANNA.conversation))
    assert not UsedIds(open_store(filled.settings)).has(ended(PEKKA.conversation))


@pytest.mark.parametrize("name", ["NL-9999", "nobody@x.example", "", "widget-", "%"])
def test_of_whom_nothing_is_kept(filled: Stores, name: str) -> None:
    with pytest.raises(NobodyKept):
        erasing.erase(filled, name, dry_run=False)
    assert not (filled.settings.state / "erasures.jsonl").exists()


def test_an_address_of_several_customers_is_nobodys_alone(filled: Stores) -> None:
    """An accountant writes for two: what came from there is erased where it was proven to be this customer's."""
    with filled.records.begin() as connection:  # type: ignore[union-attr]
        for customer in ("NL-1001", "FI-2001"):
            connection.execute(
                text("INSERT INTO contacts (customer, position, name, email) VALUES (:c, 99, 'Guest', :e)"),
                {"c": customer, "e": GUEST.email},
            )
    receipt = erasing.erase(filled, "NL-1001", dry_run=False)
    assert receipt.shared == (GUEST.email,)
    assert counts(receipt) == FILLED
    assert holding(filled.settings.state / "mail", GUEST.mark)


def test_an_export_holds_what_was_said_and_nothing_of_others(filled: Stores) -> None:
    found = exporting.export(filled, "NL-1001")
    (spoken,) = item(found, "words of conversations")
    assert spoken["messages"][0]["text"] == f"Wat betaalt {ANNA.mark}?"
    assert [line["from"] for line in spoken["messages"]] == ["customer", "saldo"]
    (mail,) = item(found, "mails, drafts and reviews")
    assert (mail["review"]["from"], mail["mail"]["subject"]) == (ANNA.email, ANNA.mark) and ANNA.mark in mail["draft"]
    assert {each["what"] for each in found["kept"]} == {*FILLED}
    assert not {PEKKA.mark, GUEST.mark} & {mark for mark in (PEKKA.mark, GUEST.mark) if mark in json.dumps(found)}


def item(found: dict[str, Any], what: str) -> list[Any]:
    return next(each["items"] for each in found["kept"] if each["what"] == what)


def rows(stores: Stores) -> list[str]:
    """Every row of every table in every database."""
    from sqlalchemy import MetaData

    found = []
    for engine in stores.engines:
        metadata = MetaData()
        metadata.reflect(engine)
        with engine.connect() as connection:
            for table in metadata.tables.values():
                found += [str(tuple(row)) for row in connection.execute(table.select())]
    return found
