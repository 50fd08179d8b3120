"""What can happen in a sample account, one small step each: begin, add licences, pay twice, cancel.

`begin` makes an account whose invoices are all paid; each further step takes an account and returns another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from saldo.billing.account_state import balance
from saldo.billing.business_id import y_tunnus
from saldo.billing.model import (
    Account,
    Collection,
    Contact,
    Country,
    Customer,
    Invoice,
    InvoiceLine,
    Language,
    LicenceChange,
    Money,
    Payment,
    Refund,
    Reminder,
    Subscription,
    User,
)
from saldo.billing.period import BillingPeriod, add_months, months_between

NAMES: dict[Country, str] = {
    "NL": """Kraanvogel Advies B.V.
Zoutkeet Architecten B.V.
Lindehof Accountants B.V.
Tegelwerk Interieur B.V.
Noordkade Ingenieurs B.V.
Wolkenveld Communicatie B.V.
Haverstraat Juristen B.V.
Duingras Landschap B.V.
Sluiswachter Consultancy B.V.
Kompasroos Opleidingen B.V.
Beukelaar & Zoon Techniek B.V.
Ganzenveer Uitgevers B.V.
Marktlicht Onderzoek B.V.
Oeverloper Logistiek B.V.
Stadsmuur Projecten B.V.
Vlinderslag Software B.V.
Weegbree Advocatuur B.V.""",
    "FI": """Kurkiaura Konsultointi Oy
