"""What a claim is held against: the reckoning of an account on a day, the question, and what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from saldo.billing.explanation import InvoiceQuery, Sentence
from saldo.billing.model import Subscription, TableName
from tests.billing.reckoning import Reckoning


@dataclass(frozen=True)
class Situation:
    """What one message says of an account on a day; `before` are the sentences said before it."""

    reckoned: Reckoning
    query: InvoiceQuery
    before: Sequence[Sentence] = ()

    @property
    def on(self) -> date:
        return self.reckoned.on

    @property
    def one(self) -> Subscription:
        """The subscription spoken of: the one named last, else the only one there is."""
        named = [one.values["subscription"] for one in self.before if one.name == "of_subscription"]
        ended = [one for one in self.reckoned.account.subscriptions if one.cancelled_on]
        running = self.reckoned.running or [one for one in ended if one.cancelled_on and one.cancelled_on <= self.on]
        found = [one for one in running if not named or one.id == named[-1]]
        assert len(found) == 1, "which subscription is meant was not said"
        return found[0]

    def licences_now(self) -> int:
        return sum(self.reckoned.licences(one, self.on) for one in self.reckoned.running)

    def removed_already(self) -> int:
        pending = [
            one
            for one in self.reckoned.later()
            if one.licences < 0
            and one.effective_on > self.on
            and self.reckoned.runs(self.of(one.subscription), one.effective_on)
        ]
        return -sum(one.licences for one in pending)

    def left(self) -> int:
        """Licences that could be removed without touching an active user."""
        return self.licences_now() - self.removed_already() - self.reckoned.active

    def of(self, subscription: str) -> Subscription:
        return next(one for one in self.reckoned.account.subscriptions if one.id == subscription)

    def unknown(self, table: TableName) -> bool:
        """Whether imports brought other tables, and not this one."""
        imports = self.reckoned.account.imports
        return imports is not None and table not in [one.table for one in imports]

    def has_asked_number(self) -> bool:
        asked = "".join((self.query.invoice or "").split()).lower()
        return any(one.number.lower() == asked for one in self.reckoned.invoices)

    def all_open(self) -> int:
        return sum(map(self.reckoned.owed, self.reckoned.open()))

    def surpluses(self) -> int:
        return sum(map(self.reckoned.surplus, self.reckoned.invoices))
