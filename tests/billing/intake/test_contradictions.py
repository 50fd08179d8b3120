"""What contradicts at the source is imported with a warning; a sum below zero is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from saldo.billing.intake.csv_format import write_folder
from saldo.billing.intake.csv_source import CsvSource
from saldo.billing.intake.run import run_import
from saldo.billing.model import Account, Collection, CreditNote, LicenceChange, Money, Payment, Refund
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.samples.histories import history
from saldo.billing.store.database import create_database
from saldo.errors import FaultyFiles

PAID = "2026-0142"


def warnings(folder: Path, *accounts: Account) -> list[str]:
    write_folder(list(accounts), folder)
    report = run_import(create_database("sqlite://"), CsvSource(folder))
    assert report.written
    return [str(one).removeprefix(f"{folder}/") for one in report.warnings]


def test_the_sample_and_invented_histories_contradict_nothing(tmp_path: Path) -> None:
    on = date(2026, 11, 22)
    assert warnings(tmp_path, *sample_accounts(on), *(history(number, on) for number in range(60))) == []


def test_months_against_the_period(tmp_path: Path, account: Account) -> None:
    (subscription,) = account.subscriptions
    assert warnings(tmp_path, replace(account, subscriptions=(replace(subscription, months=3),))) == [
        "subscriptions.csv:2, months: 3 months, but from 2026-07-01 until 2027-01-01 are 6.00"
    ]


def test_months_of_a_line_against_its_period(tmp_path: Path, account: Account) -> None:
    (invoice,) = account.invoices
    (line,) = invoice.lines
    half = replace(line, period=replace(line.period, end=date(2026, 10, 1)))
    assert warnings(tmp_path, replace(account, invoices=(replace(invoice, lines=(half,)),))) == [
        "invoice_lines.csv:2, months: 6 months, but from 2026-07-01 until 2026-10-01 are 3.00"
    ]


@pytest.mark.parametrize(
    ("day", "warned"), [(date(2026, 9, 1), True), (date(2027, 1, 1), False), (date(2027, 7, 1), False)]
)
def test_a_removal_within_a_period(tmp_path: Path, account: Account, day: date, warned: bool) -> None:
    removed = LicenceChange("S-1", date(2026, 8, 1), day, -2)
    told = warnings(tmp_path, replace(account, licence_changes=(*account.licence_changes, removed)))
    expected = (
        "licence_changes.csv:3, effective_on: licences removed on 2026-09-01, "
        "within the period from 2026-07-01 to 2026-12-31"
    )
    assert told == ([expected] if warned else [])


def test_a_refund_above_what_was_paid(tmp_path: Path, account: Account) -> None:
    back = (Refund(PAID, date(2026, 8, 1), Money(200000)), Refund(PAID, date(2026, 8, 2), Money(7001)))
    assert warnings(tmp_path, replace(account, refunds=back)) == [
        "refunds.csv:3, amount: 2070.01 EUR refunded of '2026-0142', for which 2070.00 EUR was paid"
    ]


@pytest.mark.parametrize(("day", "warned"), [(date(2026, 7, 12), False), (date(2026, 8, 1), True)])
def test_collection_of_a_paid_invoice(tmp_path: Path, account: Account, day: date, warned: bool) -> None:
    """Handed over before it was paid it contradicts nothing."""
    told = warnings(tmp_path, replace(account, collections=(Collection(PAID, day),)))
    expected = (
        "collections.csv:2, invoice: '2026-0142' in collection since 2026-08-01, "
        "though it was paid in full on 2026-07-13"
    )
    assert told == ([expected] if warned else [])


def test_more_credited_than_billed(tmp_path: Path, account: Account) -> None:
    notes = (CreditNote("C-1", PAID, date(2026, 8, 1), Money(207001)),)
    assert warnings(tmp_path, replace(account, credit_notes=notes)) == [
        "credit_notes.csv:2, amount: 2070.01 EUR credited of '2026-0142', whose total is 2070.00 EUR"
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            {"licence_changes": (LicenceChange("S-1", date(2026, 1, 1), date(2027, 1, 1), -1),)},
            "licences: leaves 'S-1' with -1 licences on 2027-01-01",
        ),
        (
            {"payments": (Payment("P-1", PAID, date(2026, 7, 1), Money(-5)),)},
            "amount: the payments of '2026-0142' add up to -0.05 EUR",
        ),
        ({"refunds": (Refund(PAID, date(2026, 8, 1), Money(-5)),)}, "refunds.csv:2, amount: is not more than 0.00"),
        (
            {"credit_notes": (CreditNote("C-1", PAID, date(2026, 8, 1), Money(-5)),)},
            "credit_notes.csv:2, amount: is not more than 0.00",
        ),
    ],
)
def test_a_sum_below_zero_is_refused(tmp_path: Path, account: Account, change: dict[str, object], told: str) -> None:
    write_folder([replace(account, **change)], tmp_path)  # type: ignore[arg-type]
    with pytest.raises(FaultyFiles) as caught:
        run_import(create_database("sqlite://"), CsvSource(tmp_path))
    assert told in str(caught.value)
