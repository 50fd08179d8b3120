"""What a rule hands back, and the pieces that several rules tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from saldo.billing.account_state import current_package, ends_on
from saldo.billing.explanation import Fact, InvoiceQuery, PeriodTimeline, Seats, Sentence, Source, Value
from saldo.billing.model import Account, Invoice, Subscription

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


def each_told(subscriptions: Sequence[Subscription], on: date, told: Callable[[Subscription], Findings]) -> Findings:
    """What is told of each subscription, with its name before it if there are several."""
    several = len(subscriptions) > 1
    return combined((of_subscription(one, on) if several else Findings()) + told(one) for one in subscriptions)


def of_subscription(subscription: Subscription, on: date) -> Findings:
    """Which of several subscriptions the following is about."""
    package = current_package(subscription, on)
    facts = [Fact("subscription", subscription.id, SUBSCRIPTION), Fact("package", package, SUBSCRIPTION)]
    return finding("of_subscription", facts, subscription=subscription.id, package=package)


def cancelled(subscription: Subscription) -> Findings:
    """For this subscription no next period begins."""
    day = ends_on(subscription)
    return finding("cancelled", [Fact("ends_on", day, SUBSCRIPTION)], ends_on=day) if day else Findings()
