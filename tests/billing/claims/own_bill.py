"""More of the customer's own bill: invoices compared, licences of a past day, sums of a year, prices."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from saldo.billing.model import Invoice, InvoiceLine, Money
from tests.billing.claims.situation import Situation
from tests.billing.reckoning import DAY


class OwnBillClaims(Situation):
    """Of two invoices, a day, a year, a price."""

    def compared(self, invoice: str, total: Money, other: str, other_total: Money) -> int:
        """Cents that the first is higher; AssertionError for a pair that was not asked about."""
        one, two = self.reckoned.invoice(invoice), self.reckoned.invoice(other)
        assert (one.total, two.total) == (total, other_total)
        place, before = ((each.issued_on, each.number) for each in (one, two))
        assert before < place
        if self.query.other:
            assert {self.query.invoice, self.query.other} == {invoice, other}
        else:
            mine = [each for each in self.reckoned.invoices if each.subscription == one.subscription]
            assert two in mine
            assert not [each for each in mine if before < (each.issued_on, each.number) < place]
        return one.total.cents - two.total.cents

    def higher(self, invoice: str, total: Money, other: str, other_total: Money, difference: Money) -> bool:
        apart = self.compared(invoice, total, other, other_total)
        return apart == difference.cents > 0 and self.query.than != "lower"

    def lower(self, invoice: str, total: Money, other: str, other_total: Money, difference: Money) -> bool:
        apart = self.compared(invoice, total, other, other_total)
        return -apart == difference.cents > 0 and self.query.than != "higher"

    def higher_instead(self, invoice: str, total: Money, other: str, other_total: Money, difference: Money) -> bool:
        apart = self.compared(invoice, total, other, other_total)
        return apart == difference.cents > 0 and self.query.than == "lower"

    def lower_instead(self, invoice: str, total: Money, other: str, other_total: Money, difference: Money) -> bool:
        apart = self.compared(invoice, total, other, other_total)
        return -apart == difference.cents > 0 and self.query.than == "higher"

    def same(self, invoice: str, total: Money, other: str, other_total: Money) -> bool:
        return self.compared(invoice, total, other, other_total) == 0

    def whole(self, number: str) -> list[InvoiceLine]:
        found = self.reckoned.invoice(number)
        return [line for line in found.lines if not self.reckoned.added_in_period(found, line)]

    def licences_differ(self, invoice: str, licences: int, other: str, other_licences: int) -> bool:
        mine, theirs = ([line.licences for line in self.whole(each)] for each in (invoice, other))
        return (mine, theirs) == ([licences], [other_licences]) and licences != other_licences

    def months_differ(self, invoice: str, months: Decimal, other: str, other_months: Decimal) -> bool:
        mine, theirs = ([line.months for line in self.whole(each)] for each in (invoice, other))
        return (mine, theirs) == ([months], [other_months]) and months != other_months

    def bills(self, invoice: str, licences: int, months: Decimal, quantity: Decimal) -> bool:
        each = [(line.licences, line.months, line.quantity) for line in self.whole(invoice)]
        return (licences, months, quantity) in each

    def bills_added(
        self, invoice: str, licences: int, months: Decimal, quantity: Decimal, since: date, until: date
    ) -> bool:
        found = self.reckoned.invoice(invoice)
        return any(
            (line.licences, line.months, line.quantity) == (licences, months, quantity)
            and (line.period.start, line.period.end) == (since, until + DAY)
            and self.reckoned.added_in_period(found, line)
            for line in found.lines
        )

    def quantities_differ(self, invoice: str, quantity: Decimal, other: str, other_quantity: Decimal) -> bool:
        mine, theirs = (sum(line.quantity for line in self.reckoned.invoice(each).lines) for each in (invoice, other))
        return (mine, theirs) == (quantity, other_quantity) and mine != theirs

    def prices_differ(self, invoice: str, price: Money, other: str, other_price: Money) -> bool:
        mine, theirs = ({line.unit_price for line in self.reckoned.invoice(each).lines} for each in (invoice, other))
        return (mine, theirs) == ({price}, {other_price}) and price != other_price

    def package_changed(self, package: str, next_package: str, from_date: date) -> bool:
        later, earlier = self.pair()
        one = self.of(later.subscription)
        days = [[line.period.start for line in each.lines] for each in (earlier, later)]
        agreed = (one.package, one.next_package, one.period.end) == (package, next_package, from_date)
        return agreed and self.reckoned.runs(one, from_date) and max(days[0]) < from_date <= min(days[1])

    def pair(self) -> tuple[Invoice, Invoice]:
        """The two invoices that were told of first."""
        told = next(one.values for one in self.before if "other_total" in one.values)
        return self.reckoned.invoice(told["invoice"]), self.reckoned.invoice(told["other"])

    def unexplained(self) -> bool:
        both = self.pair()
        sums = [sum(self.cents(line) for line in one.lines) for one in both]
        if any(len({line.unit_price for line in one.lines}) != 1 for one in both) or 0 in sums:
            return True
        surcharge = [Fraction(one.total.cents, each) for one, each in zip(both, sums, strict=True)]
        return any(abs(surcharge[0] - surcharge[1]) * each > 1 for each in sums)

    def cents(self, line: InvoiceLine) -> int:
        return int((line.unit_price.cents * line.quantity).to_integral_value(ROUND_HALF_UP))

    def first(self, invoice: str) -> bool:
        found = self.reckoned.invoice(invoice)
        mine = [each for each in self.reckoned.invoices if each.subscription == found.subscription]
        return found == min(mine, key=lambda one: (one.issued_on, one.number))

    def asked_day(self, day: date) -> bool:
        """Whether it is in what was asked about, in the latest year that is not to come."""
        year, month, *rest = (self.query.date or "").replace("--", "0-").split("-")
        if int(month) != day.month or (rest and int(rest[0]) != day.day) or day > self.on:
            return False
        a_year_on = (day.year + 1, day.month, int(rest[0]) if rest else 1)
        return int(year) == day.year or (int(year) == 0 and a_year_on > (self.on.year, self.on.month, self.on.day))

    def licences_then(self, day: date, licences: int) -> bool:
        begun = [one for one in self.reckoned.account.subscriptions if self.had(one.id, day)]
        return (
            self.asked_day(day) and bool(begun) and licences == sum(self.reckoned.licences(one, day) for one in begun)
        )

    def had(self, subscription: str, day: date) -> bool:
        """Whether a subscription that had not ended had its first licences by then."""
        one = self.of(subscription)
        first = [change.effective_on for change in self.reckoned.changes_of(one)][:1]
        return bool(first) and first[0] <= day and (one.cancelled_on is None or day < one.cancelled_on)

    def no_subscription_then(self, day: date) -> bool:
        return self.asked_day(day) and not any(self.had(one.id, day) for one in self.reckoned.account.subscriptions)

    def not_recorded(self, day: date, began: date) -> bool:
        days = [day + timedelta(days=count) for count in range(31)]
        asked = [each for each in days if self.asked_day(each)]
        return began == min(one.effective_on for one in self.reckoned.changes) and max(asked) < began

    def spanned(self, since: date, until: date) -> bool:
        year, months = self.query.year, self.query.months
        if year in ("this", "previous"):
            year = self.on.year - (year == "previous")
        if isinstance(year, int):
            return since == date(year, 1, 1) and until == min(date(year, 12, 31), self.on)
        months = 12 if year == "last" else months
        if months:
            days = [since - DAY + timedelta(days=count) for count in range(31 * months + 31)]
            first = (since - DAY).day
            ends = [day for day in days if day.day == first or (day.day < first and (day + DAY).day == 1)]
            shorter = since.day == 1 and until.day >= (since - DAY).day
            return until == self.on and (ends[months] == until or shorter)
        records = [*(one.issued_on for one in self.reckoned.invoices), *(one.paid_on for one in self.reckoned.payments)]
        return since == min(records) and until == self.on

    def total_invoiced(self, since: date, until: date, count: int, invoiced: Money, paid: Money) -> bool:
        issued = [one.total.cents for one in self.reckoned.invoices if since <= one.issued_on <= until]
        came = [one.amount.cents for one in self.reckoned.payments if since <= one.paid_on <= until]
        sums = (count, invoiced.cents, paid.cents) == (len(issued), sum(issued), sum(came))
        return sums and self.spanned(since, until) and bool(issued or sum(came))

    def total_paid(self, since: date, until: date, count: int, invoiced: Money, paid: Money) -> bool:
        return self.query.point == "total_paid" and self.total_invoiced(since, until, count, invoiced, paid)

    def total_nothing(self, since: date, until: date) -> bool:
        issued = [one for one in self.reckoned.invoices if since <= one.issued_on <= until]
        came = sum(one.amount.cents for one in self.reckoned.payments if since <= one.paid_on <= until)
        return not issued and not came and self.spanned(since, until)

    def sums(self) -> tuple[date, date, int, int]:
        """The days told of, and what was invoiced and paid in them."""
        values = next(one.values for one in self.before if one.name.startswith("total_"))
        invoiced, paid = (getattr(values.get(name), "cents", 0) for name in ("invoiced", "paid"))
        since, until = values["since"], values["until"]
        assert isinstance(since, date) and isinstance(until, date)
        return since, until, invoiced, paid

    def credited_then(self, amount: Money) -> bool:
        since, until, _, _ = self.sums()
        notes = [one.amount.cents for one in self.reckoned.credit_notes if since <= one.issued_on <= until]
        return amount.cents == sum(notes) > 0

    def refunded_then(self, amount: Money) -> bool:
        since, until, _, _ = self.sums()
        back = [one.amount.cents for one in self.reckoned.refunds if since <= one.paid_on <= until]
        return amount.cents == sum(back) > 0

    def total_credited(self, amount: Money, left: Money) -> bool:
        return self.credited_then(amount) and left.cents == self.sums()[2] - amount.cents >= 0

    def total_refunded(self, amount: Money, left: Money) -> bool:
        return self.refunded_then(amount) and left.cents == self.sums()[3] - amount.cents >= 0

    def first_issued(self, day: date) -> bool:
        return day == min(one.issued_on for one in self.reckoned.invoices) > self.sums()[0]

    def unit_price(self, invoice: str, price: Money) -> bool:
        found = self.reckoned.invoice(invoice)
        meant = not self.has_asked_number() or found == self.reckoned.invoice(self.query.invoice)
        return meant and price in [line.unit_price for line in found.lines] and price > Money(0)

    def was_due(self, invoice: str, due_date: date) -> bool:
        found = self.reckoned.invoice(invoice)
        return self.reckoned.owed(found) == 0 and found.due_date == due_date

    def no_price_to_come(self) -> bool:
        return any(one.name == "unit_price" for one in self.before)

    def price_to_come(self) -> bool:
        return self.query.point == "cost"
