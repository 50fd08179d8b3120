"""Whether changes told as made stand in the records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from saldo.billing.model import LicenceChange, Subscription
from tests.billing.claims.situation import Situation

WAYS = {"add": 1, "remove": -1, None: 0}


class RecordedClaims(Situation):
    """Of changes that the question tells of as made."""

    def groups(self, one: Subscription) -> Iterator[list[LicenceChange]]:
        """Each change but the first by itself, and all of one day that go the same way."""
        later = [each for each in self.reckoned.changes_of(one)[1:] if self.reckoned.runs(one, each.effective_on)]
        yield from ([each] for each in later)
        for day in {each.effective_on for each in later}:
            for sign in (1, -1):
                if together := [each for each in later if each.effective_on == day and each.licences * sign > 0]:
                    yield together

    def fits(self, group: list[LicenceChange], *, by_date: bool = True) -> bool:
        """Whether one of the changes in the question is this one."""
        count = sum(each.licences for each in group)
        days = {each.effective_on.isoformat() for each in group} | {max(each.ordered_on for each in group).isoformat()}
        return count != 0 and any(
            count * WAYS[named.way] >= 0
            and named.licences in (None, abs(count))
            and (named.date is None or not by_date or named.date in days)
            for named in self.query.named_changes
        )

    def stands(self, count: int, effective_on: date, one: Subscription) -> list[list[LicenceChange]]:
        """The groups that make so many more, or fewer, from that day on."""
        found = [group for group in self.groups(one) if sum(each.licences for each in group) == count]
        return [group for group in found if group[0].effective_on == effective_on]

    def yes(self, count: int, effective_on: date, licences: int, ordered_on: date | None = None) -> bool:
        found = [group for group in self.stands(count, effective_on, self.one) if self.fits(group)]
        if ordered_on is not None:
            found = [group for group in found if max(each.ordered_on for each in group) == ordered_on]
        return bool(found) and licences == self.reckoned.licences(self.one, max(effective_on, self.on))

    def removed_to_come(self, removed: int, ordered_on: date, effective_on: date, licences: int) -> bool:
        return effective_on > self.on and self.yes(-removed, effective_on, licences, ordered_on)

    def added_to_come(self, added: int, ordered_on: date, effective_on: date, licences: int) -> bool:
        return effective_on > self.on and self.yes(added, effective_on, licences, ordered_on)

    def removed_counts(self, removed: int, effective_on: date, licences: int) -> bool:
        return effective_on <= self.on and self.yes(-removed, effective_on, licences)

    def added_counts(self, added: int, effective_on: date, licences: int) -> bool:
        return effective_on <= self.on and self.yes(added, effective_on, licences)

    def none(self, sign: int, since: date, asked: int | None = None) -> bool:
        """No day from that one on has such a change, or none that fits the day named; it is well before today."""
        for one in self.reckoned.running:
            recent = [group for group in self.groups(one) if group[0].effective_on >= since]
            for group in recent:
                count = sum(each.licences for each in group)
                if count * (sign or count) > 0 and asked in (None, abs(count)) and self.fits(group):
                    return False
            if since > self.reckoned.period(one, self.on)[0]:
                return False
        return True

    def no_removal_of(self, asked: int, since: date) -> bool:
        return self.none(-1, since, asked)

    def no_addition_of(self, asked: int, since: date) -> bool:
        return self.none(1, since, asked)

    def no_removal(self, since: date) -> bool:
        return self.none(-1, since)

    def no_addition(self, since: date) -> bool:
        return self.none(1, since)

    def no_change(self, since: date) -> bool:
        return self.none(0, since)

    def unrecorded(self, sign: int, since: date) -> bool:
        """No day from that one on has a change that goes this way, of whatever number; it is well before today."""
        groups = [group for one in self.reckoned.running for group in self.groups(one)]
        recent = [sum(each.licences for each in group) for group in groups if group[0].effective_on >= since]
        before = all(since <= self.reckoned.period(one, self.on)[0] for one in self.reckoned.running)
        return before and all(count * sign <= 0 for count in recent)

    def unrecorded_removal(self, since: date) -> bool:
        return self.unrecorded(-1, since)

    def unrecorded_addition(self, since: date) -> bool:
        return self.unrecorded(1, since)

    def not_then(self) -> bool:
        groups = [group for one in self.reckoned.running for group in self.groups(one)]
        named = [one for one in self.query.named_changes if one.date]
        return bool(named) and any(self.fits(one, by_date=False) and not self.fits(one) for one in groups)

    def instead(self, count: int, ordered_on: date, effective_on: date) -> bool:
        found = [group for one in self.reckoned.running for group in self.stands(count, effective_on, one)]
        return any(max(each.ordered_on for each in group) == ordered_on for group in found)

    def instead_removed(self, removed: int, ordered_on: date, effective_on: date) -> bool:
        return self.instead(-removed, ordered_on, effective_on)

    def instead_added(self, added: int, ordered_on: date, effective_on: date) -> bool:
        return self.instead(added, ordered_on, effective_on)