Suolahuone Arkkitehdit Oy
Lehmuspiha Tilitoimisto Oy
Laattakivi Sisustus Oy
Pohjoislaituri Insinöörit Oy
Pilvipelto Viestintä Oy
Kaurakuja Lakipalvelut Oy
Dyynivihvilä Maisema Oy
Sulkuvahti Neuvonta Oy
Tuuliruusu Koulutus Oy
Pyökkilä ja Poika Tekniikka Oy
Hanhensulka Kustannus Oy
Torivalo Tutkimus Oy
Rantasipi Logistiikka Oy
Muurinkulma Projektit Oy
Perhosisku Ohjelmistot Oy
Ratamo Asianajo Oy""",
}
FIRST_NAMES: dict[Country, str] = {
    "NL": "Anneke Bram Carlijn Daan Evelien Femke Gijs Hanneke Iris Jeroen Katja Lotte Maarten Noor Roos",
    "FI": "Aino Eero Helmi Ilmari Johanna Kaisa Lauri Maija Niilo Oona Pekka Riikka Sanna Tuomas Veera Ville",
}
LAST_NAMES: dict[Country, str] = {
    "NL": "Achterberg Bosveld Dijkhuis Groeneweg Kuiperij Molenaar Oosterhof Rietveen Veldkant Zandman",
    "FI": "Ahovaara Hietakari Järvelin Kallionpää Mäkirinne Niittyaho Palojärvi Rautala Suoranta Vuorela",
}
FIRST_ID: dict[Country, int] = {"NL": 1001, "FI": 2001}


@dataclass(frozen=True)
class Company:
    """An invented customer; `number` counts from 0 within its country."""

    country: Country
    number: int

    @property
    def customer(self) -> Customer:
        name = NAMES[self.country].splitlines()[self.number]
        language: Language = "nl" if self.country == "NL" else "fi"
        number = FIRST_ID[self.country] + self.number
        return Customer(f"{self.country}-{number}", name, self.country, language, self._business_id())

    def contact(self, number: int = 0) -> Contact:
        """One of its contacts, with an address on a domain nobody can own."""
        customer, name = self.customer, self._person(3 * self.number + 5 * number)
        return Contact(customer.id, name, f"{_slug(name, '.')}@{_slug(customer.name.rsplit(' ', 1)[0], '-')}.example")

    def users(self, active: int, inactive: int) -> tuple[User, ...]:
        people = (self._person(3 * self.number + 5 * number) for number in range(active + inactive))
        return tuple(User(self.customer.id, name, number < active) for number, name in enumerate(people))

    def _person(self, seed: int) -> str:
        first, last = FIRST_NAMES[self.country].split(), LAST_NAMES[self.country].split()
        return f"{first[seed % len(first)]} {last[seed % len(last)]}"

    def _business_id(self) -> str:
        """From ranges not yet given out: KvK numbers that begin with 99, Y-tunnus that begin with 9."""
        if self.country == "NL":
            return str(99001000 + 37 * self.number)
        candidates = (y_tunnus(str(9001000 + 37 * self.number + step)) for step in range(2))
        return next(one for one in candidates if one is not None)


def companies(country: Country) -> list[Company]:
    return [Company(country, number) for number in range(len(NAMES[country].splitlines()))]


def _slug(text: str, joint: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", joint, plain).strip(joint)


Step = Callable[[Account], Account]

PAYMENT_TERM = timedelta(days=14)
PRICES = {"Start": Money(2450), "Team": Money(3450), "Pro": Money(4950)}
"""Per licence and month, by package."""


@dataclass(frozen=True)
class Plan:
    """What an account begins with; `start` begins the current period, `invoiced` counts the periods to it."""

    months: int
    start: date
    licences: int
    active: int
    package: str = "Team"
    invoiced: int = 2


def begin(company: Company, plan: Plan, first_number: int, on: date) -> Account:
    """An account that paid what was invoiced; its invoices are numbered from `first_number`."""
    subscription = Subscription(
        f"S-{company.customer.id}", company.customer.id, plan.package, plan.months, _period(plan, 0)
    )
    began = _period(plan, max(plan.invoiced - 1, 0)).start
    account = Account(
        company.customer,
        contacts=(company.contact(),),
        subscriptions=(subscription,),
        licence_changes=(LicenceChange(subscription.id, began, began, plan.licences),),
        users=company.users(plan.active, inactive=1),
    )
    for back in reversed(range(plan.invoiced)):
        account = _bill(account, _period(plan, back), plan.licences, Decimal(plan.months), first_number, on)
    return account


def add_licences(count: int, day: date, first_number: int, on: date) -> Step:
    """Added during the current period, and billed from that day on an invoice of its own."""

    def step(account: Account) -> Account:
        (subscription,) = account.subscriptions
        rest = BillingPeriod(day, subscription.period.end)
        change = LicenceChange(subscription.id, day, day, count)
        account = replace(account, licence_changes=(*account.licence_changes, change))
        return _bill(account, rest, count, months_between(rest.start, rest.end), first_number, on)

    return step


def remove_licences(count: int, day: date) -> Step:
    """Removed on that day, to count from the next period."""

    def step(account: Account) -> Account:
        (subscription,) = account.subscriptions
        change = LicenceChange(subscription.id, day, subscription.period.end, -count)
        return replace(account, licence_changes=(*account.licence_changes, change))

    return step


def pay_twice(account: Account) -> Account:
    """The last invoice again, by mistake."""
    last = account.payments[-1]
    again = replace(last, id=f"{last.id}-2")
    return replace(account, payments=(*account.payments, again))


def pay_more(cents: int) -> Step:
    """So much too much in the last payment."""

    def step(account: Account) -> Account:
        *earlier, last = account.payments
        return replace(account, payments=(*earlier, replace(last, amount=last.amount + Money(cents))))

    return step


def leave_open(count: int) -> Step:
    """The last invoices are not paid."""
    return lambda account: replace(account, payments=account.payments[:-count])


def remind(day: date) -> Step:
    """A reminder for the last invoice."""
    return lambda account: replace(account, reminders=(Reminder(account.invoices[-1].number, day),))


def hand_to_collection(day: date) -> Step:
    """The last invoice goes to the collection partner; only Finnish ones do."""

    def step(account: Account) -> Account:
        if account.customer.country != "FI":
            return account
        return replace(account, collections=(Collection(account.invoices[-1].number, day),))

    return step


def refund(day: date) -> Step:
    """What was paid too much on the last invoice is paid back."""

    def step(account: Account) -> Account:
        last = account.invoices[-1]
        return replace(account, refunds=(Refund(last.number, day, balance(account, last)),))

    return step


def cancel(account: Account) -> Account:
    """The subscription ends with its current period."""
    (subscription,) = account.subscriptions
    return replace(account, subscriptions=(replace(subscription, cancelled_on=subscription.period.end),))


def change_package(package: str) -> Step:
    """Another package starts with the next period."""

    def step(account: Account) -> Account:
        (subscription,) = account.subscriptions
        return replace(account, subscriptions=(replace(subscription, next_package=package),))

    return step


def share_contact(name: str, email: str) -> Step:
    """One more contact, who may be another customer's as well: a bookkeeper."""

    def step(account: Account) -> Account:
        return replace(account, contacts=(*account.contacts, Contact(account.customer.id, name, email)))

    return step


def _period(plan: Plan, back: int) -> BillingPeriod:
    """The current period, or one so many before it."""
    start = add_months(plan.start, -back * plan.months)
    return BillingPeriod.of(start, plan.months, plan.start.day)


def _bill(
    account: Account, period: BillingPeriod, licences: int, months: Decimal, first_number: int, on: date
) -> Account:
    """One more invoice, issued on the period's first day and paid just before it is due."""
    (subscription,) = account.subscriptions
    line = InvoiceLine(1, licences, months, licences * months, PRICES[subscription.package], period)
    number = f"{period.start.year}-{first_number + len(account.invoices):04}"
    due = period.start + PAYMENT_TERM
    invoice = Invoice(number, subscription.id, period.start, due, line.unit_price.times(line.quantity), (line,))
    payment = Payment(f"P-{number}", number, min(due - timedelta(days=2), on), invoice.total)
    return replace(account, invoices=(*account.invoices, invoice), payments=(*account.payments, payment))
