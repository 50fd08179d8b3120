"""Licences and who uses them.

Articles: "Waarom komt het aantal gebruikers op mijn factuur niet overeen met het aantal actieve gebruikers?"
/ "Miksi laskulla näkyvä käyttäjämäärä ei vastaa aktiivisten käyttäjien määrää?". Billed are the licences in
the subscription at the moment of invoicing, not the active users; free licences = licences − active users.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from saldo.billing.account_state import (
    active_users,
    changes_of,
    has_ended,
    invoices_by_date,
    later_changes,
    licences_on,
    next_invoiced,
    running,
)
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Seats, Source, Value
from saldo.billing.model import Account, Invoice, LicenceChange, Subscription
from saldo.billing.rules.contradictions import invoice_disagrees, users_exceed
from saldo.billing.rules.invoice_reference import named, not_found
from saldo.billing.rules.invoices import is_added, whole_of
from saldo.billing.rules.past_licences import past_licences
from saldo.billing.rules.period_facts import period_fact
from saldo.billing.rules.result import (
    RECKONED,
    SUBSCRIPTION,
    USERS,
    Findings,
    by_invoice,
    cancelled,
    combined,
    each_told,
    finding,
)

MOST_PICTURED = 500
"""More licences are told, not drawn."""


def seat_count(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """Licences, active and free; since when; what the invoice billed on its day; changes still to count.

    Asked about a day that is past, only the licences of that day; about an invoice, only those on it.
    """
    if query.point == "past":
        return past_licences(account, on, query)
    if query.point == "billed":
        return _billed(account, query) if query.invoice or named(account, query) else Findings()
    subscriptions = running(account, on)
    if not subscriptions:
        return finding("no_subscription")
    return (
        _seats(account, licences_on(account, subscriptions, on))
        + _since(account, subscriptions, on)
        + _billed(account, query)
        + pending_changes(account, subscriptions, on)
    )


def manage_licences(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """How many licences can still be removed without touching an active user, and from when that would count.

    Where every subscription ends before, only that.
    """
    subscriptions = running(account, on)
    licences, active = licences_on(account, subscriptions, on), active_users(account)
    removed = removed_already(account, subscriptions, on)
    if all(next_invoiced(account, one, on) is None for one in subscriptions):
        return each_told(subscriptions, on, cancelled)
    if licences <= 0 or any(next_invoiced(account, one, on) is None for one in subscriptions):
        return Findings()  # whose licences the active users have after one has ended is in no record
    if not account.knows("users"):
        return licences_only(licences)
    facts = seat_facts(licences, active, removed)
    free = licences - removed - active
    pending = pending_changes(account, subscriptions, on)
    if active > licences:
        return users_exceed(licences, active) + pending
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


def licences_only(licences: int) -> Findings:
    """How many licences there are, where nobody knows who uses them."""
    return finding("licences_only", [Fact("licences", licences, SUBSCRIPTION)], licences=licences)


def pending_changes(account: Account, subscriptions: list[Subscription], on: date) -> Findings:
    """Licences removed or added that count from a day to come, and how many there are from then on."""
    to_come = [one for one in lasting_changes(account, subscriptions) if one.effective_on > on and one.licences]
    by_way = [_per_day([one for one in to_come if (one.licences > 0) is added]) for added in (False, True)]
    return combined(_to_come(account, subscriptions, day, count) for day, count in sorted((*by_way[0], *by_way[1])))


def _seats(account: Account, licences: int) -> Findings:
    """The licences and who holds them; no picture where the records contradict each other."""
    if licences <= 0:
        return Findings()
    if not account.knows("users"):
        return licences_only(licences)
    active = active_users(account)
    picture = Findings(seats=Seats(licences, active) if active <= licences <= MOST_PICTURED else None)
    facts = seat_facts(licences, active)
    if licences > active:
        return finding("seats", facts, licences=licences, active=active, free=licences - active) + picture
    if licences < active:
        return users_exceed(licences, active)
    return finding("all_used", facts, licences=licences, active=active) + picture


def _since(account: Account, subscriptions: list[Subscription], on: date) -> Findings:
    """The day from which the licences are as many as now, and what changed then."""
    changes = [change for one in subscriptions for change in changes_of(account, one) if change.effective_on <= on]
    counts = [(day, count) for day, count in _per_day(changes) if count]
    if not counts or not licences_on(account, subscriptions, on):
        return Findings()
    day, count = counts[-1]
    if any(has_ended(one, on) and not has_ended(one, day - timedelta(days=1)) for one in account.subscriptions):
        return Findings()  # until then there were those of another subscription as well
    source = Source("licence_change", {"effective_on": day})
    began = {change.effective_on for one in subscriptions for change in changes_of(account, one)[:1]}
    both_ways = {change.licences > 0 for change in changes if change.effective_on == day} == {True, False}
    if day in began or both_ways:
        return finding("since", [Fact("since", day, source)], since=day)
    name = "added" if count > 0 else "removed"
    values: dict[str, Value] = {name: abs(count), "since": day}
    return finding(f"since_{name}", [Fact(name, abs(count), source), Fact("since", day, source)], **values)


def _billed(account: Account, query: InvoiceQuery) -> Findings:
    """The invoice asked for, else the latest that bills more than an addition, and the licences on it.

    Asked for one that is not there, no other is told in its stead.
    """
    unknown = not_found(account, query)
    if unknown.sentences:
        return unknown
    invoice = named(account, query) or next(
        (one for one in invoices_by_date(account) if _licences_billed(account, one)), None
    )
    if invoice is None or not invoice.lines:
        return Findings()
    whole = _licences_billed(account, invoice)
    licences = whole or sum(line.licences for line in invoice.lines)
    facts = [
        Fact("invoice", invoice.number, by_invoice("invoice", invoice)),
        Fact("issued_on", invoice.issued_on, by_invoice("invoice", invoice)),
        Fact("billed_licences", licences, by_invoice("invoice", invoice)),
    ]
    name = "added_invoice" if all(is_added(account, invoice, line) for line in invoice.lines) else "invoice"
    told = finding(name, facts, invoice=invoice.number, issued_on=invoice.issued_on, licences=licences)
    return told + invoice_disagrees(account, invoice)


def _licences_billed(account: Account, invoice: Invoice) -> int:
    """Licences billed for a whole period, without additions: those are in the next whole period's count."""
    return sum(
        line.licences
        for line in invoice.lines
        if not is_added(account, invoice, line) and whole_of(account, invoice, line) is None
    )


