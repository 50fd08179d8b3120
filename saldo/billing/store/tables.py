"""The billing tables. They point at the model, never the reverse; `repository` turns rows into records.

Money is integer cents with its currency, other decimals are integer hundredths: no float on the way.
`position` keeps an account's records in the order they came in, and with its owner is the key that look-ups
use.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

LAYOUT = "0005"
"""The newest of `migrations/versions`, one of which is added whenever a table changes; compared on opening.

The mail ledger, feedback and spent tokens may live in the same database; they are made on first use, and no part of it.
"""
LAST_OWN_COUNT = 2
"""What Saldo 0.1, which counted layouts by itself, finds in `billing_layout`: that of a newer one."""

metadata = MetaData()


class Hundredths(TypeDecorator):
    """An exact decimal with two places, stored as an integer. ValueError for more places."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        if value is not None and value * 100 != int(value * 100):
            raise ValueError(f"{value} has more than two decimals")
        return None if value is None else int(value * 100)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else _hundredths(value)


@lru_cache(maxsize=4096)
def _hundredths(value: int) -> Decimal:
    """Kept: the same few lengths and quantities come again and again."""
    return Decimal(value) / 100


def _belongs_to(target: str, **options: Any) -> Column:
    """A foreign key named after its table; the row goes when its owner goes."""
    name = {"customers": "customer", "subscriptions": "subscription", "invoices": "invoice"}[target.split(".")[0]]
    return Column(name, String, ForeignKey(target, ondelete="CASCADE"), nullable=False, **options)


def _required(name: str, kind: Any, **options: Any) -> Column:
    return Column(name, kind, nullable=False, **options)


def _position(**options: Any) -> Column:
    return Column("position", Integer, nullable=False, autoincrement=False, **options)


migration = Table("billing_migration", metadata, Column("version_num", String(32), primary_key=True))
own_count = Table("billing_layout", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

imports = Table(
    "imports",
    metadata,
    Column("name", String, primary_key=True),
    Column("imported_on", Date),
    _required("source", Text),
)
customers = Table(
    "customers",
    metadata,
    Column("id", String, primary_key=True),
    _required("name", Text),
    _required("country", String(2)),
    _required("language", String(2)),
    _required("business_id", String),
)
kept_imports = Table(
    "kept_imports",
    metadata,
    _belongs_to("customers.id", primary_key=True),
    Column("name", String, primary_key=True),
    _required("known", Boolean),
    Column("imported_on", Date),
)
contacts = Table(
    "contacts",
    metadata,
    _belongs_to("customers.id", primary_key=True),
    _position(primary_key=True),
    _required("name", Text),
    _required("email", String, index=True),
)
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", String, primary_key=True),
    _position(),
    _belongs_to("customers.id", index=True),
    _required("package", Text),
    _required("months", Integer),
    _required("period_start", Date),
    _required("period_end", Date),
    Column("cancelled_on", Date),
    Column("next_package", Text),
)
licence_changes = Table(
    "licence_changes",
    metadata,
    _belongs_to("subscriptions.id", primary_key=True),
    _position(primary_key=True),
    _required("ordered_on", Date),
    _required("effective_on", Date),
    _required("licences", Integer),
)
users = Table(
    "users",
    metadata,
    _belongs_to("customers.id", primary_key=True),
    _position(primary_key=True),
    _required("name", Text),
    _required("active", Boolean),
)
invoices = Table(
    "invoices",
    metadata,
    Column("number", String, primary_key=True),
    _position(),
    _belongs_to("subscriptions.id", index=True),
    _required("issued_on", Date),
    _required("due_date", Date),
    _required("total_cents", BigInteger),
    _required("currency", String(3)),
)
invoice_lines = Table(
    "invoice_lines",
    metadata,
    _belongs_to("invoices.number", primary_key=True),
    _position(primary_key=True),
    _required("number", Integer),
    _required("licences", Integer),
    _required("months", Hundredths),
    _required("quantity", Hundredths),
    _required("unit_price_cents", BigInteger),
    _required("currency", String(3)),
    _required("period_start", Date),
    _required("period_end", Date),
    UniqueConstraint("invoice", "number"),
)
payments = Table(
    "payments",
    metadata,
    Column("id", String, primary_key=True),
    _position(),
    _belongs_to("invoices.number", index=True),
    _required("paid_on", Date),
    _required("amount_cents", BigInteger),
    _required("currency", String(3)),
)
reminders = Table(
    "reminders",
    metadata,
    _belongs_to("invoices.number", primary_key=True),
    _position(primary_key=True),
    _required("sent_on", Date),
)
collections = Table(
    "collections",
    metadata,
    _belongs_to("invoices.number", primary_key=True),
    _position(primary_key=True),
    _required("transferred_on", Date),
)
refunds = Table(
    "refunds",
    metadata,
    _belongs_to("invoices.number", primary_key=True),
    _position(primary_key=True),
    _required("paid_on", Date),
    _required("amount_cents", BigInteger),
    _required("currency", String(3)),
)
credit_notes = Table(
    "credit_notes",
    metadata,
    Column("number", String, primary_key=True),
    _position(),
    _belongs_to("invoices.number", index=True),
    _required("issued_on", Date),
    _required("amount_cents", BigInteger),
    _required("currency", String(3)),
)
