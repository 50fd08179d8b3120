"""A period with changes in it, as a line to look at: billed for the whole period, billed from the day of a change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from saldo.billing.account_state import changes_of, current_period, licences_on
from saldo.billing.explanation import Fact, PeriodTimeline, Sentence, Source, Stretch
from saldo.billing.model import Account, Invoice, Subscription
from saldo.billing.period import BillingPeriod
from saldo.billing.rules.period_facts import period_fact
from saldo.billing.rules.result import SUBSCRIPTION, Findings, by_invoice

Addition = tuple[date, int]
"""A day within the period, and how many licences came that day."""


def current_timeline(account: Account, subscription: Subscription, on: date) -> Findings:
    """The current period with what was added in it."""
    period = current_period(subscription, on)
    made = [one for one in _additions(account, subscription, period) if one[0] <= on]
    before = licences_on(account, [subscription], period.start)
    if not made or before <= 0:
        return Findings()
    facts = (
        period_fact("period", period, subscription),
        Fact("licences_before", before, SUBSCRIPTION),
        *(Fact("added", count, Source("licence_change", {"effective_on": day})) for day, count in made),
    )
    return Findings(facts=facts) + _timeline(period, before, made)


def billed_timeline(whole: Invoice, period: BillingPeriod, licences: int, addition: Addition) -> Findings:
    """The period that one invoice bills as a whole, and the addition that another bills from its day."""
    if licences <= 0:
        return Findings()
    facts = (
        Fact("period", period, by_invoice("invoice", whole)),
        Fact("billed_licences", licences, by_invoice("invoice", whole)),
    )
    return Findings(facts=facts) + _timeline(period, licences, [addition])


def _timeline(period: BillingPeriod, licences: int, additions: Sequence[Addition]) -> Findings:
    whole = Stretch(Sentence("bar_whole", {"licences": licences}), period)
    rest = [
        Stretch(Sentence("bar_added", {"added": count}), BillingPeriod(day, period.end)) for day, count in additions
    ]
    return Findings(timeline=PeriodTimeline(period, additions[-1][0], (whole, *rest)))


def _additions(account: Account, subscription: Subscription, period: BillingPeriod) -> list[Addition]:
    """The additions of a period after its first day, per day."""
    changes = [
        one
        for one in changes_of(account, subscription)[1:]
        if one.licences > 0 and period.start < one.effective_on < period.end
    ]
    by_day = groupby(changes, key=lambda change: change.effective_on)
    return [(day, sum(change.licences for change in together)) for day, together in by_day]
