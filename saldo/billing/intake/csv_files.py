"""Writes accounts to a folder of CSV files; `csv_format` says what the files hold, `intake` reads them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from saldo.billing.intake.csv_format import CUSTOMERS, FILES, INVOICE_LINES, File, write_cell
from saldo.billing.model import Account
from saldo.billing.store.records import flatten


def write_folder(accounts: list[Account], folder: Path) -> None:
    """Writes files that an import reads back as these accounts. ValueError for other money than euros."""
    start_folder(folder)
    append_folder(accounts, folder)


def start_folder(folder: Path) -> None:
    """Files of headers only, in a folder that is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in FILES:
        header = ",".join(column.name for column in file.columns)
        (folder / file.name).write_text(f"{header}\n", encoding="utf-8")


def append_folder(accounts: list[Account], folder: Path) -> None:
    """Adds accounts to the files; for more than memory holds. ValueError for other money than euros."""
    for file in FILES:
        with (folder / file.name).open("a", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerows(_cells(file, row) for account in accounts for row in _rows(file, account))


def _cells(file: File, row: Mapping[str, Any]) -> list[str]:
    return [write_cell(row[column.name]) for column in file.columns]


def _rows(file: File, account: Account) -> Iterator[dict[str, Any]]:
    """What an account has for a file."""
    if file is CUSTOMERS:
        yield flatten(account.customer)
    elif file is INVOICE_LINES:
        for invoice in account.invoices:
            yield from ({"invoice": invoice.number, **flatten(line)} for line in invoice.lines)
    else:
        yield from (flatten(record) for record in getattr(account, file.table))
