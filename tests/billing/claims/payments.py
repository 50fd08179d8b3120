"""What was paid, too much or too little."""

from __future__ import annotations

from datetime import date

from saldo.billing.model import Invoice, Money
from tests.billing.claims.situation import Situation
from tests.billing.reckoning import DAY


class PaymentClaims(Situation):
    """Of payments, surpluses, refunds, and what is open."""

    def overpaid(self, invoice: str, total: Money, paid: Money, surplus: Money) -> bool:
        return self.overpaid_credited(invoice, total, Money(0), paid, Money(0), surplus)

    def overpaid_rest(self, invoice: str, total: Money, paid: Money, refunded: Money, surplus: Money) -> bool:
        return self.overpaid_credited(invoice, total, Money(0), paid, refunded, surplus)

    def overpaid_credited(
        self, invoice: str, total: Money, credited: Money, paid: Money, refunded: Money, surplus: Money
    ) -> bool:
        found = self.reckoned.invoice(invoice)
        in_records = (self.reckoned.paid(found), self.reckoned.refunded(found), self.reckoned.credited(found))
        known = in_records == (paid.cents, refunded.cents, credited.cents) and total == found.total
        return known and paid + credited - total - refunded == surplus > Money(0)

    def credited(self, invoice: str, amount: Money) -> bool:
        return amount.cents == self.reckoned.credited(self.reckoned.invoice(invoice)) > 0

    def set_off(self, surplus: Money, next_period: date) -> bool:
        starts = [start for one in self.reckoned.account.subscriptions if (start := self.reckoned.next_period(one))]
        return not self.all_open() and surplus.cents == self.surpluses() and next_period == min(starts)

    def refundable(self, surplus: Money, ends_on: date) -> bool:
        every = self.reckoned.account.subscriptions
        none_to_come = not any(self.reckoned.next_invoice(one) for one in every)
        last = max((one.cancelled_on for one in every if one.cancelled_on), default=None)
        return none_to_come and not self.all_open() and surplus.cents == self.surpluses() and last == ends_on + DAY

    def undecided(self, surplus: Money) -> bool:
        return surplus.cents == self.surpluses() > 0 and not self.all_open()

    def open_besides(self, surplus: Money, amount: Money) -> bool:
        return surplus.cents == self.surpluses() > 0 and amount.cents == self.all_open() > 0

    def refunded(self, amount: Money, paid_on: date) -> bool:
        return any((one.amount, one.paid_on) == (amount, paid_on) for one in self.reckoned.refunds)

    def not_overpaid(self, invoice: str, total: Money, paid: Money) -> bool:
        found = self.reckoned.invoice(invoice)
        return (total, paid.cents) == (found.total, self.reckoned.paid(found)) and paid <= total

    def no_overpayment(self) -> bool:
        return self.surpluses() == 0

    def is_open(self, invoice: str, amount: Money) -> Invoice:
        found = self.reckoned.invoice(invoice)
        assert amount.cents == self.reckoned.owed(found) > 0
        return found

    def open_invoice(self, invoice: str, amount: Money, due_date: date) -> bool:
        found = self.is_open(invoice, amount)
        return found.due_date == due_date >= self.on and not self.handed_over(invoice)

    def overdue_invoice(self, invoice: str, amount: Money, due_date: date) -> bool:
        found = self.is_open(invoice, amount)
        return found.due_date == due_date < self.on and self.reckoned.account.customer.country == "NL"

    def overdue_with_partner(self, invoice: str, amount: Money, due_date: date) -> bool:
        found = self.is_open(invoice, amount)
        return found.due_date == due_date < self.on and self.reckoned.account.customer.country == "FI"

    def handed_over(self, invoice: str) -> list[date]:
        finnish = self.reckoned.account.customer.country == "FI"
        return [one.transferred_on for one in self.reckoned.collections if finnish and one.invoice == invoice]

    def in_collection(self, invoice: str, amount: Money, transferred_on: date) -> bool:
        return bool(self.is_open(invoice, amount)) and transferred_on in self.handed_over(invoice)

    def part_paid(self, paid: Money, total: Money) -> bool:
        told = self.before[-1].values
        found = self.reckoned.invoice(told["invoice"])
        adds_up = told["amount"] == total - paid - Money(self.reckoned.credited(found))
        return adds_up and (total, paid.cents) == (found.total, self.reckoned.paid(found)) and paid > Money(0)

    def told_open(self) -> list[int]:
        names = ("open_invoice", "overdue_invoice", "overdue_with_partner", "in_collection")
        told = [one for one in self.before if one.name in names]
        return [self.reckoned.owed(self.reckoned.invoice(one.values["invoice"])) for one in told]

    def others_open(self, count: int, amount: Money) -> bool:
        told = self.told_open()
        return (count, amount.cents) == (len(self.reckoned.open()) - len(told), self.all_open() - sum(told))

    def sum_open(self, count: int, amount: Money) -> bool:
        return (count, amount.cents) == (len(self.reckoned.open()), self.all_open()) and count > 1

    def overpaid_besides(self, surplus: Money) -> bool:
        return surplus.cents == self.surpluses() > 0 and bool(self.told_open())

    def nothing_open(self) -> bool:
        return not self.reckoned.open()

    def days_late(self, invoice: str, days: int) -> bool:
        found = self.reckoned.invoice(invoice)
        return self.reckoned.owed(found) > 0 and days == (self.on - found.due_date).days > 0

    def paid_already(self, invoice: str, paid_on: date) -> bool:
        found = self.reckoned.invoice(invoice)
        that_day = [one for one in self.reckoned.payments if (one.invoice, one.paid_on) == (invoice, paid_on)]
        return bool(that_day) and paid_on == self.reckoned.settled_on(found)

    def last_reminder(self, invoice: str) -> date:
        return max(one.sent_on for one in self.reckoned.reminders if one.invoice == invoice)

    def reminded(self, invoice: str, sent_on: date) -> bool:
        return sent_on == self.last_reminder(invoice) and self.reckoned.owed(self.reckoned.invoice(invoice)) > 0

    def paid_since(self, invoice: str, sent_on: date, paid_on: date) -> bool:
        return self.paid_already(invoice, paid_on) and sent_on == self.last_reminder(invoice) <= paid_on

    def paid_before(self, invoice: str, sent_on: date, paid_on: date) -> bool:
        return self.paid_already(invoice, paid_on) and sent_on == self.last_reminder(invoice) > paid_on
