"""What the billing tests share: one plain account, and a database of each kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import NoReturn

import pytest

from saldo.billing.model import (
    Account,
    Contact,
    Customer,
    Invoice,
    InvoiceLine,
    LicenceChange,
    Money,
    Payment,
    Subscription,
    User,
)
from saldo.billing.period import BillingPeriod
from tests.databases import database_of

MARIADB = "mysql+pymysql://root@127.0.0.1:3306"


@pytest.fixture
def account() -> Account:
    """10 licences, 8 active users, billed for the second half of 2026: 60 at 34.50, paid in time."""
    half_year = BillingPeriod(date(2026, 7, 1), date(2027, 1, 1))
    line = InvoiceLine(1, 10, Decimal(6), Decimal(60), Money(3450), half_year)
    names = ("Anna", "Bea", "Cor", "Dirk", "Els", "Fien", "Gijs", "Hans")
    return Account(
        Customer("NL-1", "Voorbeeld B.V.", "NL", "nl", "99000001"),
        contacts=(Contact("NL-1", "Anna", "anna@voorbeeld.example"),),
        subscriptions=(Subscription("S-1", "NL-1", "Team", 6, half_year),),
        licence_changes=(LicenceChange("S-1", date(2026, 1, 1), date(2026, 1, 1), 10),),
        users=(*(User("NL-1", name, True) for name in names), User("NL-1", "Iris", False)),
        invoices=(Invoice("2026-0142", "S-1", date(2026, 7, 1), date(2026, 7, 15), Money(207000), (line,)),),
        payments=(Payment("P-1", "2026-0142", date(2026, 7, 13), Money(207000)),),
    )


@pytest.fixture
def mariadb_url(needs_service: Callable[[str], NoReturn]) -> Iterator[str]:
    """A MariaDB database made for one test and dropped after it."""
    yield from database_of(f"{MARIADB}/mysql?charset=utf8mb4", "DROP DATABASE {}", needs_service)
