"""How many licences there were on a day that is past: from the dated changes, as far back as these go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from saldo.billing.account_state import changes_of, has_ended
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Source, Value
from saldo.billing.model import Account, LicenceChange
from saldo.billing.period import add_months
from saldo.billing.rules.invoice_reference import PartialDate
from saldo.billing.rules.result import ASKED, SUBSCRIPTION, Findings, combined, finding


def past_licences(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """The licences of the day asked about; of a month those of its first day and, if they differ, of its last."""
    partial = PartialDate.read(query.date) if query.date else None
    day = partial.last_until(on) if partial else None
    if partial is None or day is None:
        return Findings()
    began = min((one.effective_on for one in account.licence_changes), default=None)
    if began is None:
        return Findings()
    last = day if partial.day else min(add_months(day, 1) - timedelta(days=1), on)
    if last < began:
        recorded_from = Fact("recorded_from", began, Source("licence_change", {"effective_on": began}))
        return finding("not_recorded", [Fact("day", day, ASKED), recorded_from], day=day, began=began)
    first = max(day, began)
    days = [first] if _licences(account, first) == _licences(account, last) else [first, last]
    return combined(_told(account, each) for each in days)


def _told(account: Account, day: date) -> Findings:
    started = _started(account, day)
    if not started:
        return finding("no_subscription_then", [Fact("day", day, ASKED)], day=day)
    licences = _licences(account, day)
    return finding("licences_then", [Fact("day", day, ASKED), _sum(started, licences)], day=day, licences=licences)


def _licences(account: Account, day: date) -> int:
    return sum(one.licences for changes in _started(account, day) for one in changes)


def _started(account: Account, day: date) -> list[list[LicenceChange]]:
    """The changes up to a day, of each subscription that had its first licences then and had not ended."""
    changes = [changes_of(account, one) for one in account.subscriptions if not has_ended(one, day)]
    return [found for each in changes if (found := [one for one in each if one.effective_on <= day])]


def _sum(started: Sequence[Sequence[LicenceChange]], licences: int) -> Fact:
    """What the subscriptions began with, and what came and went since; as recorded where nothing did."""
    later = [one.licences for changes in started for one in changes[1:]]
    if len(started) == 1 and not later:
        source = Source("licence_change", {"effective_on": started[0][0].effective_on})
        return Fact("licences_then", licences, source)
    began = sum(changes[0].licences for changes in started)
    came, went = sum(one for one in later if one > 0), -sum(one for one in later if one < 0)
    inputs: dict[str, Value] = {"began": began, "came": came, "went": went}
    template = "{began}" + (" + {came}" if came else "") + (" − {went}" if went else "")
    return Fact("licences_then", licences, SUBSCRIPTION, Formula(template, inputs) if later else None)
