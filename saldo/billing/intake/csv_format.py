"""The CSV files of the billing model: which there are, their columns, and how a cell is read and written.

One file per kind of record, in UTF-8 with or without a byte-order mark, separated by commas or semicolons,
the columns named in the first row in any order; other columns are passed over. Dates are 2026-07-01, amounts
euros as 1250.00, `active` is yes or no. A period's `period_end` is the first day after it. Empty is allowed
only in `cancelled_on` and `next_package`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from saldo.billing.model import (
    Account,
    Collection,
    Contact,
    CreditNote,
    Customer,
    Invoice,
    InvoiceLine,
    LicenceChange,
    Money,
    Payment,
    Refund,
    Reminder,
    Subscription,
    User,
)
from saldo.billing.store.records import Column, columns, flatten

YEARS = range(1990, 2200)
"""A date outside them is a slip of the keyboard."""


@dataclass(frozen=True)
class File:
    """One CSV file: its name, the record a row holds, the columns that name it, the file it belongs to."""

    name: str
    record: type
    key: tuple[str, ...] = ()
    """Columns whose values together come once; one column: others may refer to it."""
    owner: str = ""
    """The file that the column `belongs` refers to."""
    belongs: str = ""
    more: tuple[Column, ...] = field(default=())
    """Columns that the record itself does not have."""
    optional: bool = False
    """Whether a folder may lack it: those of an earlier Saldo do."""

    @property
    def table(self) -> str:
        """The name of the table that holds its rows: contacts.csv → contacts."""
        return self.name.removesuffix(".csv")

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.more + columns(self.record)


CUSTOMERS = File("customers.csv", Customer, ("id",))
CONTACTS = File("contacts.csv", Contact, ("customer", "email"), "customers.csv", "customer")
SUBSCRIPTIONS = File("subscriptions.csv", Subscription, ("id",), "customers.csv", "customer")
LICENCE_CHANGES = File("licence_changes.csv", LicenceChange, (), "subscriptions.csv", "subscription")
USERS = File("users.csv", User, (), "customers.csv", "customer")
INVOICES = File("invoices.csv", Invoice, ("number",), "subscriptions.csv", "subscription")
INVOICE_LINES = File(
    "invoice_lines.csv",
    InvoiceLine,
    ("invoice", "number"),
    "invoices.csv",
    "invoice",
    (Column("invoice", str),),
)
PAYMENTS = File("payments.csv", Payment, ("id",), "invoices.csv", "invoice")
REMINDERS = File("reminders.csv", Reminder, (), "invoices.csv", "invoice")
COLLECTIONS = File("collections.csv", Collection, ("invoice",), "invoices.csv", "invoice")
REFUNDS = File("refunds.csv", Refund, (), "invoices.csv", "invoice")
CREDIT_NOTES = File("credit_notes.csv", CreditNote, ("number",), "invoices.csv", "invoice", optional=True)

FILES = (
    CUSTOMERS,
    CONTACTS,
    SUBSCRIPTIONS,
    LICENCE_CHANGES,
    USERS,
    INVOICES,
    INVOICE_LINES,
    PAYMENTS,
    REMINDERS,
    COLLECTIONS,
    REFUNDS,
    CREDIT_NOTES,
)
"""All of them, owners before what they own."""


def read_cell(column: Column, text: str) -> Any:
    """The value of a cell; ValueError with what would be right."""
    if not text and column.optional:
        return None
    if not text:
        raise ValueError("is empty")
    if column.allowed and text not in column.allowed:
        raise ValueError(f"{text!r} is not one of {', '.join(column.allowed)}")
    return READERS[column.kind](text)


def write_cell(value: Any) -> str:
    """A value as `read_cell` reads it. ValueError for money that is not euros."""
    return "" if value is None else WRITERS[type(value)](value)


def _matching(pattern: str, right: str) -> Callable[[str], str]:
    def checked(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(f"{text!r} is not {right}")
        return text

    return checked


_digits = _matching(r"-?[0-9]{1,9}", "a whole number; write it as 10")
_decimal = _matching(r"-?[0-9]{1,9}(\.[0-9]{1,2})?", "a number with at most two decimals; write it as 7.04")
_amount = _matching(r"-?[0-9]{1,12}\.[0-9]{2}", "an amount; write it as 1250.00")
_date = _matching(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "a date; write it as 2026-07-01")
_yes_no = _matching("yes|no", "yes or no")


def _read_date(text: str) -> date:
    try:
        day = date.fromisoformat(_date(text))
    except ValueError as error:
        raise ValueError(f"{text!r} is not a date; write it as 2026-07-01") from error
    if day.year not in YEARS:
        raise ValueError(f"{text!r} is not a likely date; the year is to be {YEARS.start} to {YEARS.stop - 1}")
    return day


def _write_money(money: Money) -> str:
    if money.currency != "EUR":
        raise ValueError(f"{money} is not in euros; the files hold euros")
    return str(money).removesuffix(" EUR")


READERS: Mapping[type, Callable[[str], Any]] = {
    str: str,
    int: lambda text: int(_digits(text)),
    bool: lambda text: _yes_no(text) == "yes",
    date: _read_date,
    Decimal: lambda text: Decimal(_decimal(text)),
    Money: lambda text: Money(int(_amount(text).replace(".", ""))),
}
WRITERS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    int: str,
    bool: lambda yes: "yes" if yes else "no",
    date: str,
    Decimal: lambda number: f"{number:f}",
    Money: _write_money,
}


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
