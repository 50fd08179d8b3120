"""What an explanation is made of: facts with reckoning and origin, statements that the content files word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from saldo.billing.model import Country, Money
from saldo.billing.period import BillingPeriod

Value = int | Decimal | Money | date | BillingPeriod | str
"""What a placeholder or a fact may hold; `saldo.answers.formats` writes each kind in the reader's language."""


@dataclass(frozen=True)
class Source:
    """The record a figure was read from; `name` picks the wording in `faq/<language>.yml` under `sources`."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """For machines and support agents, e.g. ``invoice 2026-0142, line 1``."""
        named = [] if self.name in ("invoice", "invoice_line") else [self.name]
        return ", ".join(named + [f"{key} {value}" for key, value in self.values.items()])


@dataclass(frozen=True)
class Formula:
    """How a value was reckoned: a template over the inputs, e.g. ``{licences} × {months}``."""

    template: str
    inputs: Mapping[str, Value]

    def __str__(self) -> str:
        """For machines and support agents, e.g. ``10 × 6``."""
        return self.template.format(**self.inputs)


@dataclass(frozen=True)
class Fact:
    """One figure: what it is, its value, how it was reckoned (None: read as it stands) and where from."""

    name: str
    value: Value
    source: Source
    formula: Formula | None = None


@dataclass(frozen=True)
class Sentence:
    """One sentence to say: `name` picks its wording among the topic's `figures`, `values` fill it in."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)


Direction = Literal["add", "remove"]


@dataclass(frozen=True)
class NamedChange:
    """Licences more or fewer, as a question names them; None for what it leaves open."""

    way: Direction | None = None
    licences: int | None = None
    date: str | None = None
    """As in `InvoiceQuery`."""


@dataclass(frozen=True)
class InvoiceQuery:
    """What the customer named in the question; all of it as said, none of it looked up yet."""

    invoice: str | None = None
    """An invoice's number, however typed."""
    quantity: int | None = None
    """A number of items, as printed on an invoice."""
    date: str | None = None
    """A day or month, ISO 8601 with what is not said left out: 2026-07-01, --07-01, 2026-03, --03."""
    amount: Money | None = None
    place: Literal["latest", "previous"] | None = None
    """Which invoice in the row of invoices."""
    before: str | None = None
    """The invoice told of last, which "previous" counts from; without one it counts from the latest."""
    licences: int | None = None
    """How many licences, as in "and if I take three more?"."""
    change: Direction | None = None
    target: int | None = None
    """How many licences there are to be, as in "back to 8"."""
    changes: tuple[NamedChange, ...] = ()
    """Several changes, in the order named; a single one is in `change`, `licences` and `date`."""
    made: bool = False
    """Whether the changes are told as made already: then they are no plan."""
    recorded: bool = False
    """Whether it is asked if the records hold the changes made."""
    months: int | None = None
    """The length of a period, as in "12 licences, 3 months?"."""
    point: str | None = None
    """What exactly within the topic is asked, such as "next" of invoices."""
    counts: tuple[int, ...] = ()
    """All numbers of items, in their order; `quantity` is the first of them."""
    other: str | None = None
    """Another invoice's number, which the first is compared with."""
    than: Literal["higher", "lower"] | None = None
    """What an invoice is said to be, compared with another."""
    year: int | Literal["this", "previous", "last"] | None = None
    """A calendar year, where one is asked about as a whole; "last" is the year up to today."""

    @property
    def named_changes(self) -> tuple[NamedChange, ...]:
        """The changes named, one or several; one that leaves all open if none is."""
        return self.changes or (NamedChange(self.change, self.licences, self.date),)


NOTHING_NAMED = InvoiceQuery()


@dataclass(frozen=True)
class Seats:
    """The licences billed, and how many of them active users hold."""

    licences: int
    active: int


@dataclass(frozen=True)
class Stretch:
    """Some days of a billing period, and in a statement's words what is billed for them."""

    sentence: Sentence
    days: BillingPeriod


@dataclass(frozen=True)
class PeriodTimeline:
    """A change in mid-period: the whole period, the day of the change, what is billed from when."""

    period: BillingPeriod
    change_on: date
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True)
class Explanation:
    """A topic told in figures: one customer's own, or of nobody's account but the question's."""

    topic: str
    sentences: tuple[Sentence, ...]
    facts: tuple[Fact, ...]
    seats: Seats | None = None
    timeline: PeriodTimeline | None = None
    own: bool = True
    """Whether the figures are from a customer's records."""
    country: Country | None = None
    """The customer's, which decides who collects what is overdue; None if it is not known."""
