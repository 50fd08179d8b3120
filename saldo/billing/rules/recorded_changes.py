"""Whether a change of licences that was made already stands in the records, and what it comes to.

Article: "Hoe beïnvloeden wijzigingen in het aantal licenties tijdens een factureringsperiode de facturering?"
/ "Miten lisenssimäärien muuttaminen kesken laskutuskauden vaikuttaa laskutukseen?": added licences count from the day
they take effect, removed ones from the next period. What does not stand in the records may yet be under way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from saldo.billing.account_state import (
    begun_on,
    changes_of,
    current_period,
    has_ended,
    licences_on,
    running,
)
from saldo.billing.explanation import Direction, Fact, Formula, InvoiceQuery, NamedChange, Source, Value
from saldo.billing.model import Account, LicenceChange, Subscription
from saldo.billing.rules.invoice_reference import PartialDate
from saldo.billing.rules.result import ASKED, RECKONED, SUBSCRIPTION, Findings, combined, finding, of_subscription

SIGNS: dict[Direction, int] = {"add": 1, "remove": -1}


def recorded_changes(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """Yes or no to each change that the question tells of as made."""
    subscriptions = running(account, on)
    if not subscriptions:
        return Findings()
    return combined(_answer(account, subscriptions, on, change) for change in query.named_changes)


def without_record(account: Account, subscriptions: list[Subscription], on: date, way: Direction) -> Findings:
    """That no change that goes this way stands in the records, and since when was looked."""
    since = _looked_from(account, subscriptions, on)
    if any(one.effective_on >= since for one in _going(account, subscriptions, way)):
        return Findings()
    name = "unrecorded_addition" if way == "add" else "unrecorded_removal"
    return finding(name, [Fact("looked_from", since, SUBSCRIPTION)], since=since)


@dataclass(frozen=True)
class _Made:
    """Licences added (above zero) or removed that count from one day, and the day on which the last was ordered."""

    subscription: Subscription
    licences: int
    ordered_on: date
    effective_on: date


def _answer(account: Account, subscriptions: list[Subscription], on: date, named: NamedChange) -> Findings:
    made = _going(account, subscriptions, named.way)
    as_many = [one for one in made if named.licences in (None, abs(one.licences))]
    since = _looked_from(account, subscriptions, on)
    recent = [one for one in as_many if one.effective_on >= since]
    partial = PartialDate.read(named.date) if named.date else None
    if partial is not None:
        then = [one for one in as_many if partial.fits(one.ordered_on) or partial.fits(one.effective_on)]
        if recent and not then:
            return finding("not_then") + _latest(recent)
        recent = then
    if not recent:
        return _none(named, since) + _latest([one for one in made if one.effective_on >= since])
    several = len(subscriptions) > 1
    found = _last(recent)
    return (of_subscription(found.subscription, on) if several else Findings()) + _yes(account, found, on)


def _made(account: Account, subscription: Subscription) -> list[_Made]:
    """Each change after the first, and those of one day and direction together."""
    later = [one for one in changes_of(account, subscription)[1:] if not has_ended(subscription, one.effective_on)]
    by_day = groupby(sorted(later, key=_day_and_way), key=_day_and_way)
    groups = [[one] for one in later] + [list(together) for _, together in by_day]
    return [_together(subscription, group) for group in groups if any(one.licences for one in group)]


def _together(subscription: Subscription, changes: list[LicenceChange]) -> _Made:
    licences, ordered_on = sum(one.licences for one in changes), max(one.ordered_on for one in changes)
    return _Made(subscription, licences, ordered_on, changes[0].effective_on)


def _day_and_way(change: LicenceChange) -> tuple[date, bool]:
    return change.effective_on, change.licences > 0


def _going(account: Account, subscriptions: list[Subscription], way: Direction | None) -> list[_Made]:
    """All that goes this way, or any."""
    made = [each for one in subscriptions for each in _made(account, one)]
    return [one for one in made if way is None or one.licences * SIGNS[way] > 0]


def _last(made: Iterable[_Made]) -> _Made:
    """What was ordered last, and of that the most."""
    return max(made, key=lambda one: (one.ordered_on, one.effective_on, abs(one.licences)))


def _looked_from(account: Account, subscriptions: list[Subscription], on: date) -> date:
    return min(_recent_from(account, one, on) for one in subscriptions)


def _recent_from(account: Account, subscription: Subscription, on: date) -> date:
    """The first day of the period before the current one: what counts from earlier is not what is asked about."""
    current = current_period(subscription, on)
    if current.start <= begun_on(account, subscription):
        return begun_on(account, subscription)
    return current_period(subscription, current.start - timedelta(days=1)).start


def _yes(account: Account, made: _Made, on: date) -> Findings:
    count, kind = abs(made.licences), "added" if made.licences > 0 else "removed"
    day = max(made.effective_on, on)
    now, then = (licences_on(account, [made.subscription], each) for each in (on, day))
    facts = [*_facts(made), Fact("licences", now, SUBSCRIPTION)]
    values: dict[str, Value] = {kind: count, "effective_on": made.effective_on, "licences": then}
    if made.effective_on <= on:
        return finding(f"{kind}_counts", facts, **values)
    values["ordered_on"] = made.ordered_on
    if then == now + made.licences:
        sign, name = ("+", "licences_after_adding") if made.licences > 0 else ("−", "licences_after_removing")
        formula = Formula(f"{{licences}} {sign} {{{kind}}}", {"licences": now, kind: count})
        facts.append(Fact(name, then, RECKONED, formula))
    else:
        facts.append(Fact("licences_then", then, SUBSCRIPTION))
    return finding(f"{kind}_to_come", facts, **values)


def _none(named: NamedChange, since: date) -> Findings:
    """No such change counts from that day or later."""
    facts = [Fact("looked_from", since, SUBSCRIPTION)]
    if named.way is None:
        return finding("no_change", facts, since=since)
    name = "no_addition" if named.way == "add" else "no_removal"
    if named.licences is None:
        return finding(name, facts, since=since)
    facts.append(Fact("asked_quantity", named.licences, ASKED))
    return finding(f"{name}_of", facts, asked=named.licences, since=since)


def _latest(made: list[_Made]) -> Findings:
    """What there is in the place of what is not: of that what was ordered last."""
    if not made:
        return Findings()
    last = _last(made)
    kind = "added" if last.licences > 0 else "removed"
    values: dict[str, Value] = {kind: abs(last.licences), "ordered_on": last.ordered_on}
    return finding(f"instead_{kind}", _facts(last), **values, effective_on=last.effective_on)


def _facts(made: _Made) -> list[Fact]:
    source = Source("licence_change", {"effective_on": made.effective_on})
    kind, counts_from = ("added", "billed_from") if made.licences > 0 else ("removed", "removed_from")
    return [
        Fact(kind, abs(made.licences), source),
        Fact("ordered_on", made.ordered_on, source),
        Fact(counts_from, made.effective_on, source),
    ]
