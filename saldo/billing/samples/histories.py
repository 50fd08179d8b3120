"""Invented customers in any number, each with a history drawn by its number: for golden files and measuring.

The same number and day always give the same account. Unlike the sample's stories these are not chosen: licences
come and go, payments are late, partial, double or missing, and some customers leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from saldo.billing.business_id import y_tunnus
from saldo.billing.model import (
    Account,
    Collection,
    Contact,
    Country,
    Customer,
    Invoice,
    InvoiceLine,
    LicenceChange,
    Money,
    Payment,
    Refund,
    Reminder,
    Subscription,
    User,
)
from saldo.billing.period import BillingPeriod, add_months, months_between
from saldo.billing.samples.steps import PRICES

PERIOD_LENGTHS = (1, 3, 6, 12)
"""In months; those that are sold."""
COUNTRIES: tuple[Country, ...] = ("NL", "FI")
FIRST = 100_000
"""Numbers of these customers begin above those of the sample."""
LEAVES, SUBSCRIBES_TWICE, CHANGES_PACKAGE, BILLED_LATER, NEVER_PAYS, CROSSED = 3, 5, 4, 0, 6, 7
"""Remainders of the number that decide over rarer turns of a history."""
ODDS = {"add": 0.25, "remove": 0.2, "late": 0.2, "partly": 0.12, "twice": 0.08, "unpaid": 0.15, "cancel": 0.15}


@dataclass
class History:
    """A customer's records while they are being made up, and the chance that makes them."""

    number: int
    on: date
    chance: Random
    customer: Customer
    subscription: Subscription
    changes: list[LicenceChange] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)
    refunds: list[Refund] = field(default_factory=list)
    unbilled: list[InvoiceLine] = field(default_factory=list)
    """Additions that come with the next period's invoice."""

    def happens(self, what: str) -> bool:
        return self.chance.random() < ODDS[what]

    def licences(self, day: date) -> int:
        return sum(change.licences for change in self.changes if change.effective_on <= day)


def history(number: int, on: date, months: int | None = None, years: int = 2) -> Account:
    """The account of that number as of a day: so many years of periods of so many months (default: by chance)."""
    chance = Random(number)
    length = months or chance.choice(PERIOD_LENGTHS)
    start = add_months(on - timedelta(days=chance.randrange(28 * length)), -12 * years)
    story = History(number, on, chance, _customer(number), _subscription(number, length, start, chance))
    story.changes.append(_change(story, start, start, chance.randint(2, 40)))
    period, anchor = BillingPeriod.of(start, length), start.day
    while period.start <= on:
        story.subscription = replace(story.subscription, period=period)
        _live(story, period)
        period = period.next(length, anchor)
        if number % 7 == LEAVES and period.end > on:
            story.subscription = replace(story.subscription, cancelled_on=period.start)
            break
    return _account(story)


def _customer(number: int) -> Customer:
    country = COUNTRIES[number % 2]
    business_id = f"9{number:07}" if country == "NL" else _y_tunnus(number)
    language = "nl" if (country == "NL") != (number % 10 == 1) else "fi"  # some Finnish customers read Dutch
    name = f"Voorbeeld {number} B.V." if country == "NL" else f"Esimerkki {number} Oy"
    return Customer(f"{country}-{FIRST + number}", name, country, "nl" if language == "nl" else "fi", business_id)


def _y_tunnus(number: int) -> str:
    """Not every seven digits have a check digit; the next ones do."""
    return next(one for digits in range(2_000_000 + number * 2, 9_999_999) if (one := y_tunnus(str(digits))))


def _subscription(number: int, months: int, start: date, chance: Random) -> Subscription:
    package = chance.choice(list(PRICES))
    customer = _customer(number).id
    return Subscription(f"S-{FIRST + number}", customer, package, months, BillingPeriod.of(start, months))


def _change(story: History, ordered_on: date, effective_on: date, licences: int) -> LicenceChange:
    return LicenceChange(story.subscription.id, ordered_on, effective_on, licences)


def _live(story: History, period: BillingPeriod) -> None:
    """One period: its invoice, what is added and removed in it, and whether the customer leaves after it."""
    earlier, story.unbilled = story.unbilled, []
    _bill(story, [_line(story, period, story.licences(period.start), 1), *earlier])
    days = (min(period.end, story.on) - period.start).days
    if days > 2 and story.happens("add"):
        _add(story, period, period.start + timedelta(days=story.chance.randrange(1, days)))
    if days > 2 and story.happens("remove") and story.licences(period.end) > 3:
        day = period.start + timedelta(days=story.chance.randrange(days))
        story.changes.append(_change(story, day, period.end, -story.chance.randint(1, 2)))
    if period.contains(story.on) and story.happens("cancel"):
        story.subscription = replace(story.subscription, cancelled_on=period.end)
    elif period.contains(story.on) and story.number % 9 == CHANGES_PACKAGE:
        story.subscription = replace(
            story.subscription, next_package="Team" if story.subscription.package == "Pro" else "Pro"
        )


