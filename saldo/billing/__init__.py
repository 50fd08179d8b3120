"""Billing: what was agreed, invoiced and paid, and the rules that explain it to the customer.

What needs a database is loaded when first used: the model and the rules do without, SQLAlchemy takes 0.7 s.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from saldo.billing.explain import explain
from saldo.billing.explanation import Explanation, Fact, Formula, InvoiceQuery, Seats, Sentence, Source, Value
from saldo.billing.intake.csv_format import write_folder
from saldo.billing.message_catalogue import FACTS, MESSAGES, SOURCES
from saldo.billing.model import Account, Customer, Money
from saldo.billing.period import BillingPeriod
from saldo.billing.samples.accounts import sample_accounts

if TYPE_CHECKING:
    from saldo.billing.store.database import create_database, open_database
    from saldo.billing.store.repository import Repository

__all__ = [
    "FACTS",
    "MESSAGES",
    "SOURCES",
    "Account",
    "BillingPeriod",
    "Customer",
    "Explanation",
    "Fact",
    "Formula",
    "InvoiceQuery",
    "Money",
    "Repository",
    "Seats",
    "Sentence",
    "Source",
    "Value",
    "create_database",
    "explain",
    "open_database",
    "sample_accounts",
    "write_folder",
]

LOADED_LATE = {"create_database": "store.database", "open_database": "store.database", "Repository": "store.repository"}


def __getattr__(name: str) -> Any:
    if name not in LOADED_LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{LOADED_LATE[name]}"), name)
