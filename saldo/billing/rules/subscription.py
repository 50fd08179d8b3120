"""Changing what was agreed: licences, package, the end.

Articles: "Hoe beïnvloeden wijzigingen in het aantal licenties …", "Hoe kan ik mijn serviceplan wijzigen?",
"Hoe beëindig ik de service?" / "Miten lisenssimäärien muuttaminen …", "Miten vaihdan palvelupakettiani?",
"Miten irtisanon palvelun?". Removed licences count from the next period and are not credited, added ones are
billed from the day they take effect; the package changes only when the period does; cancelling is done in
writing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
)
from saldo.billing.explanation import Fact, InvoiceQuery, Source, Value
from saldo.billing.model import Account, LicenceChange, Subscription
from saldo.billing.rules.result import SUBSCRIPTION, Findings, combined, finding
from saldo.billing.rules.timeline import current_timeline
from saldo.billing.rules.what_if import cancelled, if_changed


def licence_change(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What a change today would mean, and the licences last added and last removed.

    With a number or a direction in the question only that is told; what was changed before is of no interest then.
    """
    subscriptions = running(account, on)
    findings = each_told(subscriptions, lambda one: if_changed(account, one, on, query))
    if query.licences or query.change or query.target is not None:
        return findings
    changes = later_changes(account, subscriptions)
    return (
        findings
        + _last("added", [change for change in changes if change.licences > 0])
        + _last("removed", [change for change in changes if change.licences < 0])
        + combined(current_timeline(account, one, on) for one in subscriptions)
    )


def change_package(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """The package, and the day another can start; of a subscription that ends before, that it does."""
    return combined(_package(account, one, on) for one in running(account, on))


def cancel_service(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """Until when the current period runs, or since when it is cancelled."""
    subscriptions = running(account, on) or [one for one in account.subscriptions if has_ended(one, on)]
    return each_told(subscriptions, lambda one: _end(one, on))


def each_told(subscriptions: Sequence[Subscription], told: Callable[[Subscription], Findings]) -> Findings:
    """What is told of each subscription, with its name before it if there are several."""
    several = len(subscriptions) > 1
    return combined((_of_subscription(one) if several else Findings()) + told(one) for one in subscriptions)


def _of_subscription(subscription: Subscription) -> Findings:
    """Which of several subscriptions the following is about."""
    facts = [Fact("subscription", subscription.id, SUBSCRIPTION), Fact("package", subscription.package, SUBSCRIPTION)]
    return finding("of_subscription", facts, subscription=subscription.id, package=subscription.package)


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
    start = next_invoiced(account, subscription, on)
    package, to_come = current_package(subscription, on), package_to_come(subscription, on)
    now = Fact("package", package, SUBSCRIPTION)
    if start is None:
        return finding("current_package", [now], package=package) + cancelled(subscription)
    then = Fact("from_date", start, SUBSCRIPTION)
    if to_come is None:
        return finding("package", [now, then], package=package, from_date=start)
    facts = [now, Fact("next_package", to_come, SUBSCRIPTION), then]
    return finding("package_change_under_way", facts, package=package, next_package=to_come, from_date=start)


def _end(subscription: Subscription, on: date) -> Findings:
    day = ends_on(subscription)
    if day is not None:
        return finding("already_cancelled", [Fact("ends_on", day, SUBSCRIPTION)], ends_on=day)
    period = current_period(subscription, on)
    return finding("period_end", [Fact("period", period, SUBSCRIPTION)], until=period.last_day)
