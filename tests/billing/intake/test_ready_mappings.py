"""The mappings in docs/mappings read the exports they are for: each an invented sample, imported for real."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from saldo.billing.account_state import balance
from saldo.billing.intake.csv_source import CsvSource
from saldo.billing.intake.mapping import read_mapping
from saldo.billing.model import (
    Account,
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
)
from saldo.billing.period import BillingPeriod
from tests.billing.importing import accounts_of

MAPPINGS = Path(__file__).parents[3] / "docs" / "mappings"
SAMPLES = Path(__file__).parent / "samples"
HALF_YEAR = BillingPeriod(date(2026, 7, 1), date(2027, 1, 1))
FOUR_MONTHS = BillingPeriod(date(2026, 9, 1), date(2027, 1, 1))


def imported(name: str) -> list[Account]:
    return accounts_of(CsvSource(SAMPLES / name, read_mapping(MAPPINGS / f"{name}.yml")))


def test_each_has_a_sample_and_a_word_on_what_it_cannot_give() -> None:
    names = {path.stem for path in MAPPINGS.glob("*.yml")}
    assert names == {path.name for path in SAMPLES.iterdir()}
    readme = (MAPPINGS / "README.md").read_text(encoding="utf-8")
    assert all(f"{name}.yml" in readme for name in names)


def test_stripe() -> None:
    """A moment of the late evening in UTC is the next day here; drafts, other currencies and countries do not count."""
    dutch, finnish = imported("stripe")
    assert replace(dutch, imports=None) == Account(
        Customer("cus_1", "Voorbeeld B.V.", "NL", "nl", "99000001"),
        contacts=(Contact("cus_1", "Voorbeeld B.V.", "anna@voorbeeld.example"),),
        subscriptions=(Subscription("sub_1", "cus_1", "Team", 6, HALF_YEAR),),
        licence_changes=(LicenceChange("sub_1", HALF_YEAR.start, HALF_YEAR.start, 10),),
        invoices=(Invoice("VB-0001", "sub_1", date(2026, 7, 1), date(2026, 7, 15), Money(207000), ()),),
        payments=(Payment("in_1", "VB-0001", date(2026, 7, 13), Money(207000)),),
    )
    assert [(one.id, one.months) for one in finnish.subscriptions] == [("sub_2", 4)]
    assert [(one.number, one.due_date) for one in finnish.invoices] == [("ES-0001", date(2026, 10, 1))]
    assert not finnish.knows("invoice_lines") and not finnish.knows("users")


def test_chargebee() -> None:
    """A price for the whole period becomes one for a month, and seats become the quantity."""
    dutch, finnish = imported("chargebee")
    line = InvoiceLine(1, 10, Decimal(6), Decimal(60), Money(3450), HALF_YEAR)
    assert dutch.invoices == (Invoice("2026-0142", "s-1", date(2026, 7, 1), date(2026, 7, 15), Money(207000), (line,)),)
    assert dutch.payments == (Payment("t-2", "2026-0142", date(2026, 7, 13), Money(207000)),)
    assert dutch.refunds == (Refund("2026-0142", date(2026, 8, 20), Money(20700)),)
    assert dutch.credit_notes == (CreditNote("CN-1", "2026-0142", date(2026, 8, 18), Money(20700)),)
    assert balance(dutch, dutch.invoices[0]) == Money(0)
    (subscription,) = finnish.subscriptions
    assert (subscription.months, subscription.cancelled_on) == (4, date(2026, 12, 1))
    assert [one.number for one in finnish.invoices[0].lines] == [1]


def test_procountor() -> None:
    """The quantity becomes licences and months, an invoice of several rows one; a type tells a credit note."""
    (finnish,) = imported("procountor")
    assert finnish.customer == Customer("1001", "Äyriäinen Oy", "FI", "fi", "0112038-9")
    assert finnish.subscriptions == (Subscription("S-1", "1001", "Team", 4, FOUR_MONTHS),)
    autumn = BillingPeriod(date(2026, 11, 1), date(2027, 1, 1))
    lines = (
        InvoiceLine(1, 10, Decimal(4), Decimal(40), Money(3450), FOUR_MONTHS),
        InvoiceLine(2, 1, Decimal(2), Decimal(2), Money(3450), autumn),
    )
    (invoice,) = finnish.invoices
    assert invoice == Invoice("20261", "S-1", date(2026, 9, 1), date(2026, 9, 15), Money(144900), lines)
    assert finnish.payments == (Payment("M-1", "20261", date(2026, 9, 14), Money(100000)),)
    assert finnish.reminders == (Reminder("20261", date(2026, 9, 25)),)
    assert finnish.credit_notes == (CreditNote("20264", "20261", date(2026, 10, 1), Money(6900)),)
    assert balance(finnish, invoice) == Money(100000 + 6900 - 144900)


def test_exact() -> None:
    """Files that begin with `sep=;`; a part of a period has months with decimals; two years are a period as well."""
    first, second = imported("exact")
    added = BillingPeriod(date(2026, 9, 16), date(2027, 1, 1))
    assert [invoice.lines for invoice in first.invoices] == [
        (InvoiceLine(1, 10, Decimal(6), Decimal(60), Money(3450), HALF_YEAR),),
        (InvoiceLine(1, 2, Decimal("3.5"), Decimal(7), Money(3450), added),),
    ]
    assert first.credit_notes == (CreditNote("2026-0200", "2026-0199", date(2026, 10, 1), Money(3450)),)
    (subscription,) = second.subscriptions
    assert (subscription.months, subscription.cancelled_on) == (24, date(2028, 1, 1))
    assert second.contacts == ()


@pytest.mark.parametrize("name", sorted(path.stem for path in MAPPINGS.glob("*.yml")))
def test_none_of_them_knows_who_uses_the_service(name: str) -> None:
    """So nobody is told "0 active users" of an accounting export."""
    assert not any(account.knows("users") for account in imported(name))
