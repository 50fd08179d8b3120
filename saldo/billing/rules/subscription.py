"""Changing what was agreed: licences, package, the end.

Articles: "Hoe beïnvloeden wijzigingen in het aantal licenties …", "Hoe kan ik mijn serviceplan wijzigen?",
"Hoe beëindig ik de service?" / "Miten lisenssimäärien muuttaminen …", "Miten vaihdan palvelupakettiani?",
"Miten irtisanon palvelun?". Removed licences count from the next period and are not credited, added ones are
billed from the day they take effect; the package changes only when the period does; cancelling is done in
writing.
"""

from __future__ import annotations

from datetime import date

from saldo.billing.account_state import (
    current_package,
    current_period,
    ends_on,
    has_ended,
    later_changes,
    next_invoiced,
    package_to_come,
    running,
    unless_ended,
)
from saldo.billing.explanation import Fact, InvoiceQuery, Source, Value
from saldo.billing.model import Account, LicenceChange, Subscription
from saldo.billing.rules.period_facts import period_fact
from saldo.billing.rules.recorded_changes import without_record
from saldo.billing.rules.result import SUBSCRIPTION, Findings, cancelled, combined, each_told, finding
from saldo.billing.rules.seats import removals
from saldo.billing.rules.several_changes import if_several
from saldo.billing.rules.timeline import current_timeline
from saldo.billing.rules.what_if import if_changed


def licence_change(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What a change today would mean, and the licences last added and last removed.

    With a number or a direction in the question only that is told; what was changed before is of no interest then. Of
    a change that was made, nothing is supposed.
    """
    subscriptions = running(account, on)
    if query.made:
        return _last_made(account, subscriptions, on, query)
    cost = finding("price_to_come") if query.point == "cost" else Findings()
    if query.changes:
        return cost + each_told(subscriptions, on, lambda one: if_several(account, one, on, query.changes))
    findings = cost + each_told(subscriptions, on, lambda one: if_changed(account, one, on, query))
    if query.licences or query.change or query.target is not None:
        return findings
    return (
        findings
        + _last_added(account, subscriptions)
        + _last_removed(account, subscriptions)
        + combined(current_timeline(account, one, on) for one in subscriptions)
    )


def change_package(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """The package, and the day another can start; of a subscription that ends before, that it does."""
    return each_told(running(account, on), on, lambda one: _package(account, one, on))


def cancel_service(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """Until when the current period runs, or since when it is cancelled."""
    subscriptions = running(account, on) or [one for one in account.subscriptions if has_ended(one, on)]
    return each_told(subscriptions, on, lambda one: _end(one, on))


def _last_made(account: Account, subscriptions: list[Subscription], on: date, query: InvoiceQuery) -> Findings:
    """The last change of the kind that was made, unless it was of another number; where none is recorded, that, and
    from when a removal counts."""
    ways = {change.way for change in query.named_changes}
    found = (_last_added(account, subscriptions) if ways != {"remove"} else Findings()) + (
        _last_removed(account, subscriptions) if ways != {"add"} else Findings()
    )
    counts = {change.licences for change in query.named_changes}
    if not counts & {None, *(fact.value for fact in found.facts)}:
        found = Findings()
    if all(next_invoiced(account, one, on) is None for one in subscriptions):
        return found + each_told(subscriptions, on, cancelled)
    missing = combined(without_record(account, subscriptions, on, way) for way in ways if way and len(ways) == 1)
    if missing.sentences and ways == {"remove"}:
        missing += each_told(subscriptions, on, lambda one: if_changed(account, one, on, InvoiceQuery(change="remove")))
    return found + missing


def _last_added(account: Account, subscriptions: list[Subscription]) -> Findings:
    return _last("added", [change for change in later_changes(account, subscriptions) if change.licences > 0])


def _last_removed(account: Account, subscriptions: list[Subscription]) -> Findings:
    return _last("removed", removals(account, subscriptions))


def _last(name: str, changes: list[LicenceChange]) -> Findings:
    """The last day's changes of one kind, as one positive count."""
    if not changes:
        return Findings()
    day = max(change.effective_on for change in changes)
    count = abs(sum(change.licences for change in changes if change.effective_on == day))
    source = Source("licence_change", {"effective_on": day})
    values: dict[str, Value] = {name: count, "effective_on": day}
    return finding(name, [Fact(name, count, source)], **values)


def _package(account: Account, subscription: Subscription, on: date) -> Findings:
    package, to_come = current_package(subscription, on), package_to_come(subscription, on)
    now = Fact("package", package, SUBSCRIPTION)
    changes_on = unless_ended(subscription, subscription.period.end)
    if to_come is not None and changes_on is not None:  # agreed already, so whatever is invoiced
        facts = [now, Fact("next_package", to_come, SUBSCRIPTION), Fact("from_date", changes_on, SUBSCRIPTION)]
        return finding("package_change_under_way", facts, package=package, next_package=to_come, from_date=changes_on)
    start = next_invoiced(account, subscription, on)
    if start is None:
        return finding("current_package", [now], package=package) + cancelled(subscription)
    then = period_fact("from_date", start, subscription)
    return finding("package", [now, then], package=package, from_date=start)


def _end(subscription: Subscription, on: date) -> Findings:
    day = ends_on(subscription)
    if day is not None:
        return finding("already_cancelled", [Fact("ends_on", day, SUBSCRIPTION)], ends_on=day)
    period = current_period(subscription, on)
    return finding("period_end", [period_fact("period", period, subscription)], until=period.last_day)
