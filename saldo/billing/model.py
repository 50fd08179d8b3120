"""The billing model: what was agreed, what was invoiced, what was paid. Plain frozen records, no database.

Words are those of the vocabulary: a *licence* is the right that is billed, an *active user* a person who
uses it and is never billed. Periods are half-open; money is integer cents with a currency.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Literal, TypeVar

from saldo.billing.period import BillingPeriod

Country = Literal["NL", "FI"]
Language = Literal["nl", "fi"]
TableName = Literal[
    "customers",
    "contacts",
    "subscriptions",
    "licence_changes",
    "users",
    "invoices",
    "invoice_lines",
    "payments",
    "reminders",
    "collections",
    "refunds",
    "credit_notes",
]
"""The tables of records that a source may have."""


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in integer cents of one currency; negative where the seller owes the buyer."""

    cents: int
    currency: str = "EUR"

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + self._same(other).cents, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - self._same(other).cents, self.currency)

    def __str__(self) -> str:
        """For machines, e.g. ``1250.00 EUR``; `saldo.answers.formats` writes it for people."""
        whole, cents = divmod(abs(self.cents), 100)
        return f"{'-' if self.cents < 0 else ''}{whole}.{cents:02} {self.currency}"

    def times(self, quantity: Decimal) -> Money:
        """This price for so many, rounded half up to the cent."""
        return Money(int((self.cents * quantity).to_integral_value(ROUND_HALF_UP)), self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other


@dataclass(frozen=True)
class Customer:
    """A company that buys the service."""

    id: str
    name: str
    country: Country
    language: Language
    business_id: str
    """KvK number (8 digits) in the Netherlands, Y-tunnus with its check digit in Finland."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person who may ask about a customer's bill; the address is stored in lower case."""

    customer: str
    name: str
    email: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "email", self.email.strip().lower())


@dataclass(frozen=True, slots=True)
class Subscription:
    """A customer's agreement: one package, billed in advance per period."""

    id: str
    customer: str
    package: str
    months: int
    """Length of a billing period, in whole months."""
    period: BillingPeriod
    """The current billing period."""
    cancelled_on: date | None = None
    """The day from which the service ends, if it was cancelled; equal to a period's end."""
    next_package: str | None = None
    """The package that starts with the next period, if a change is under way."""


@dataclass(frozen=True, slots=True)
class LicenceChange:
    """Licences added (positive) or removed (negative), and the day it counts for billing.

    A subscription's first change is the licences it began with; their sum up to a day is that day's licences.
    """

    subscription: str
    ordered_on: date
    effective_on: date
    """Added: the day of the order. Removed: the first day of the next period."""
    licences: int


@dataclass(frozen=True, slots=True)
class User:
    """A person's account in the service; `active` ones use a licence."""

    customer: str
    name: str
    active: bool


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """What one line bills: licences over a period. EN 16931 BG-25."""

    number: int
    licences: int
    months: Decimal
    """Months billed: the billing period's length, or what is left of it from the day licences were added."""
    quantity: Decimal
    """As printed on the invoice: licences × months (BT-129)."""
    unit_price: Money
    """Per licence and month."""
    period: BillingPeriod


@dataclass(frozen=True, slots=True)
class Invoice:
    """A bill, issued in advance of the period it covers."""

    number: str
    subscription: str
    issued_on: date
    due_date: date
    total: Money
    lines: tuple[InvoiceLine, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received for an invoice."""

    id: str
    invoice: str
    paid_on: date
    amount: Money
    """Negative if it was moved to another invoice, as when an overpayment was set off."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A payment reminder sent for an invoice."""

    invoice: str
    sent_on: date


@dataclass(frozen=True, slots=True)
class Collection:
    """An overdue invoice handed to the collection partner (in Finland: Visma Amili)."""

    invoice: str
    transferred_on: date


@dataclass(frozen=True, slots=True)
class Refund:
    """An overpayment paid back on a bank account."""

    invoice: str
    paid_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class CreditNote:
    """A document that takes something off an invoice: so much less of it is to be paid."""

    number: str
    invoice: str
    issued_on: date
    amount: Money
    """Above zero: what is taken off."""


@dataclass(frozen=True, slots=True)
class TableImport:
    """When a table of the records was last brought up to its source, and from where."""

    table: TableName
    imported_on: date | None
    """None: before Saldo kept count of it."""
    source: str
    """For our own people: a folder, or a server and database. No customer is told."""
    behind: bool = False
    """Whether a later import left this customer's rows as they were: they had mistakes, or were not in its source."""


@dataclass(frozen=True)
class Account:
    """Everything the model knows of one customer, and of nobody else; what the rules read."""

    customer: Customer
    contacts: tuple[Contact, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    licence_changes: tuple[LicenceChange, ...] = ()
    users: tuple[User, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    reminders: tuple[Reminder, ...] = ()
    collections: tuple[Collection, ...] = ()
    refunds: tuple[Refund, ...] = ()
    credit_notes: tuple[CreditNote, ...] = ()
    imports: tuple[TableImport, ...] | None = field(default=None, compare=False)
    """The tables that were ever imported. None: no import brought these records (the sample), and all are known."""

    def knows(self, table: TableName) -> bool:
        """Whether the records of that table are known; where they are not, an empty list means nothing."""
        return self.imports is None or any(one.table == table for one in self.imports)

    @cached_property
    def payments_by_invoice(self) -> Mapping[str, Sequence[Payment]]:
        """Grouped once: with ten years of invoices, looking through all payments for each takes milliseconds."""
        return _by_invoice(self.payments)

    @cached_property
    def refunds_by_invoice(self) -> Mapping[str, Sequence[Refund]]:
        return _by_invoice(self.refunds)

    @cached_property
    def credit_notes_by_invoice(self) -> Mapping[str, Sequence[CreditNote]]:
        return _by_invoice(self.credit_notes)


OfInvoice = TypeVar("OfInvoice", Payment, Refund, CreditNote)


def _by_invoice(records: Sequence[OfInvoice]) -> Mapping[str, Sequence[OfInvoice]]:
    grouped: dict[str, list[OfInvoice]] = defaultdict(list)
    for record in records:
        grouped[record.invoice].append(record)
    return dict(grouped)
