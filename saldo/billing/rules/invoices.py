"""Where an invoice's quantity comes from.

Articles: "Waarom komt het aantal licenties op mijn factuur niet overeen met het aantal op mijn abonnement?" /
"Miksi laskulla näkyvä lisenssien kappalemäärä ei vastaa tilauksella olevaa määrää?". Quantity = licences ×
months of the billing period (10 × 6 = 60); licences added during a period are billed from the day they take
effect.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from saldo.billing.account_state import changes_of, licences_on, running, subscription_of
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Source, Value
from saldo.billing.model import Account, Invoice, InvoiceLine
from saldo.billing.rules.invoice_reference import referenced
from saldo.billing.rules.result import ASKED, RECKONED, SUBSCRIPTION, Findings, by_invoice, combined, finding
from saldo.billing.rules.timeline import billed_timeline


def invoice_quantity(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """The quantity of every line of the invoice that is meant; of two that are meant equally, of both."""
    if query.months and not query.invoice:
        return _supposed(account, on, query.months, query.licences)
    if not account.invoices:
        return finding("no_invoice")
    found = referenced(account, query)
    return found.notice + combined(_invoice(account, one) for one in found.invoices)


def _supposed(account: Account, on: date, months: int, licences: int | None) -> Findings:
    """What so many licences would come to on an invoice for so many months; of those there are, if none are named."""
    own = licences_on(account, running(account, on), on)
    count = licences or own
    if not count:
        return finding("no_invoice")
    formula = Formula("{licences} × {months}", {"licences": count, "months": months})
    facts = [
        Fact("licences", count, ASKED if licences else SUBSCRIPTION),
        Fact("months_asked", months, ASKED),
        Fact("supposed_quantity", count * months, RECKONED, formula),
    ]
    return finding("supposed", facts, licences=count, months=months, quantity=count * months)


def is_added(account: Account, invoice: Invoice, line: InvoiceLine) -> bool:
    """Whether the line bills licences that were added in mid-period, and so for less than a period."""
    subscription = subscription_of(account, invoice)
    if subscription is None or line.months >= subscription.months:
        return False
    on_that_day = [one for one in changes_of(account, subscription)[1:] if one.effective_on == line.period.start]
    return sum(change.licences for change in on_that_day if change.licences > 0) == line.licences


def number(value: Decimal) -> int | Decimal:
    """A whole number as int, so that it is written without decimals and takes the right plural."""
    return int(value) if value == int(value) else value


def _invoice(account: Account, invoice: Invoice) -> Findings:
    lines = combined(_line(account, invoice, line) for line in invoice.lines)
    return Findings(facts=(Fact("invoice", invoice.number, by_invoice("invoice", invoice)),)) + lines + _sum(invoice)


def _line(account: Account, invoice: Invoice, line: InvoiceLine) -> Findings:
    facts = _line_facts(invoice, line)
    values: dict[str, Value] = {
        "invoice": invoice.number,
        "quantity": number(line.quantity),
        "licences": line.licences,
    }
    months: dict[str, Value] = {"months": number(line.months)}
    days: dict[str, Value] = {"since": line.period.start, "until": line.period.last_day}
    if line.months != int(line.months):
        return finding("uneven_line", facts, **values, **days) + _turn(account, invoice, line)
    if is_added(account, invoice, line):
        return finding("added_line", facts, **values, **months, **days) + _turn(account, invoice, line)
    if _bills_monthly(account, invoice) and line.months == 1:
        return finding("single_month", facts, **values)
    return finding("line", facts, **values, **months)


def _turn(account: Account, invoice: Invoice, line: InvoiceLine) -> Findings:
    """The addition within its period, if the invoice for that whole period is on record."""
    others = [one for one in account.invoices if one.subscription == invoice.subscription]
    for other in others:
        for whole in other.lines:
            if whole.period.start < line.period.start and whole.period.end == line.period.end:
                return billed_timeline(other, whole.period, whole.licences, (line.period.start, line.licences))
    return Findings()


def _bills_monthly(account: Account, invoice: Invoice) -> bool:
    subscription = subscription_of(account, invoice)
    return subscription is not None and subscription.months == 1


def _line_facts(invoice: Invoice, line: InvoiceLine) -> list[Fact]:
    source = Source("invoice_line", {"invoice": invoice.number, "line": line.number})
    formula = Formula("{licences} × {months}", {"licences": line.licences, "months": number(line.months)})
    # Who rounds only the product may print some hundredths more or less: then no formula is claimed.
    exact = line.licences * line.months == line.quantity
    return [
        Fact("period", line.period, source),
        Fact("billed_licences", line.licences, source),
        Fact("months", number(line.months), source),
        Fact("quantity", number(line.quantity), source, formula if exact else None),
    ]


def _sum(invoice: Invoice) -> Findings:
    """The lines' quantities added up, if there are several."""
    if len(invoice.lines) < 2:
        return Findings()
    inputs: dict[str, Value] = {f"line_{line.number}": number(line.quantity) for line in invoice.lines}
    total = number(sum((line.quantity for line in invoice.lines), Decimal(0)))
    formula = Formula(" + ".join(f"{{{name}}}" for name in inputs), inputs)
    facts = [Fact("total_quantity", total, by_invoice("invoice", invoice), formula)]
    return finding("sum", facts, invoice=invoice.number, quantity=total)
