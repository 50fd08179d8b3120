"""What is asked of one's own bill, drawn by chance from what is on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Literal

from saldo.billing.explanation import InvoiceQuery
from saldo.billing.model import Account


def of_own_bill(account: Account, topic: str, on: date, chance: Random) -> Iterator[InvoiceQuery]:
    """What is asked of one's own bill beside the points that were learnt."""
    numbers = [one.number for one in account.invoices]
    billed = [int(line.quantity) for one in account.invoices for line in one.lines]
    if topic == "invoice_status":
        this, other = (chance.choice([None, None, *numbers[-6:]]) for _ in range(2))
        directions: Sequence[Literal["higher", "lower"] | None] = (None, "higher", "lower")
        than = chance.choice(directions)
        yield InvoiceQuery(point="comparison", than=than)
        total = chance.choice([None, *(one.total for one in account.invoices)])
        yield InvoiceQuery(point="comparison", amount=total, date=None if total else "2020-01")
        yield InvoiceQuery(
            invoice=this, other=other if this and this != other else None, than=than, point="whether_higher"
        )
        if numbers:
            yield InvoiceQuery(place="previous", before=chance.choice(numbers), point="comparison")
            yield InvoiceQuery(
                invoice=chance.choice(["77-X", *numbers]), point=chance.choice(["copy", "late", "paid", "due"])
            )
        yield InvoiceQuery(year=chance.choice([on.year, on.year - 1, "this", "previous", "last"]), point="total")
        since = max((one.issued_on for one in account.credit_notes if one.issued_on <= on), default=on)
        yield InvoiceQuery(months=1 + (on - since).days // 28, point="total")
        yield InvoiceQuery(months=chance.choice([None, 3, 12]), point="total_paid")
        yield InvoiceQuery(invoice=chance.choice([None, "77-X", *numbers]), point="price")
        yield InvoiceQuery(point=chance.choice(["late", "any_open"]))
    if topic == "seat_count":
        day = on - timedelta(days=chance.randint(0, 900))
        written = [day.isoformat(), day.isoformat()[:7], f"--{day:%m-%d}", f"--{day:%m}"]
        yield InvoiceQuery(date=chance.choice(written), point="past")
        yield InvoiceQuery(invoice=chance.choice(["77-X", *numbers]), point="billed")
    if topic in ("seat_count", "invoice_quantity") and billed:
        counts = tuple(chance.choice([*billed, 3, 12]) for _ in range(2))
        yield InvoiceQuery(quantity=counts[0], counts=counts, point=chance.choice([None, "basis", "is_right"]))
    if topic == "licence_change":
        yield InvoiceQuery(licences=chance.randint(1, 9), change="add", point="cost")
