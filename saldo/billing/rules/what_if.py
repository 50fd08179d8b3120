"""What a change made today, or on a day to come, would mean.

Articles: "Hoe beïnvloeden wijzigingen in het aantal licenties tijdens een factureringsperiode de facturering?"
/ "Miten lisenssimäärien muuttaminen kesken laskutuskauden vaikuttaa laskutukseen?". Added licences are ordered
at once and billed from the day they take effect; removed ones count from the next period, if removed before it
begins, and are not credited. The articles give no price and no way to reckon part of a month, so none is told.
"""

from __future__ import annotations

from datetime import date, timedelta

from saldo.billing.account_state import (
    active_users,
    current_period,
    licences_on,
    next_invoiced,
    running,
)
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Value
from saldo.billing.model import Account, Subscription
from saldo.billing.period import BillingPeriod
from saldo.billing.rules.contradictions import users_exceed
from saldo.billing.rules.invoice_reference import PartialDate
from saldo.billing.rules.period_facts import period_fact
from saldo.billing.rules.result import ASKED, RECKONED, SUBSCRIPTION, TODAY, Findings, cancelled, finding
from saldo.billing.rules.seats import pending_changes, removed_already, seat_facts


def if_changed(account: Account, subscription: Subscription, on: date, query: InvoiceQuery) -> Findings:
    """Adding and removing licences of one subscription, or only what was asked about: from a day, to a number.

    A day that is past, or none, is today.
    """
    day = planned_day(on, query.date)
    count, change = query.licences, query.change
    start = next_start(account, subscription, on, day)
    if query.target is not None and period_of(subscription, day):
        now, then = (licences_on(account, [subscription], each) for each in (day, start or day))
        if query.target in (now, then):
            as_many = [Fact("licences_then", now, SUBSCRIPTION)]
            told = finding("as_many", as_many, licences=now) if query.target == now else Findings()
            return told + pending_changes(account, [subscription], on)
        if start and then < query.target < now:
            return _adding(account, subscription, on, start, query.target - then)
        count, change = (query.target - now, "add") if query.target > now else (then - query.target, "remove")
    adding = _adding(account, subscription, on, day, count) if change != "remove" else Findings()
    if start is None:
        return adding + cancelled(subscription)
    return adding + (_removing(account, subscription, on, start, count) if change != "add" else Findings())


def planned_day(on: date, named: str | None) -> date:
    """The day a change is planned for."""
    partial = PartialDate.read(named) if named else None
    planned = partial.next_from(on) if partial else None
    return max(planned, on) if planned else on


def period_of(subscription: Subscription, day: date) -> BillingPeriod | None:
    """The billing period that contains a day to come; None if the subscription has ended before."""
    period = current_period(subscription, day)
    return period if period.contains(day) else None


def _adding(account: Account, subscription: Subscription, on: date, day: date, count: int | None) -> Findings:
    period = period_of(subscription, day)
    if period is None:
        return Findings()
    facts = [period_fact("period", period, subscription), Fact("billed_from", day, TODAY if day == on else ASKED)]
    if not count:
        return (
            finding("add_today", facts, today=on, until=period.last_day) if day == on else Findings(facts=tuple(facts))
        )
    licences = licences_on(account, [subscription], day)
    inputs: dict[str, Value] = {"licences": licences, "added": count}
    facts += [
        Fact("licences", licences, SUBSCRIPTION),
        Fact("to_add", count, ASKED),
        Fact("licences_after_adding", licences + count, RECKONED, Formula("{licences} + {added}", inputs)),
    ]
    values: dict[str, Value] = {"added": count, "until": period.last_day, "licences": licences + count}
    if day == on:
        return finding("would_add", facts, **values, today=on)
    name = "would_add_to_period" if day == period.start else "would_add_on"
    return finding(name, facts, **values, since=day)


def _removing(account: Account, subscription: Subscription, on: date, start: date, count: int | None) -> Findings:
    """Removed for good from that first day of a period."""
    last_day = start - timedelta(days=1)
    facts = [period_fact("last_day", last_day, subscription), period_fact("from_date", start, subscription)]
    if not count:
        return finding("next_period", facts, last_day=last_day, from_date=start)
    now, then = licences_on(account, [subscription], on), licences_on(account, [subscription], start)
    if count > then:
        left = Fact("licences_after_removing", then, SUBSCRIPTION)
        too_many = finding("not_that_many", [left], licences=then, from_date=start)
        return too_many + finding("next_period", facts, last_day=last_day, from_date=start)
    facts += _licences_then(now, then, count)
    findings = finding("would_remove", facts, removed=count, last_day=last_day, from_date=start, licences=then - count)
    return findings + _not_free(account, on, now, count)


def next_start(account: Account, subscription: Subscription, on: date, day: date) -> date | None:
    """The first day of a period from the planned day on: then a removal counts."""
    period = period_of(subscription, day)
    if period is None:
        return None
    before = day - timedelta(days=1) if on < day == period.start else day
    return next_invoiced(account, subscription, before)  # what is invoiced already counts as it was


def _licences_then(now: int, then: int, count: int) -> list[Fact]:
    """What is left from the next period on, less what was removed already."""
    inputs: dict[str, Value] = {"licences": now, "removed": count}
    formula = Formula("{licences} − {removed}", inputs)
    if now != then:
        sign = "−" if then < now else "+"
        inputs = {"licences": now, "changed": abs(now - then), "removed": count}
        formula = Formula(f"{{licences}} {sign} {{changed}} − {{removed}}", inputs)
    return [
        Fact("licences", now, SUBSCRIPTION),
        Fact("to_remove", count, ASKED),
        Fact("licences_after_removing", then - count, RECKONED, formula),
    ]


def _not_free(account: Account, on: date, licences: int, count: int) -> Findings:
    """How many are free, if fewer than are to go; not with several subscriptions: users belong to none of them."""
    if len(running(account, on)) > 1:
        return Findings()
    if not account.knows("users"):
        return finding("unknown_users")
    active, removed = active_users(account), removed_already(account, running(account, on), on)
    if active > licences:
        return users_exceed(licences, active)
    free = licences - removed - active
    if count <= free:
        return Findings()
    facts = seat_facts(licences, active, removed)
    return finding("fewer_free", facts, free=free) if free > 0 else finding("none_free", facts[:-1])
