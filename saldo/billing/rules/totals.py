"""What was invoiced and what was paid in a year, or in the last months: two sums, for they seldom are the same.

No article speaks of it; the records do. Credit notes and money paid back are told apart and then taken off, each by
its own day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from saldo.billing.account_state import added_up
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Source, Value
from saldo.billing.model import Account, Money
from saldo.billing.period import BillingPeriod, add_months
from saldo.billing.rules.result import INVOICES, RECKONED, Findings, finding

PAYMENTS = Source("all_payments")
MOST_TERMS = 6
"""So many different amounts are written out as a sum."""
RELATIVE = {"this": 0, "previous": -1}


def total(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """The sums of the year or months asked about, else of all that is on record."""
    days = _days(account, on, query)
    if days is None:
        return Findings()
    invoices = [one for one in account.invoices if days.contains(one.issued_on)]
    currency = next((one.total.currency for one in account.invoices), "EUR")
    billed = _sum("invoiced", [one.total for one in invoices], currency, INVOICES)
    paid = _sum("paid", [one.amount for one in account.payments if days.contains(one.paid_on)], currency, PAYMENTS)
    spanned: dict[str, Value] = {"since": days.start, "until": days.last_day}
    facts = [Fact("days", days, RECKONED), Fact("invoices_issued", len(invoices), INVOICES), billed, paid]
    if invoices or paid.value != Money(0, currency):
        name = "total_paid" if query.point == "total_paid" else "total_invoiced"
        sums: dict[str, Value] = {"invoiced": billed.value, "paid": paid.value, "count": len(invoices)}
        findings = finding(name, facts, **spanned, **sums)
    else:
        findings = finding("total_nothing", facts[:1], **spanned)
    credited = [one.amount for one in account.credit_notes if days.contains(one.issued_on)]
    refunded = [one.amount for one in account.refunds if days.contains(one.paid_on)]
    return (
        findings
        + _less("credited", "invoiced", billed, added_up(credited, currency))
        + _less("refunded", "paid", paid, added_up(refunded, currency))
        + _begins(account, days)
    )


def _days(account: Account, on: date, query: InvoiceQuery) -> BillingPeriod | None:
    """From the first day to the last that is not to come; None of what is all to come, or of no records at all."""
    end = on + timedelta(days=1)
    months = 12 if query.year == "last" else query.months
    if query.year is not None and query.year != "last":
        year = query.year if isinstance(query.year, int) else on.year + RELATIVE[query.year]
        return BillingPeriod(date(year, 1, 1), min(date(year + 1, 1, 1), end)) if year <= on.year else None
    if months:
        return BillingPeriod(add_months(on, -months) + timedelta(days=1), end)
    first = [*(one.issued_on for one in account.invoices), *(one.paid_on for one in account.payments)]
    return BillingPeriod(min(first), end) if first else None


def _sum(name: str, amounts: Sequence[Money], currency: str, source: Source) -> Fact:
    """Amounts added up; written out where they are few, each once with how often it comes."""
    added, each = added_up(amounts, currency), Counter(amounts)
    inputs: dict[str, Value] = {}
    terms = []
    for place, (amount, count) in enumerate(each.items(), 1):
        inputs[f"amount_{place}"] = amount
        inputs |= {f"times_{place}": count} if count > 1 else {}
        terms.append(f"{{times_{place}}} × {{amount_{place}}}" if count > 1 else f"{{amount_{place}}}")
    formula = Formula(" + ".join(terms), inputs) if len(amounts) > 1 and len(each) <= MOST_TERMS else None
    return Fact(f"{name}_in_all", added, source, formula)


def _less(name: str, of: str, full: Fact, amount: Money) -> Findings:
    """What was credited or paid back in those days, and what the sum is without it."""
    if not amount.cents or not isinstance(full.value, Money):
        return Findings()
    left, told = full.value - amount, Fact(name, amount, INVOICES)
    if left.cents < 0:  # of what was invoiced or paid before those days
        return finding(f"{name}_then", [told], amount=amount)
    formula = Formula(f"{{{full.name}}} − {{{name}}}", {full.name: full.value, name: amount})
    facts = [told, Fact(f"{of}_after_all", left, RECKONED, formula)]
    return finding(f"total_{name}", facts, amount=amount, left=left)


def _begins(account: Account, days: BillingPeriod) -> Findings:
    """The day of the first invoice on record, where the days asked about begin before it."""
    first = min((one.issued_on for one in account.invoices), default=None)
    if first is None or first <= days.start:
        return Findings()
    return finding("first_issued", [Fact("issued_on", first, INVOICES)], day=first)
