"""What several changes together would mean: each on its own day, with the licences there are after it.

Articles: as `what_if`. Nothing of it is a record, so each step is told with what it is reckoned from.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from saldo.billing.account_state import active_users, licences_on, running
from saldo.billing.explanation import Direction, Fact, Formula, NamedChange, Value
from saldo.billing.model import Account, Subscription
from saldo.billing.rules.period_facts import period_fact
from saldo.billing.rules.result import ASKED, RECKONED, SUBSCRIPTION, USERS, Findings, cancelled, finding
from saldo.billing.rules.what_if import next_start, period_of, planned_day


def if_several(account: Account, subscription: Subscription, on: date, changes: Iterable[NamedChange]) -> Findings:
    """Each change in the order of the days they count from; one that the subscription's end forestalls is not told."""
    planned = [_step(account, subscription, on, change) for change in changes if change.way and change.licences]
    steps = sorted((step for step in planned if step is not None), key=lambda step: step.day)
    findings, before = Findings(), list[_Step]()
    for step in steps:
        left = licences_on(account, [subscription], step.day) + sum(one.signed for one in before)
        if left + step.signed < 0:  # so it is not done, and the next goes by what there was
            facts = [Fact("licences_after_removing", left, RECKONED), period_fact("from_date", step.day, subscription)]
            findings += finding("not_that_many", facts, licences=left, from_date=step.day)
        else:
            before.append(step)
            findings += _told(account, subscription, on, before)
    no_more = None in planned or next_start(account, subscription, on, on) is None
    return findings + (cancelled(subscription) if no_more else Findings())


@dataclass(frozen=True)
class _Step:
    """So many licences more or fewer from a day; never both none."""

    way: Direction
    licences: int
    day: date

    @property
    def signed(self) -> int:
        return self.licences if self.way == "add" else -self.licences


def _step(account: Account, subscription: Subscription, on: date, change: NamedChange) -> _Step | None:
    day = planned_day(on, change.date)
    if period_of(subscription, day) is None:
        return None
    counts_from = day if change.way == "add" else next_start(account, subscription, on, day)
    return _Step(change.way, change.licences, counts_from) if counts_from and change.way and change.licences else None


def _told(account: Account, subscription: Subscription, on: date, steps: list[_Step]) -> Findings:
    """The last of the steps, after those before it."""
    step, now = steps[-1], licences_on(account, [subscription], on)
    recorded = licences_on(account, [subscription], step.day)
    licences = recorded + sum(one.signed for one in steps)
    facts = [Fact("licences", now, SUBSCRIPTION)]
    values: dict[str, Value] = {"licences": licences}
    formula = _formula(now, recorded - now, steps)
    if step.way == "add":
        period = period_of(subscription, step.day)
        assert period is not None, "a step is within a period"
        facts += [
            Fact("to_add", step.licences, ASKED),
            Fact("billed_from", step.day, ASKED),
            period_fact("period", period, subscription),
            Fact("licences_after_adding", licences, RECKONED, formula),
        ]
        return finding("step_added", facts, **values, added=step.licences, since=step.day, until=period.last_day)
    last_day = step.day - timedelta(days=1)
    facts += [
        Fact("to_remove", step.licences, ASKED),
        period_fact("last_day", last_day, subscription),
        period_fact("from_date", step.day, subscription),
        Fact("licences_after_removing", licences, RECKONED, formula),
    ]
    told = finding("step_removed", facts, **values, removed=step.licences, last_day=last_day, from_date=step.day)
    return told + _below_active(account, on, licences)


def _formula(now: int, recorded: int, steps: list[_Step]) -> Formula:
    """From the licences now, over what is recorded until then, to what the steps make of them."""
    inputs: dict[str, Value] = {"licences": now}
    template = "{licences}"
    for place, signed in enumerate([recorded, *(step.signed for step in steps)]):
        if signed:
            inputs[f"step_{place}"] = abs(signed)
            template += f" {'+' if signed > 0 else '−'} {{step_{place}}}"
    return Formula(template, inputs)


def _below_active(account: Account, on: date, licences: int) -> Findings:
    """That users are active who would have no licence; not with several subscriptions: users belong to none of them."""
    if len(running(account, on)) > 1 or not account.knows("users"):
        return Findings()
    active = active_users(account)
    if active <= licences:
        return Findings()
    return finding("below_active", [Fact("active_users", active, USERS)], active=active)
