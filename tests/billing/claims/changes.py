"""What a change would mean, and what the next invoice would be."""

from __future__ import annotations

from datetime import date

from tests.billing.claims.situation import Situation
from tests.billing.reckoning import DAY


class ChangeClaims(Situation):
    """Of what is supposed or to come."""

    def planned(self, named: str | None = None) -> date:
        """The day in the question, if there is one to come; else today."""
        text = named or self.query.date or ""
        if len(text) == 10:
            return max(date.fromisoformat(text), self.on)
        assert not text, "the questions of these tests name whole days"
        return self.on

    def removal_from(self, named: str | None = None) -> date | None:
        """The first day of the planned day's period, if it is that, or of the next, but none that is invoiced."""
        one, day = self.one, self.planned(named)
        if day == self.on:
            return self.reckoned.to_invoice(one, day)
        start, _ = self.reckoned.period(one, day)
        return self.reckoned.to_invoice(one, day - DAY if start == day else day)

    def add_today(self, today: date, until: date) -> bool:
        return today == self.on == self.planned() and until == self.reckoned.period(self.one, today)[1]

    def would_add(self, added: int, today: date, until: date, licences: int) -> bool:
        return self.add_today(today, until) and self.adds(added, today, licences)

    def would_add_on(self, added: int, since: date, until: date, licences: int) -> bool:
        first, last = self.reckoned.period(self.one, since)
        return since == self.planned() != first and until == last and self.adds(added, since, licences)

    def would_add_to_period(self, added: int, since: date, until: date, licences: int) -> bool:
        to_get_to = self.query.target is not None and since == self.removal_from()
        day = since if to_get_to else self.planned()
        return (since, until) == self.reckoned.period(self.one, day) and self.adds(added, since, licences)

    def adds(self, added: int, day: date, licences: int) -> bool:
        asked = self.query.licences if self.query.target is None else licences - self.reckoned.licences(self.one, day)
        runs = self.reckoned.runs(self.one, day) and self.query.target in (None, licences)
        return runs and added == asked and licences == self.reckoned.licences(self.one, day) + added

    def next_period(self, last_day: date, from_date: date) -> bool:
        return from_date == last_day + DAY == self.removal_from()

    def would_remove(self, removed: int, last_day: date, from_date: date, licences: int) -> bool:
        then = self.reckoned.licences(self.one, from_date)
        aimed = self.query.target in (None, licences)
        return self.next_period(last_day, from_date) and licences == then - removed >= 0 and aimed

    def stepped(self) -> int:
        """What the changes told before come to, of the subscription spoken of."""
        names = [one.name for one in self.before]
        last = max((place for place, name in enumerate(names) if name == "of_subscription"), default=-1)
        steps = [one.values for one in self.before[last + 1 :] if one.name in ("step_added", "step_removed")]
        return sum(int(str(one.get("added", 0))) - int(str(one.get("removed", 0))) for one in steps)

    def step_added(self, added: int, since: date, until: date, licences: int) -> bool:
        days = [self.planned(one.date) for one in self.query.changes if (one.way, one.licences) == ("add", added)]
        then = self.reckoned.licences(self.one, since) + self.stepped() + added
        ends = self.reckoned.runs(self.one, since) and until == self.reckoned.period(self.one, since)[1]
        return since in days and ends and licences == then

    def step_removed(self, removed: int, last_day: date, from_date: date, licences: int) -> bool:
        named = [one for one in self.query.changes if (one.way, one.licences) == ("remove", removed)]
        then = self.reckoned.licences(self.one, from_date) + self.stepped() - removed
        starts = [self.removal_from(one.date) for one in named if self.reckoned.runs(self.one, self.planned(one.date))]
        return from_date == last_day + DAY and from_date in starts and licences == then >= 0

    def below_active(self, active: int) -> bool:
        told = self.before[-1].values["licences"]
        return len(self.reckoned.running) == 1 and isinstance(told, int) and active == self.reckoned.active > told

    def as_many(self, licences: int) -> bool:
        return self.query.target == licences == self.reckoned.licences(self.one, self.planned())

    def not_that_many(self, licences: int, from_date: date) -> bool:
        if self.query.changes:
            left = self.reckoned.licences(self.one, from_date) + self.stepped()
            return licences == left and any(
                one.way == "remove" and (one.licences or 0) > left and self.removal_from(one.date) == from_date
                for one in self.query.changes
            )
        then, asked = self.reckoned.licences(self.one, from_date), self.query.licences
        if self.query.target is not None:
            asked = then - self.query.target
        return from_date == self.removal_from() and licences == then and asked is not None and asked > then

    def fewer_free(self, free: int) -> bool:
        (removing,) = [one.values["removed"] for one in self.before if one.name == "would_remove"]
        return len(self.reckoned.running) == 1 and isinstance(removing, int) and removing > free == self.left() > 0

    def none_free(self) -> bool:
        return len(self.reckoned.running) == 1 and self.left() <= 0

    def added(self, added: int, effective_on: date) -> bool:
        additions = [one for one in self.reckoned.later() if one.licences > 0]
        of_day = sum(one.licences for one in additions if one.effective_on == effective_on)
        return effective_on == max(one.effective_on for one in additions) and added == of_day

    def removed(self, removed: int, effective_on: date) -> bool:
        removals = [
            one
            for one in self.reckoned.later()
            if one.licences < 0 and self.reckoned.runs(self.of(one.subscription), one.effective_on)
        ]
        of_day = -sum(one.licences for one in removals if one.effective_on == effective_on)
        return effective_on == max(one.effective_on for one in removals) and removed == of_day

    def period(self, months: int, since: date, until: date) -> bool:
        return months == self.one.months and (since, until) == self.reckoned.period(self.one, self.on)

    def next(self, since: date, until: date, licences: int, months: int, quantity: int) -> bool:
        then = self.reckoned.licences(self.one, since)
        return (
            since == self.reckoned.next_invoice(self.one)
            and until == self.reckoned.period(self.one, since)[1]
            and (licences, months) == (then, self.one.months)
            and quantity == licences * months > 0
        )
