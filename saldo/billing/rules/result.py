"""What a rule hands back, and the pieces that several rules tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from saldo.billing.explanation import Asked, Fact, Seats, Source, Statement, Timeline, Value
from saldo.billing.model import Account, Invoice

RECKONED = Source("reckoned")
SUBSCRIPTION = Source("subscription")
USERS = Source("users")
ASKED = Source("asked")
TODAY = Source("today")
INVOICES = Source("invoices")


@dataclass(frozen=True)
class Told:
    """Statements in the order to be said, with the facts that account for every figure in them."""

    statements: tuple[Statement, ...] = ()
    facts: tuple[Fact, ...] = ()
    seats: Seats | None = None
    timeline: Timeline | None = None

    def __add__(self, other: Told) -> Told:
        return Told(
            self.statements + other.statements,
            self.facts + other.facts,
            self.seats or other.seats,
            self.timeline or other.timeline,
        )


Rule = Callable[[Account, date, Asked], Told]
"""From an account, the day and what was asked to what can be said; where records lack, it says less."""


def tell(name: str, facts: Iterable[Fact] = (), **values: Value) -> Told:
    """One statement with its facts."""
    return Told((Statement(name, values),), tuple(facts))


def all_told(parts: Iterable[Told]) -> Told:
    return sum(parts, Told())


def by_invoice(name: str, invoice: Invoice) -> Source:
    """A source of an invoice: itself, its payments, its reminder."""
    return Source(name, {"invoice": invoice.number})
