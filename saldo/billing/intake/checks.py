"""What the values of a row must fulfil, alone and together, wherever the row comes from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from saldo.billing.business_id import is_business_id
from saldo.billing.model import (
    Contact,
    CreditNote,
    Customer,
    Invoice,
    InvoiceLine,
    LicenceChange,
    Money,
    Payment,
    Refund,
    Subscription,
)

HALF_A_HUNDREDTH = Decimal("0.005")
LONGEST_PERIOD = 120
"""In months; a longer billing period is a slip of the keyboard."""


@dataclass(frozen=True)
class Check:
    """A test of some of a row's values; the mistake is shown at the first of those columns."""

    columns: tuple[str, ...]
    mistake: Callable[..., str | None]

    def of(self, values: Mapping[str, Any]) -> str | None:
        """What is wrong; None if nothing is, or a value it needs could not be read (a mistake of its own)."""
        complete = all(column in values for column in self.columns)
        return self.mistake(*(values[column] for column in self.columns)) if complete else None


def _business_id(text: str, country: str) -> str | None:
    kind = {"NL": "a KvK number; it has 8 digits", "FI": "a Y-tunnus; check its digits, as in 0112038-9"}
    return None if is_business_id(country, text) else f"{text!r} is not {kind[country]}"


def _email(text: str) -> str | None:
    name, at, domain = text.rpartition("@")
    right = name and at and "." in domain and not any(letter.isspace() for letter in text)
    return None if right else f"{text!r} is not an e-mail address"


def _months(months: int) -> str | None:
    right = 1 <= months <= LONGEST_PERIOD
    return None if right else f"a billing period of {months} months; allowed: 1 to {LONGEST_PERIOD}"


def _period(end: date, start: date) -> str | None:
    return None if end > start else f"{end} is not after the start, {start}; write the first day after the period"


def _not_zero(licences: int) -> str | None:
    return None if licences else "0 is no change; write how many were added, or removed as -2"


def _positive_number(number: int | Decimal) -> str | None:
    return None if number > 0 else f"{number} is not more than 0"


def _some_money(amount: Money) -> str | None:
    return None if amount.cents else "0.00 is no payment"


def _positive_money(amount: Money) -> str | None:
    return None if amount.cents > 0 else "is not more than 0.00"


def _no_debt(price: Money) -> str | None:
    return None if price.cents >= 0 else "is less than 0.00"


def _no_credit(total: Money) -> str | None:
    return None if total.cents >= 0 else "is less than 0.00; a credit note belongs in credit_notes.csv"


def _quantity(quantity: Decimal, licences: int, months: Decimal) -> str | None:
    right = is_product(quantity, licences, months)
    return None if right else f"{quantity} is not {licences} × {months} = {licences * months}"


def is_product(quantity: Decimal, licences: int, months: Decimal) -> bool:
    """Whole months multiply exactly; months cut to two decimals may be half a hundredth off, per licence."""
    tolerance = Decimal(0) if months == int(months) else HALF_A_HUNDREDTH * (licences + 1)
    return abs(quantity - licences * months) <= tolerance


CHECKS: Mapping[type, tuple[Check, ...]] = {
    Customer: (Check(("business_id", "country"), _business_id),),
    Contact: (Check(("email",), _email),),
    Subscription: (Check(("months",), _months), Check(("period_end", "period_start"), _period)),
    LicenceChange: (Check(("licences",), _not_zero),),
    Invoice: (Check(("total",), _no_credit),),
    InvoiceLine: (
        Check(("licences",), _positive_number),
        Check(("months",), _positive_number),
        Check(("unit_price",), _no_debt),
        Check(("quantity", "licences", "months"), _quantity),
        Check(("period_end", "period_start"), _period),
    ),
    Payment: (Check(("amount",), _some_money),),
    Refund: (Check(("amount",), _positive_money),),
    CreditNote: (Check(("amount",), _positive_money),),
}