def _counts_from(account: Account, subscriptions: list[Subscription], on: date) -> Findings:
    """The first day of the next period, if it is the same whichever subscription is meant."""
    starts = {start: one for one in subscriptions if (start := next_invoiced(account, one, on)) is not None}
    if len(starts) != 1:
        return Findings()
    ((start, subscription),) = starts.items()
    return finding("counts_from", [period_fact("from_date", start, subscription)], from_date=start)


def lasting_changes(account: Account, subscriptions: list[Subscription]) -> list[LicenceChange]:
    """The changes that count before their subscription ends, but for the licences it began with."""
    return [
        change
        for one in subscriptions
        for change in later_changes(account, [one])
        if not has_ended(one, change.effective_on)
    ]


def removals(account: Account, subscriptions: list[Subscription]) -> list[LicenceChange]:
    """Licences removed before the subscription ends."""
    return [change for change in lasting_changes(account, subscriptions) if change.licences < 0]


def removed_already(account: Account, subscriptions: list[Subscription], on: date) -> int:
    """How many licences were removed from a day to come."""
    return sum(count for _, count in _pending(account, subscriptions, on))


def _pending(account: Account, subscriptions: list[Subscription], on: date) -> list[tuple[date, int]]:
    """Licences removed that count from a day to come, per day."""
    to_come = [change for change in removals(account, subscriptions) if change.effective_on > on]
    return [(day, -count) for day, count in _per_day(to_come)]


def _per_day(changes: Iterable[LicenceChange]) -> list[tuple[date, int]]:
    """What changed each day, all together."""
    by_day = groupby(sorted(changes, key=_effective_on), key=_effective_on)
    return [(day, sum(change.licences for change in together)) for day, together in by_day]


def _to_come(account: Account, subscriptions: list[Subscription], day: date, count: int) -> Findings:
    source = Source("licence_change", {"effective_on": day})
    then = licences_on(account, [one for one in subscriptions if not has_ended(one, day)], day)
    name, kind, counts_from = (
        ("pending_removal", "removed", "removed_from") if count < 0 else ("pending_addition", "added", "billed_from")
    )
    facts = [
        Fact(kind, abs(count), source),
        Fact(counts_from, day, source),
        Fact("licences_then", then, SUBSCRIPTION),
    ]
    values: dict[str, Value] = {kind: abs(count), "from_date": day, "licences": then}
    return finding(name, facts, **values)


def _effective_on(change: LicenceChange) -> date:
    return change.effective_on
