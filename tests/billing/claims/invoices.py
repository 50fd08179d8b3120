"""What was invoiced: lines, quantities, which invoice is meant, and what is drawn of a period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from saldo.billing.explanation import PeriodTimeline
from saldo.billing.model import Invoice, InvoiceLine
from tests.billing.claims.situation import Situation
from tests.billing.reckoning import DAY


class InvoiceClaims(Situation):
    """Of invoices and their lines."""

    def line_of(self, invoice: str, quantity: Decimal, licences: int, since: date | None = None) -> InvoiceLine:
        """The invoice's line that says so; raises StopIteration if none does."""
        return next(
            line
            for line in self.reckoned.invoice(invoice).lines
            if (line.quantity, line.licences) == (quantity, licences) and since in (None, line.period.start)
        )

    def line(self, invoice: str, quantity: Decimal, licences: int, months: Decimal) -> bool:
        line = self.line_of(invoice, quantity, licences)
        return line.months == months and abs(licences * months - quantity) <= Decimal("0.005") * licences

    def single_month(self, invoice: str, quantity: Decimal, licences: int) -> bool:
        months = self.of(self.reckoned.invoice(invoice).subscription).months
        return self.line_of(invoice, quantity, licences).months == months == 1 and quantity == licences

    def added_line(
        self, invoice: str, quantity: Decimal, licences: int, months: Decimal, since: date, until: date
    ) -> bool:
        line = self.line_of(invoice, quantity, licences, since)
        added = self.reckoned.added_in_period(self.reckoned.invoice(invoice), line)
        return added and line.months == months == int(months) and until == line.period.end - DAY

    def uneven_line(self, invoice: str, quantity: Decimal, licences: int, since: date, until: date) -> bool:
        line = self.line_of(invoice, quantity, licences, since)
        added = self.reckoned.added_in_period(self.reckoned.invoice(invoice), line)
        return added and line.months != int(line.months) and until == line.period.end - DAY

    def short_line(self, invoice: str, quantity: Decimal, licences: int, since: date, until: date) -> bool:
        line = self.line_of(invoice, quantity, licences, since)
        return line.months != int(line.months) and until == line.period.end - DAY

    def sum(self, invoice: str, quantity: Decimal) -> bool:
        lines = self.reckoned.invoice(invoice).lines
        return len(lines) > 1 and quantity == sum(line.quantity for line in lines)

    def by_date(self) -> list[Invoice]:
        return sorted(self.reckoned.invoices, key=lambda one: (one.issued_on, one.number))

    def unknown_invoice(self) -> bool:
        numbers = {one.number.lower() for one in self.reckoned.invoices}
        asked = ["".join(one.split()).lower() for one in (self.query.invoice, self.query.other) if one]
        return any(one not in numbers for one in asked)

    def did_you_mean(self, invoice: str) -> bool:
        return self.unknown_invoice() and self.reckoned.invoice(invoice).number == invoice

    def could_be(self, invoice: str, issued_on: date) -> bool:
        return self.unknown_invoice() and self.reckoned.invoice(invoice).issued_on == issued_on

    def which_invoice(self, invoice: str) -> bool:
        exact = [one for one in self.by_date() if self.query.amount == one.total and not self.query.date]
        return not self.has_asked_number() and not exact and self.by_date()[-1].number == invoice

    def earliest(self, invoice: str) -> bool:
        return self.by_date()[0].number == invoice

    def several(self, count: int, invoice: str) -> bool:
        if self.query.date:
            day = date.fromisoformat(self.query.date)
            fitting = [one for one in self.by_date() if day in (one.issued_on, one.due_date)]
        else:
            fitting = [one for one in self.by_date() if one.total == self.query.amount]
        return count >= len(fitting) > 0 and self.reckoned.invoice(invoice) in fitting

    def no_invoice(self) -> bool:
        return not self.reckoned.invoices

    def other_quantity(self, invoice: str, asked: int, quantity: Decimal) -> bool:
        each = [line.quantity for line in self.reckoned.invoice(invoice).lines]
        return (
            asked in (self.query.quantity, *self.query.counts)
            and asked not in [*each, quantity]
            and quantity == sum(each)
        )

    def newest(self, count: int) -> bool:
        (told,) = {one.values["invoice"] for one in self.before if "quantity" in one.values}
        fitting = [one for one in self.by_date() if self.has_quantity(one, told)]
        return count == len(fitting) > 1 and fitting[-1].number == told

    def has_quantity(self, invoice: Invoice, told: object) -> bool:
        """Whether a quantity that was asked about is both on it and on the invoice that is told."""
        sides = [
            {*(line.quantity for line in one.lines), sum(line.quantity for line in one.lines)}
            for one in (invoice, self.reckoned.invoice(told))
        ]
        return any(asked in sides[0] & sides[1] for asked in (self.query.quantity, *self.query.counts))

    def supposed(self, licences: int, months: int, quantity: int) -> bool:
        known = licences == (self.query.licences or self.licences_now())
        return known and months == self.query.months and quantity == licences * months

    def bar_whole(self, licences: int) -> bool:
        return licences > 0

    def bar_added(self, added: int) -> bool:
        return added > 0

    def drawn(self, timeline: PeriodTimeline) -> bool:
        """Every stretch of a timeline is in the records: as licences of its first day, or as billed on a line."""
        billed = {(line.licences, line.period) for invoice in self.reckoned.invoices for line in invoice.lines}
        whole, *rest = timeline.stretches
        if (whole.sentence.values["licences"], whole.days) in billed:
            return all(
                (one.sentence.values["added"], one.days) in billed
                or self.added_on(one.days.start, one.sentence.values["added"])
                for one in rest
            )
        then = [self.reckoned.licences(one, timeline.period.start) for one in self.reckoned.running]
        return whole.sentence.values["licences"] in then and all(
            self.added_on(one.days.start, one.sentence.values["added"]) for one in rest
        )

    def added_on(self, day: date, count: object) -> bool:
        counts = [
            [one.licences for one in self.reckoned.changes_of(sub)[1:] if one.effective_on == day and one.licences > 0]
            for sub in self.reckoned.running
        ]
        return count in [sum(each) for each in counts]
