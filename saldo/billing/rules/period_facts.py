"""A subscription's periods and their days as facts: as recorded, or reckoned from the recorded period.

Records are often older than the day they are read for; the period of that day is then the recorded one, so many periods
further, or before. Such a day was recorded nowhere and must not look as if it were.
"""

from __future__ import annotations

from datetime import date

from saldo.billing.explanation import Fact, Formula, Source, Value
from saldo.billing.model import Subscription
from saldo.billing.period import BillingPeriod, add_months
from saldo.billing.rules.result import SUBSCRIPTION


def period_fact(name: str, value: date | BillingPeriod, subscription: Subscription) -> Fact:
    """A billing period, or its first or last day; where none was recorded, the recorded one moved on or back."""
    recorded, day = subscription.period, value.start if isinstance(value, BillingPeriod) else value
    period, count = recorded, 0
    while period.end <= day and value != recorded.end:
        period, count = period.next(subscription.months, recorded.anchor_day), count + 1
    while day < period.start:
        start = add_months(period.start, -subscription.months, recorded.anchor_day)
        period, count = BillingPeriod(start, period.start), count - 1
    if count == 0 or value not in (period, period.start, period.last_day):
        return Fact(name, value, SUBSCRIPTION)
    sign = "+" if count > 0 else "−"
    inputs: dict[str, Value] = {"recorded": recorded, "periods": abs(count), "months": subscription.months}
    source = Source("rolled_forward", {"months": subscription.months})
    return Fact(name, value, source, Formula(f"{{recorded}} {sign} {{periods}} × {{months}}", inputs))
