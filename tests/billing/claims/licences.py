"""How many licences there are, who uses them, and what was agreed."""

from __future__ import annotations

from datetime import date, timedelta

from saldo.billing.model import Subscription
from tests.billing.claims.situation import Situation
from tests.billing.reckoning import DAY


class LicenceClaims(Situation):
    """Of licences, users, packages and ends."""

    def seats(self, licences: int, active: int, free: int) -> bool:
        return (licences, active) == (self.licences_now(), self.reckoned.active) and free == licences - active > 0

    def all_used(self, licences: int, active: int) -> bool:
        return (licences, active) == (self.licences_now(), self.reckoned.active) and licences == active > 0

    def users_exceed(self, licences: int, active: int) -> bool:
        return (licences, active) == (self.licences_now(), self.reckoned.active) and active > licences > 0

    def since(self, since: date) -> bool:
        days = [since + timedelta(days=count) for count in range((self.on - since).days + 1)]
        now = {self.reckoned.licences_of_all(day) for day in days}
        return now == {self.licences_now()} != {0} and self.reckoned.licences_of_all(since - DAY) not in now

    def since_added(self, added: int, since: date) -> bool:
        counts = [one.licences for one in self.reckoned.later() if one.effective_on == since and one.licences]
        return self.since(since) and min(counts) > 0 and sum(counts) == added

    def since_removed(self, removed: int, since: date) -> bool:
        counts = [one.licences for one in self.reckoned.later() if one.effective_on == since and one.licences]
        return self.since(since) and max(counts) < 0 and -sum(counts) == removed

    def invoice(self, invoice: str, issued_on: date, licences: int) -> bool:
        found = self.reckoned.invoice(invoice)
        last = max(line.period.start for line in found.lines)
        on_that_day = [line.licences for line in found.lines if line.period.start <= last < line.period.end]
        whole = [one for one in found.lines if not self.reckoned.added_in_period(found, one)]
        return (
            found.issued_on == issued_on
            and bool(whole)
            and licences
            in (
                sum(on_that_day),
                sum(line.licences for line in whole),
            )
        )

    def added_invoice(self, invoice: str, issued_on: date, licences: int) -> bool:
        found = self.reckoned.invoice(invoice)
        all_added = all(self.reckoned.added_in_period(found, line) for line in found.lines)
        return all_added and found.issued_on == issued_on and licences == sum(line.licences for line in found.lines)

    def spoken_of(self) -> list[Subscription]:
        named = any(one.name == "of_subscription" for one in self.before)
        return [self.one] if named else self.reckoned.running

    def pending_removal(self, removed: int, from_date: date, licences: int) -> bool:
        return self.pending(-1, removed, from_date, licences)

    def pending_addition(self, added: int, from_date: date, licences: int) -> bool:
        return self.pending(1, added, from_date, licences)

    def pending(self, sign: int, count: int, day: date, licences: int) -> bool:
        then = [one for one in self.spoken_of() if self.reckoned.runs(one, day)]
        changes = [each for one in then for each in self.reckoned.changes_of(one)[1:] if each.effective_on == day]
        counts = [sign * each.licences for each in changes if sign * each.licences > 0]
        return (
            day > self.on
            and count == sum(counts) > 0
            and licences == sum(self.reckoned.licences(one, day) for one in then)
        )

    def no_subscription(self) -> bool:
        return not self.reckoned.running

    def removable(self, free: int) -> bool:
        runs_on = all(self.reckoned.to_invoice(one, self.on) for one in self.reckoned.running)
        return runs_on and free == self.left() > 0

    def none_removable(self) -> bool:
        return self.left() <= 0 < self.licences_now()

    def counts_from(self, from_date: date) -> bool:
        return {self.reckoned.to_invoice(one, self.on) for one in self.reckoned.running} == {from_date}

    def cancelled(self, ends_on: date) -> bool:
        return self.one.cancelled_on == ends_on + DAY

    already_cancelled = no_next = cancelled

    def of_subscription(self, subscription: str, package: str) -> bool:
        return package == self.reckoned.package(self.of(subscription), self.on)

    def package(self, package: str, from_date: date) -> bool:
        changes = self.one.next_package is not None and self.reckoned.runs(self.one, self.one.period.end)
        under_way = changes and self.on < self.one.period.end
        right = package == self.reckoned.package(self.one, self.on)
        return right and not under_way and from_date == self.reckoned.to_invoice(self.one, self.on)

    def package_change_under_way(self, package: str, next_package: str, from_date: date) -> bool:
        one, before = self.one, from_date - DAY
        changes = [self.reckoned.package(one, day) for day in (self.on, before, from_date)]
        return (
            changes == [package, package, next_package] and self.reckoned.runs(one, from_date) and from_date > self.on
        )

    def current_package(self, package: str) -> bool:
        return package == self.reckoned.package(self.one, self.on)

    def period_end(self, until: date) -> bool:
        return self.one.cancelled_on is None and until == self.reckoned.period(self.one, self.on)[1]
