"""How far the records go: what no import brought, what is old, what contradicts itself."""

from __future__ import annotations

from datetime import date

from saldo.billing.model import Money
from tests.billing.claims.situation import Situation

OLD_AFTER_DAYS = 7


class CoverageClaims(Situation):
    """Of what is not known."""

    def unknown_subscription(self) -> bool:
        return self.unknown("subscriptions")

    def unknown_licences(self) -> bool:
        return self.unknown("licence_changes")

    def unknown_users(self) -> bool:
        return self.unknown("users")

    def unknown_invoices(self) -> bool:
        return self.unknown("invoices")

    def unknown_lines(self) -> bool:
        return self.unknown("invoice_lines")

    def unknown_payments(self) -> bool:
        return self.unknown("payments")

    def unknown_refunds(self) -> bool:
        return self.unknown("refunds")

    def unknown_reminders(self) -> bool:
        return self.unknown("reminders")

    def unknown_collections(self) -> bool:
        return self.unknown("collections")

    def ask_people(self) -> bool:
        return any(one.name.startswith("unknown_") for one in self.before)

    def as_of(self, day: date) -> bool:
        imports = self.reckoned.account.imports or ()
        always = self.query.recorded or any(one.behind for one in imports)
        return day in [one.imported_on for one in imports] and (always or (self.on - day).days >= OLD_AFTER_DAYS)

    def licences_only(self, licences: int) -> bool:
        return self.unknown("users") and licences == self.licences_now() > 0

    def active_only(self, active: int) -> bool:
        unknown = self.unknown("licence_changes") or self.unknown("subscriptions")
        return unknown and active == self.reckoned.active

    def issued_invoice(self, invoice: str, issued_on: date, total: Money, due_date: date) -> bool:
        found = self.reckoned.invoice(invoice)
        unknown = self.unknown("payments") or self.unknown("invoice_lines") or self.unknown("refunds")
        return unknown and (found.issued_on, found.total, found.due_date) == (issued_on, total, due_date)

    def invoice_disagrees(self, invoice: str, day: date, billed: int, licences: int) -> bool:
        found = self.reckoned.invoice(invoice)
        of_it = [line.licences for line in found.lines if line.period.start <= day < line.period.end]
        mine = [one for one in self.reckoned.invoices if one.subscription == found.subscription]
        each = [line.licences for one in mine for line in one.lines if line.period.start <= day < line.period.end]
        then = self.reckoned.licences(self.of(found.subscription), day)
        return bool(of_it) and billed == sum(each) != licences == then
