"""One bad customer does not keep the others out: who is set aside is named with the reason, and stays as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.engine import Engine

from saldo.billing.intake.csv_format import write_folder
from saldo.billing.intake.csv_source import CsvSource
from saldo.billing.intake.report import Report
from saldo.billing.intake.run import run_import
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.store.database import create_database
from saldo.billing.store.repository import Repository
from saldo.errors import FaultyFiles

GOOD, BAD = sample_accounts(date(2026, 11, 22))[:2]
ID = BAD.customer.id


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = create_database(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder([GOOD, BAD], tmp_path)
    return tmp_path


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def bring(engine: Engine, folder: Path, remove: bool = False) -> Report:
    return run_import(engine, CsvSource(folder), remove=remove, aside=True)


def reasons(report: Report) -> dict[str, list[str]]:
    return {one: [fault.text for fault in faults] for one, faults in report.set_aside.customers.items()}


MISTAKES = [
    ("customers.csv", f",{BAD.customer.country},", ",BE,", "'BE' is not one of NL, FI"),
    ("users.csv", f"{ID},{BAD.users[0].name},yes", f"{ID},{BAD.users[0].name},maybe", "'maybe' is not yes or no"),
]


@pytest.mark.parametrize(("file", "old", "new", "reason"), MISTAKES)
def test_the_others_come_in(engine: Engine, folder: Path, file: str, old: str, new: str, reason: str) -> None:
    lines = (folder / file).read_text(encoding="utf-8").splitlines()
    lines = [line.replace(old, new) if ID in line else line for line in lines]
    (folder / file).write_text("\n".join(lines), encoding="utf-8")
    report = bring(engine, folder)
    assert [one.id for one in Repository(engine).customers()] == [GOOD.customer.id]
    assert Repository(engine).account(GOOD.customer.id) == GOOD
    assert any(reason in text for text in reasons(report)[ID])
    assert report.customers == 1


def test_a_mistake_deep_down_sets_its_customer_aside(engine: Engine, folder: Path) -> None:
    line = BAD.invoices[0].lines[0]
    edit(folder, "invoice_lines.csv", f"{BAD.invoices[0].number},{line.number},", f"{BAD.invoices[0].number},first,")
    report = bring(engine, folder)
    assert list(reasons(report)) == [ID]
    assert reasons(report)[ID][0].startswith("'first' is not a whole number")
    assert [one.id for one in Repository(engine).customers()] == [GOOD.customer.id]


def test_earlier_records_are_kept_even_when_what_is_missing_goes(engine: Engine, folder: Path) -> None:
    bring(engine, folder)
    edit(folder, "customers.csv", BAD.customer.business_id, "1")
    report = bring(engine, folder, remove=True)
    assert report.missing == 0
    assert Repository(engine).account(ID) == BAD


def test_who_has_the_same_id_is_set_aside_with_the_other(engine: Engine, folder: Path) -> None:
    """Which of the two invoices is the right one nobody knows."""
    mine, theirs = BAD.invoices[0].number, GOOD.invoices[0].number
    edit(folder, "invoices.csv", f"\n{mine},", f"\n{theirs},")
    report = bring(engine, folder)
    assert set(reasons(report)) == {GOOD.customer.id, ID}
    assert Repository(engine).customers() == []


def test_a_row_of_nobody_known_is_told_and_keeps_nothing_else_out(engine: Engine, folder: Path) -> None:
    with (folder / "payments.csv").open("a", encoding="utf-8") as file:
        file.write("P-999,unheard-of,2026-07-13,5.00\n")
    report = bring(engine, folder)
    assert [fault.text for fault in report.set_aside.rows] == ["'unheard-of' is not in invoices.csv"]
    assert [Repository(engine).account(one.customer.id) for one in (GOOD, BAD)] == [GOOD, BAD]
    with pytest.raises(FaultyFiles, match="unheard-of"):
        bring(engine, folder, remove=True)


def test_a_file_of_which_rows_cannot_be_seen_stops_all(engine: Engine, folder: Path) -> None:
    edit(folder, "users.csv", "customer,", "klant,")
    with pytest.raises(FaultyFiles, match="column is missing"):
        bring(engine, folder)


def test_without_mistakes_nobody_is_set_aside(engine: Engine, folder: Path) -> None:
    assert bring(engine, folder).set_aside.as_json() == {"customers": [], "rows": []}


def test_a_customer_whose_row_is_missing_is_set_aside(engine: Engine, folder: Path) -> None:
    write_folder([GOOD, replace(BAD, customer=replace(BAD.customer, id="other"))], folder)
    report = bring(engine, folder)
    assert f"{ID!r} is not in customers.csv" in reasons(report)[ID]
