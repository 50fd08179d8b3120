"""What a rule hands back, and the pieces that several rules tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from saldo.billing.explanation import Fact, InvoiceQuery, PeriodTimeline, Seats, Sentence, Source, Value
from saldo.billing.model import Account, Invoice

RECKONED = Source("reckoned")
SUBSCRIPTION = Source("subscription")
USERS = Source("users")
ASKED = Source("asked")
TODAY = Source("today")
INVOICES = Source("invoices")


@dataclass(frozen=True)
class Findings:
    """Statements in the order to be said, with the facts that account for every figure in them."""

    sentences: tuple[Sentence, ...] = ()
    facts: tuple[Fact, ...] = ()
    seats: Seats | None = None
    timeline: PeriodTimeline | None = None

    def __add__(self, other: Findings) -> Findings:
        return Findings(
            self.sentences + other.sentences,
            self.facts + other.facts,
            self.seats or other.seats,
            self.timeline or other.timeline,
        )


Rule = Callable[[Account, date, InvoiceQuery], Findings]
"""From an account, the day and what was asked to what can be said; where records lack, it says less."""


def finding(name: str, facts: Iterable[Fact] = (), **values: Value) -> Findings:
    """One statement with its facts."""
    return Findings((Sentence(name, values),), tuple(facts))


def combined(parts: Iterable[Findings]) -> Findings:
    return sum(parts, Findings())


def by_invoice(name: str, invoice: Invoice) -> Source:
    """A source of an invoice: itself, its payments, its reminder."""
    return Source(name, {"invoice": invoice.number})
