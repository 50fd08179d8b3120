"""The price that an issued invoice names. What a licence will cost is in no record, so that is never told."""

from __future__ import annotations

from datetime import date

from saldo.billing.account_state import invoices_by_date
from saldo.billing.explanation import Fact, InvoiceQuery
from saldo.billing.model import Account, Invoice, Money
from saldo.billing.rules.invoice_reference import named, not_found
from saldo.billing.rules.result import Findings, by_invoice, combined, finding


def price(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """Each price per licence and month on the invoice asked about, else on the latest that names one."""
    unknown = not_found(account, query)
    if unknown.sentences:
        return unknown
    wanted = named(account, query)
    priced = [one for one in ([wanted] if wanted else invoices_by_date(account)) if _prices(one)]
    if not priced:
        return Findings()
    source = by_invoice("invoice", priced[0])
    return combined(
        finding(
            "unit_price",
            [Fact("invoice", priced[0].number, source), Fact("unit_price", each, source)],
            invoice=priced[0].number,
            price=each,
        )
        for each in _prices(priced[0])
    ) + finding("no_price_to_come")


def _prices(invoice: Invoice) -> list[Money]:
    """Those of its lines, each once; none where a line names none."""
    return [*dict.fromkeys(line.unit_price for line in invoice.lines if line.unit_price.cents > 0)]
