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
from saldo.billing.rules.contradictions import invoice_disagrees
from saldo.billing.rules.invoice_reference import quantities, referenced
from saldo.billing.rules.result import ASKED, INVOICES, RECKONED, SUBSCRIPTION, Findings, by_invoice, combined, finding
from saldo.billing.rules.timeline import billed_timeline


def invoice_quantity(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """The quantity of every line of the invoice that is meant; of two that are meant equally, of both."""
    licences = query.licences or licences_on(account, running(account, on), on)
    if licences > 0 and query.months and not query.invoice and not _is_billed(account, licences, query.months):
        return supposed(licences, query.months, ASKED if query.licences else SUBSCRIPTION)
    if not account.invoices:
        return finding("no_invoice")
    found = referenced(account, query)
    told = combined(_invoice(account, one) for one in found.invoices)
    return found.notice + _other(found.invoices, query) + told + _newest(account, found.invoices, query)


def _other(invoices: tuple[Invoice, ...], query: InvoiceQuery) -> Findings:
    """That another quantity stands on the invoice than the one asked about: "is it right that it says 70?"."""
    asked = query.quantity
    if query.point != "is_right" or asked is None or len(invoices) != 1 or asked in quantities(invoices[0]):
        return Findings()
    (invoice,) = invoices
    total = number(quantities(invoice)[-1])
    facts = [Fact("asked_quantity", asked, ASKED), Fact("total_quantity", total, by_invoice("invoice", invoice))]
    return finding("other_quantity", facts, invoice=invoice.number, asked=asked, quantity=total)


def _newest(account: Account, invoices: tuple[Invoice, ...], query: InvoiceQuery) -> Findings:
    """That other invoices have the quantity asked about as well, and the latest is told."""
    elsewise = query.invoice or query.date or query.amount or query.place
    fitting = [one for one in account.invoices if query.quantity in quantities(one)]
    if elsewise or len(invoices) != 1 or len(fitting) < 2:
        return Findings()
    return finding("newest", [Fact("invoices_found", len(fitting), INVOICES)], count=len(fitting))


def _is_billed(account: Account, licences: int, months: int) -> bool:
    """Whether an invoice bills so many licences for so many months: then that one is meant, and nothing is supposed."""
    lines = (line for one in account.invoices for line in one.lines)
    return any(line.licences == licences and line.months == months for line in lines)


def supposed(licences: int, months: int, source: Source = ASKED) -> Findings:
    """What so many licences would come to on an invoice for so many months, whoever asks."""
    formula = Formula("{licences} × {months}", {"licences": licences, "months": months})
    facts = [
        Fact("licences", licences, source),
        Fact("months_asked", months, ASKED),
        Fact("supposed_quantity", licences * months, RECKONED, formula),
    ]
    return finding("supposed", facts, licences=licences, months=months, quantity=licences * months)


def is_added(account: Account, invoice: Invoice, line: InvoiceLine) -> bool:
    """Whether the line bills licences that were added in mid-period, and so for less than a period.

    It may bill some additions of that day, and another line the others.
    """
    subscription = subscription_of(account, invoice)
    if subscription is None or line.months >= subscription.months:
        return False
    sums = {0}
    for change in changes_of(account, subscription)[1:]:
        if change.effective_on == line.period.start and change.licences > 0:
            sums |= {each + change.licences for each in sums}
    return line.licences in sums


def number(value: Decimal) -> int | Decimal:
    """A whole number as int, so that it is written without decimals and takes the right plural."""
    return int(value) if value == int(value) else value


def _invoice(account: Account, invoice: Invoice) -> Findings:
    lines = combined(_line(account, invoice, line) for line in invoice.lines)
    told = Findings(facts=(Fact("invoice", invoice.number, by_invoice("invoice", invoice)),)) + lines + _sum(invoice)
    return told + invoice_disagrees(account, invoice)


def _line(account: Account, invoice: Invoice, line: InvoiceLine) -> Findings:
    facts = line_facts(invoice, line)
    values: dict[str, Value] = {
        "invoice": invoice.number,
        "quantity": number(line.quantity),
        "licences": line.licences,
    }
    months: dict[str, Value] = {"months": number(line.months)}
    days: dict[str, Value] = {"since": line.period.start, "until": line.period.last_day}
    if line.months != int(line.months):
        name = "uneven_line" if is_added(account, invoice, line) else "short_line"
        return finding(name, facts, **values, **days) + _turn(account, invoice, line)
    if is_added(account, invoice, line):
        return finding("added_line", facts, **values, **months, **days) + _turn(account, invoice, line)
    if _bills_monthly(account, invoice) and line.months == 1:
        return finding("single_month", facts, **values)
    return finding("line", facts, **values, **months)


def _turn(account: Account, invoice: Invoice, line: InvoiceLine) -> Findings:
    """The addition within its period, if the invoice for that whole period is on record."""
    found = whole_of(account, invoice, line)
    if found is None or not is_added(account, invoice, line):
        return Findings()
    other, whole = found
    return billed_timeline(other, whole.period, whole.licences, (line.period.start, line.licences))


def whole_of(account: Account, invoice: Invoice, line: InvoiceLine) -> tuple[Invoice, InvoiceLine] | None:
    """The invoice and its line for the whole period of which the line bills the rest; None if none does."""
    lines = (
        (other, whole)
        for other in account.invoices
        if other.subscription == invoice.subscription
        for whole in other.lines
    )
    return next(
        (
            (other, whole)
            for other, whole in lines
            if whole.period.start < line.period.start and whole.period.end == line.period.end
        ),
        None,
    )


def _bills_monthly(account: Account, invoice: Invoice) -> bool:
    subscription = subscription_of(account, invoice)
    return subscription is not None and subscription.months == 1


def line_facts(invoice: Invoice, line: InvoiceLine) -> list[Fact]:
    """A line as its invoice has it; the quantity with its reckoning, where that is exact."""
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
