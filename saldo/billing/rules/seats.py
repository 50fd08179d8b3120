"""Licences and who uses them.

Articles: "Waarom komt het aantal gebruikers op mijn factuur niet overeen met het aantal actieve gebruikers?"
/ "Miksi laskulla näkyvä käyttäjämäärä ei vastaa aktiivisten käyttäjien määrää?". Billed are the licences in
the subscription at the moment of invoicing, not the active users; free licences = licences − active users.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import groupby

from saldo.billing.account_state import (
    active_users,
    changes_of,
    invoices_by_date,
    later_changes,
    licences_on,
    next_invoiced,
    next_start,
    running,
)
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Seats, Source, Value
from saldo.billing.model import Account, Invoice, LicenceChange, Subscription
from saldo.billing.rules.invoice_reference import named
from saldo.billing.rules.invoices import is_added
from saldo.billing.rules.result import RECKONED, SUBSCRIPTION, USERS, Findings, by_invoice, combined, finding

MOST_PICTURED = 500
"""More licences are told, not drawn."""


def seat_count(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """Licences, active and free; since when; what the invoice billed on its day; removals still to count."""
    subscriptions = running(account, on)
    if not subscriptions:
        return finding("no_subscription")
    return (
        _seats(account, licences_on(account, subscriptions, on))
        + _since(account, subscriptions, on)
        + _billed(account, query)
        + pending_removals(account, subscriptions, on)
    )


def manage_licences(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """How many licences can still be removed without touching an active user, and from when that would count."""
    subscriptions = running(account, on)
    licences, active = licences_on(account, subscriptions, on), active_users(account)
    removed = sum(count for _, count in _removals(account, subscriptions, on))
    if not licences or not any(next_start(one, on) for one in subscriptions):
        return Findings()
    facts = seat_facts(licences, active, removed)
    free = licences - removed - active
    pending = pending_removals(account, subscriptions, on)
    if free <= 0:
        return finding("none_removable", facts[:-1]) + pending
    return finding("removable", facts, free=free) + _counts_from(account, subscriptions, on) + pending


def seat_facts(licences: int, active: int, removed: int = 0) -> list[Fact]:
    """Licences and active users as recorded; last the free ones as reckoned."""
    inputs = {"licences": licences, "active_users": active}
    free = Formula("{licences} − {active_users}", inputs)
    if removed:
        free = Formula("{licences} − {removed} − {active_users}", {**inputs, "removed": removed})
    return [
        Fact("licences", licences, SUBSCRIPTION),
        Fact("active_users", active, USERS),
        *([Fact("removed", removed, SUBSCRIPTION)] if removed else []),
        Fact("free_licences", licences - removed - active, RECKONED, free),
    ]


def pending_removals(account: Account, subscriptions: list[Subscription], on: date) -> Findings:
    """Licences removed that count from a day to come."""
    return combined(_removal(*one) for one in _removals(account, subscriptions, on))


def _seats(account: Account, licences: int) -> Findings:
    """The licences and who holds them; no picture where the records contradict each other."""
    active = active_users(account)
    picture = Findings(seats=Seats(licences, active) if active <= licences <= MOST_PICTURED else None)
    facts = seat_facts(licences, active)
    if not licences:
        return Findings()
    if licences > active:
        return finding("seats", facts, licences=licences, active=active, free=licences - active) + picture
    if licences < active:
        return finding("users_exceed", facts[:-1], licences=licences, active=active)
    return finding("all_used", facts, licences=licences, active=active) + picture


def _since(account: Account, subscriptions: list[Subscription], on: date) -> Findings:
    """The day from which the licences are as many as now, and what changed then."""
    changes = [change for one in subscriptions for change in changes_of(account, one) if change.effective_on <= on]
    counts = [(day, count) for day, count in _per_day(changes) if count]
    if not counts:
        return Findings()
    day, count = counts[-1]
    source = Source("licence_change", {"effective_on": day})
    began = {change.effective_on for one in subscriptions for change in changes_of(account, one)[:1]}
    if not licences_on(account, subscriptions, on):
        return Findings()
    if day in began:
        return finding("since", [Fact("since", day, source)], since=day)
    name = "added" if count > 0 else "removed"
    values: dict[str, Value] = {name: abs(count), "since": day}
    return finding(f"since_{name}", [Fact(name, abs(count), source), Fact("since", day, source)], **values)


def _billed(account: Account, query: InvoiceQuery) -> Findings:
    """The invoice asked for, else the latest that bills more than an addition, and the licences on it."""
    invoice = named(account, query) or next(
        (one for one in invoices_by_date(account) if _licences_billed(account, one)), None
    )
    if invoice is None:
        return Findings()
    whole = _licences_billed(account, invoice)
    licences = whole or sum(line.licences for line in invoice.lines)
    facts = [
        Fact("invoice", invoice.number, by_invoice("invoice", invoice)),
        Fact("issued_on", invoice.issued_on, by_invoice("invoice", invoice)),
        Fact("billed_licences", licences, by_invoice("invoice", invoice)),
    ]
    name = "invoice" if whole else "added_invoice"
    return finding(name, facts, invoice=invoice.number, issued_on=invoice.issued_on, licences=licences)


def _licences_billed(account: Account, invoice: Invoice) -> int:
    """Licences billed for a whole period, without additions: those are in the next whole period's count."""
    return sum(line.licences for line in invoice.lines if not is_added(account, invoice, line))


def _counts_from(account: Account, subscriptions: list[Subscription], on: date) -> Findings:
    """The first day of the next period, if it is the same whichever subscription is meant."""
    starts = {start for one in subscriptions if (start := next_invoiced(account, one, on)) is not None}
    if len(starts) != 1:
        return Findings()
    (start,) = starts
    return finding("counts_from", [Fact("from_date", start, SUBSCRIPTION)], from_date=start)


def _removals(account: Account, subscriptions: list[Subscription], on: date) -> list[tuple[date, int]]:
    """Licences removed that count from a day to come, per day."""
    pending = [one for one in later_changes(account, subscriptions) if one.licences < 0 and one.effective_on > on]
    return [(day, -count) for day, count in _per_day(pending)]


def _per_day(changes: Iterable[LicenceChange]) -> list[tuple[date, int]]:
    """What changed each day, all together."""
    by_day = groupby(sorted(changes, key=_effective_on), key=_effective_on)
    return [(day, sum(change.licences for change in together)) for day, together in by_day]


def _removal(day: date, count: int) -> Findings:
    source = Source("licence_change", {"effective_on": day})
    facts = [Fact("removed", count, source), Fact("removed_from", day, source)]
    return finding("pending_removal", facts, removed=count, from_date=day)


def _effective_on(change: LicenceChange) -> date:
    return change.effective_on