def _add(story: History, period: BillingPeriod, day: date) -> None:
    count = story.chance.randint(1, 5)
    story.changes.append(_change(story, day, day, count))
    rest = BillingPeriod(day, period.end)
    if story.number % 5 == BILLED_LATER:
        story.unbilled.append(_line(story, rest, count, 2))
    else:
        _bill(story, [_line(story, rest, count, 1)])


def _line(story: History, period: BillingPeriod, licences: int, number: int) -> InvoiceLine:
    months = months_between(period.start, period.end, period.anchor_day)
    whole = period.start == story.subscription.period.start
    months = Decimal(story.subscription.months) if whole else months
    price = PRICES[story.subscription.package]
    return InvoiceLine(number, licences, months, licences * months, price, period)


def _bill(story: History, lines: list[InvoiceLine]) -> None:
    """An invoice on the day its period begins; the last ones may stay open, earlier ones get paid somehow."""
    day = lines[0].period.start
    number = f"{day.year}-{story.number:05}{len(story.invoices):03}"
    total = sum((line.unit_price.times(line.quantity) for line in lines), Money(0))
    invoice = Invoice(number, story.subscription.id, day, day + timedelta(days=14), total, tuple(lines))
    story.invoices.append(invoice)
    recent = (story.on - day).days < 120
    if story.number % 13 == NEVER_PAYS or (recent and story.happens("unpaid")):
        _chase(story, invoice)
    else:
        _pay(story, invoice, recent)


def _pay(story: History, invoice: Invoice, recent: bool) -> None:
    late = timedelta(days=story.chance.randint(3, 25)) if story.happens("late") else timedelta(days=-1)
    day = invoice.due_date + late
    if day > story.on:
        return
    partly = recent and story.happens("partly")
    amount = Money(invoice.total.cents // 2) if partly else invoice.total
    story.payments.append(Payment(f"P-{invoice.number}", invoice.number, day, amount))
    if late.days > 7:
        story.reminders.append(Reminder(invoice.number, invoice.due_date + timedelta(days=7)))
    if story.number % 13 == CROSSED and day + timedelta(days=2) <= story.on:
        story.reminders.append(Reminder(invoice.number, day + timedelta(days=2)))
    if recent and not partly and story.happens("twice"):
        _pay_again(story, invoice, day)


def _pay_again(story: History, invoice: Invoice, day: date) -> None:
    """Paid twice; some are paid back a month later."""
    story.payments.append(Payment(f"P-{invoice.number}-2", invoice.number, day, invoice.total))
    back = add_months(day, 1)
    if story.number % 2 and back <= story.on:
        story.refunds.append(Refund(invoice.number, back, invoice.total))


def _chase(story: History, invoice: Invoice) -> None:
    """Reminded ten days past the due date; in Finland in collection ten days after that."""
    reminded = invoice.due_date + timedelta(days=10)
    if reminded <= story.on:
        story.reminders.append(Reminder(invoice.number, reminded))
    transferred = reminded + timedelta(days=10)
    if transferred <= story.on and story.customer.country == "FI":
        story.collections.append(Collection(invoice.number, transferred))


def _account(story: History) -> Account:
    licences = story.licences(story.on)
    active = story.chance.randint(max(licences - 3, 1), max(licences, 1))
    who = story.customer.id
    subscriptions, changes = [story.subscription], [*story.changes]
    if story.number % 11 == SUBSCRIBES_TWICE:
        second = replace(story.subscription, id=f"{story.subscription.id}-2", package="Start", cancelled_on=None)
        subscriptions.append(second)
        changes.append(LicenceChange(second.id, second.period.start, second.period.start, 3))
    users = [User(who, f"Gebruiker {place}", place <= active) for place in range(1, active + 2)]
    return Account(
        story.customer,
        (Contact(who, "Kontakti", f"kontakti@{who.lower()}.example"),),
        tuple(subscriptions),
        tuple(changes),
        tuple(users),
        tuple(story.invoices),
        tuple(story.payments),
        tuple(story.reminders),
        tuple(story.collections),
        tuple(story.refunds),
    )
