"""Accounts survive the files exactly, and every mistake in the files is told at once, where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.billing.intake.csv_format import write_folder
from saldo.billing.model import Account, Money, Payment, User
from saldo.billing.samples.accounts import sample_accounts
from saldo.errors import FaultyFiles, UnusableFile
from tests.billing.importing import read_folder

text = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)
Edit = Callable[[str], str]


@pytest.fixture
def folder(account: Account, tmp_path: Path) -> Path:
    """The plain account of the tests, written down."""
    write_folder([account], tmp_path)
    return tmp_path


def edit(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    """Where and what, without the folder."""
    with pytest.raises(FaultyFiles) as caught:
        read_folder(folder)
    return [str(fault).removeprefix(f"{folder}/") for fault in caught.value.faults]


def test_the_sample_survives(tmp_path: Path) -> None:
    sample = sample_accounts(date(2026, 11, 22))
    write_folder(sample, tmp_path / "new")
    assert read_folder(tmp_path / "new") == sorted(sample, key=lambda account: account.customer.id)


@settings(max_examples=8, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), text, st.integers(-(10**12), 10**12), st.booleans())
def test_any_account_survives(on: date, name: str, cents: int, active: bool) -> None:
    """Names with quotes, separators and letters of any script; amounts of any size."""
    account = sample_accounts(on)[3]
    paid = Payment("P-x", account.invoices[0].number, on, Money(cents or 1))
    before = Payment("P-y", account.invoices[0].number, on, Money(10**12))  # no more is moved away than came
    account = replace(
        account,
        customer=replace(account.customer, name=name),
        users=(User(account.customer.id, f"{name}, {name}", active),),
        payments=(before, paid, *account.payments),
    )
    with TemporaryDirectory() as folder:
        write_folder([account], Path(folder))
        assert read_folder(Path(folder)) == [account]


@pytest.mark.parametrize(
    "spoken",
    [
        lambda text: "\ufeff" + text,  # a byte-order mark, as Excel writes it
        lambda text: text.replace(",", ";"),  # semicolons, as a Dutch or Finnish Excel writes them
        lambda text: text.replace(",", "\t"),
        lambda text: "sep=;\n" + text.replace(",", ";"),  # Excel's own way to say so
        lambda text: '\ufeff"sep=,"\r\n' + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("business_id", " Business ID ").replace("id,name", "ID,Name"),
        lambda text: text + "\n,,,,\n",  # rows left blank
        lambda text: "\n".join(f"{line},more" for line in text.splitlines()),  # columns of one's own
        lambda text: "\n".join(",".join(reversed(line.split(","))) for line in text.splitlines()),
    ],
)
def test_reads_what_spreadsheets_write(folder: Path, account: Account, spoken: Edit) -> None:
    path = folder / "customers.csv"
    path.write_bytes(spoken(path.read_text(encoding="utf-8")).encode("utf-8"))
    assert read_folder(folder) == [account]


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        ("payments.csv", "2070.00", '"2.070,00"', "payments.csv:2, amount: '2.070,00' is not an amount"),
        ("payments.csv", "2070.00", "0.00", "payments.csv:2, amount: 0.00 is no payment"),
        ("invoices.csv", "2070.00", "-2070.00", "invoices.csv:2, total: is less than 0.00"),
        ("payments.csv", "2026-07-13", "13-7-2026", "payments.csv:2, paid_on: '13-7-2026' is not a date"),
        ("payments.csv", "P-1,2026-0142", "P-1,2026-0143", "invoice: '2026-0143' is not in invoices.csv"),
        ("users.csv", "NL-1,Bea", "NL-2,Bea", "users.csv:3, customer: 'NL-2' is not in customers.csv"),
        ("users.csv", "Bea,yes", "Bea,", "users.csv:3, active: is empty"),
        (
            "customers.csv",
            "99000001",
            "9900001",
            "business_id: '9900001' is not a KvK number; it has 8 digits",
        ),
        ("customers.csv", "NL,nl,99000001", "FI,fi,0112038-8", "'0112038-8' is not a Y-tunnus"),
        ("customers.csv", "NL,nl", "BE,nl", "customers.csv:2, country: 'BE' is not one of NL, FI"),
        ("contacts.csv", "anna@voorbeeld.example", "anna", "email: 'anna' is not an e-mail address"),
        (
            "subscriptions.csv",
            "Team,6",
            "Team,0",
            "months: a billing period of 0 months; allowed: 1 to 120",
        ),
        ("invoice_lines.csv", ",34.50,", ",-34.50,", "unit_price: is less than 0.00"),
        ("subscriptions.csv", "2027-01-01", "2026-07-01", "period_end: 2026-07-01 is not after the start"),
        ("subscriptions.csv", "S-1", "S-9", "'S-9' has no row in licence_changes.csv"),
        ("licence_changes.csv", ",10", ",0", "licences: 0 is no change"),
        ("invoice_lines.csv", ",60,", ",61,", "quantity: 61 is not 10 × 6 = 60"),
        ("invoice_lines.csv", ",10,6,60", ",-10,6,-60", "licences: -10 is not more than 0"),
        ("invoices.csv", "number,", "nummer,", "invoices.csv:1, number: column is missing"),
        ("invoices.csv", "number,", "number,number,", "invoices.csv:1, number: column comes more than once"),
        ("invoices.csv", "2026-0142,", "", "invoices.csv:2: has 4 cells, the first row 5"),
        ("users.csv", "Bea", '"Bea', "is not CSV"),
        ("users.csv", "Bea", "B\0a", "users.csv:3: holds a NUL byte; save the file as CSV in UTF-8"),
    ],
)
def test_a_mistake_is_told_with_its_place(folder: Path, file: str, old: str, new: str, fault: str) -> None:
    edit(folder, file, old, new)
    assert any(fault in found for found in faults(folder)), faults(folder)


def test_one_mistake_is_one_fault(folder: Path) -> None:
    """An unreadable file does not make everything that refers to it a mistake as well."""
    edit(folder, "invoices.csv", "number,", "nummer,")
    assert len(faults(folder)) == 1


@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("customers.csv", "NL-1"),
        ("contacts.csv", "NL-1 anna@voorbeeld.example"),
        ("subscriptions.csv", "S-1"),
        ("invoices.csv", "2026-0142"),
        ("invoice_lines.csv", "2026-0142 1"),
        ("payments.csv", "P-1"),
    ],
)
def test_an_id_comes_once(folder: Path, file: str, key: str) -> None:
    path = folder / file
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    assert any(f"'{key}' is in line 2 already" in fault for fault in faults(folder))


@pytest.mark.parametrize(
    ("quantity", "fits"),
    [("10.56", True), ("10.55", True), ("10.54", True), ("10.53", False), ("10.6", False)],
)
def test_rounded_months_leave_some_room(folder: Path, quantity: str, fits: bool) -> None:
    """3 licences for 3.52 months: each month may be rounded by half a hundredth, so may the product."""
    edit(folder, "invoice_lines.csv", ",10,6,60,", f",3,3.52,{quantity},")
    if fits:
        assert read_folder(folder)[0].invoices[0].lines[0].licences == 3
    else:
        assert "is not 3 × 3.52 = 10.56" in faults(folder)[0]


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    edit(folder, "customers.csv", "99000001", "1")
    edit(folder, "payments.csv", "2070.00", "much")
    edit(folder, "payments.csv", "2026-07-13", "soon")
    (folder / "refunds.csv").unlink()
    assert [fault.split(":")[0] for fault in faults(folder)] == [
        "customers.csv",
        "payments.csv",
        "payments.csv",
        "refunds.csv",
    ]


def test_a_file_in_another_encoding(folder: Path) -> None:
    (folder / "users.csv").write_bytes("customer,name,active\nNL-1,Bea,yes\nNL-1,Zoë,yes\n".encode("latin-1"))
    assert faults(folder) == ["users.csv:3: is not UTF-8; save the file as CSV in UTF-8"]


def test_an_empty_file_lacks_its_columns(folder: Path) -> None:
    (folder / "reminders.csv").write_bytes(b"")
    assert faults(folder) == [
        "reminders.csv:1, invoice: column is missing",
        "reminders.csv:1, sent_on: column is missing",
    ]


def test_a_name_over_two_lines_does_not_shift_the_count(folder: Path) -> None:
    edit(folder, "users.csv", "Anna", '"Anna\nMaria"')
    edit(folder, "users.csv", "Bea,yes", "Bea,maybe")
    assert faults(folder) == ["users.csv:4, active: 'maybe' is not yes or no"]


def test_a_folder_of_before_credit_notes_is_read(folder: Path, account: Account) -> None:
    (folder / "credit_notes.csv").unlink()
    (found,) = read_folder(folder)
    assert found == account and not found.knows("credit_notes")


def test_a_line_below_a_separators_line_is_told_by_its_own_number(folder: Path) -> None:
    path = folder / "users.csv"
    path.write_text("sep=;\n" + path.read_text(encoding="utf-8").replace(",", ";").replace("Bea;yes", "Bea;maybe"))
    assert faults(folder) == ["users.csv:4, active: 'maybe' is not yes or no"]


def test_a_header_that_comes_twice_but_for_its_capitals_is_told(folder: Path) -> None:
    edit(folder, "invoices.csv", "number,", "NUMBER,Number,")
    assert faults(folder) == ["invoices.csv:1, number: column comes more than once"]


@pytest.mark.parametrize(("months", "end"), [(4, "2026-11-01"), (24, "2028-07-01"), (5, "2026-12-01")])
def test_a_period_has_any_whole_number_of_months(folder: Path, months: int, end: str) -> None:
    edit(folder, "subscriptions.csv", "Team,6,2026-07-01,2027-01-01", f"Team,{months},2026-07-01,{end}")
    assert read_folder(folder)[0].subscriptions[0].months == months


def test_there_is_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="is not a folder"):
        read_folder(tmp_path / "nowhere")
