"""Invoices still to be paid: more time for them, and reminders.

Articles: "Ik heb meer tijd nodig om mijn factuur te betalen" and "Ik heb een betalingsherinnering ontvangen"
/ "Tarvitsen laskulle maksuaikaa" and "Sain perintäkirjeen". More time is often possible, before the due date;
in Finland an invoice past it goes to the collection partner. Of that the Dutch article says nothing, and so
do we of a Dutch customer's invoice.
"""

from __future__ import annotations

from datetime import date, timedelta

from saldo.billing.account_state import (
    added_up,
    balance,
    credited_to,
    invoices_by_date,
    payments_of,
    still_due,
    unpaid,
)
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Value
from saldo.billing.model import Account, Invoice, Money
from saldo.billing.rules.invoice_reference import named, not_found
from saldo.billing.rules.result import INVOICES, RECKONED, Findings, by_invoice, combined, finding

RECENT = timedelta(days=90)
"""A reminder sent longer ago is not the one somebody asks about without naming it."""
MOST_TOLD = 3
"""So many open invoices are told one by one, the others together."""


def payment_extension(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What is open, the one asked about first, then the earliest due."""
    return not_found(account, query) + _paid(account, query) + told_open(account, open_invoices(account, query), on)


def payment_reminder(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """The same, and when a reminder of it was sent; of a reminder whose invoice is paid, when that was."""
    invoices = open_invoices(account, query)
    open_ones = told_open(account, invoices, on, reminders=True)
    settled = Findings() if invoices and named(account, query) is None else _settled(account, on, query)
    return not_found(account, query) + (settled if settled.sentences else _paid(account, query)) + open_ones


def told_open(account: Account, invoices: list[Invoice], on: date, reminders: bool = False) -> Findings:
    """The open invoices one by one, the last of many together."""
    if not invoices:
        return finding("nothing_open")
    findings = combined(
        _open_invoice(account, one, on) + (_reminded(account, one) if reminders else Findings())
        for one in invoices[:MOST_TOLD]
    )
    return findings + _others(account, invoices[MOST_TOLD:]) + _overpaid_besides(account)


def open_invoices(account: Account, query: InvoiceQuery) -> list[Invoice]:
    """What is still to be paid: the one asked about first, then the earliest due."""
    wanted = named(account, query)
    return sorted(unpaid(account), key=lambda invoice: (invoice is not wanted, invoice.due_date, invoice.number))


def _open_invoice(account: Account, invoice: Invoice, on: date) -> Findings:
    amount, facts = _amount_due(account, invoice)
    part = _paid_in_part(account, invoice) + told_credited(account, invoice)
    transferred_on = _transferred_on(account, invoice)
    if transferred_on is not None:
        facts += [Fact("transferred_on", transferred_on, by_invoice("collection", invoice))]
        values: dict[str, Value] = {
            "invoice": invoice.number,
            "amount": amount.value,
            "transferred_on": transferred_on,
        }
        return finding("in_collection", facts, **values) + part
    overdue = "overdue_with_partner" if account.customer.country == "FI" else "overdue_invoice"
    name = overdue if invoice.due_date < on else "open_invoice"
    return finding(name, facts, invoice=invoice.number, amount=amount.value, due_date=invoice.due_date) + part


def _amount_due(account: Account, invoice: Invoice) -> tuple[Fact, list[Fact]]:
    """The amount still to be paid, and the facts to tell with it."""
    source = by_invoice("invoice", invoice)
    paid = added_up(payments_of(account, invoice), invoice.total.currency)
    credited = added_up(credited_to(account, invoice), invoice.total.currency)
    inputs: dict[str, Value] = {"invoice_total": invoice.total}
    inputs.update({"paid": paid} if paid.cents else {})
    inputs.update({"credited": credited} if credited.cents else {})
    formula = Formula(" − ".join(f"{{{name}}}" for name in inputs), inputs)
    amount = Fact("amount_due", still_due(account, invoice), RECKONED, formula)
    if len(inputs) == 1:
        amount = Fact("amount_due", invoice.total, source)
    return amount, [
        Fact("invoice", invoice.number, source),
        amount,
        Fact("due_date", invoice.due_date, source),
    ]


def _paid_in_part(account: Account, invoice: Invoice) -> Findings:
    paid = added_up(payments_of(account, invoice), invoice.total.currency)
    if paid.cents <= 0:
        return Findings()
    facts = [
        Fact("invoice_total", invoice.total, by_invoice("invoice", invoice)),
        Fact("paid", paid, by_invoice("payments", invoice)),
    ]
    return finding("part_paid", facts, paid=paid, total=invoice.total)


def told_credited(account: Account, invoice: Invoice) -> Findings:
    """What credit notes take off the invoice; nothing if there are none."""
    credited = added_up(credited_to(account, invoice), invoice.total.currency)
    if not credited.cents:
        return Findings()
    facts = [Fact("credited", credited, by_invoice("credit_notes", invoice))]
    return finding("credited", facts, invoice=invoice.number, amount=credited)


def _others(account: Account, invoices: list[Invoice]) -> Findings:
    """The open invoices that are not told one by one."""
    if not invoices:
        return Findings()
    due = added_up((still_due(account, one) for one in invoices), _currency(invoices))
    facts = [Fact("others_open", len(invoices), INVOICES), Fact("others_due", due, INVOICES)]
    return finding("others_open", facts, count=len(invoices), amount=due)


def _overpaid_besides(account: Account) -> Findings:
    """What was paid too much on other invoices; no article says that it counts for those that are open."""
    surpluses = [amount for one in account.invoices if (amount := balance(account, one)).cents > 0]
    if not surpluses:
        return Findings()
    surplus = added_up(surpluses, surpluses[0].currency)
    return finding("overpaid_besides", [Fact("surplus", surplus, INVOICES)], surplus=surplus)


def _transferred_on(account: Account, invoice: Invoice) -> date | None:
    if account.customer.country != "FI":
        return None
    days = (one.transferred_on for one in account.collections if one.invoice == invoice.number)
    return max(days, default=None)


def _reminded(account: Account, invoice: Invoice) -> Findings:
    sent = _last_sent(account, invoice)
    if sent is None:
        return Findings()
    return finding(
        "reminded", [Fact("sent_on", sent, by_invoice("reminder", invoice))], invoice=invoice.number, sent_on=sent
    )


def _settled(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """The last reminder whose invoice is paid now; of the invoice asked about, else a recent one."""
    wanted = named(account, query)
    candidates = [wanted] if wanted else invoices_by_date(account)
    sent = [
        (day, one)
        for one in candidates
        if (day := _last_sent(account, one)) is not None
        and (wanted or on - day <= RECENT)
        and balance(account, one).cents >= 0
    ]
    return _paid_after(account, *max(sent, key=lambda pair: (pair[0], pair[1].number))) if sent else Findings()


def _paid_after(account: Account, sent_on: date, invoice: Invoice) -> Findings:
    paid_on = _paid_on(account, invoice)
    if paid_on is None:
        return Findings()
    facts = [
        Fact("invoice", invoice.number, by_invoice("invoice", invoice)),
        Fact("sent_on", sent_on, by_invoice("reminder", invoice)),
        Fact("paid_on", paid_on, by_invoice("payments", invoice)),
    ]
    name = "paid_since" if paid_on >= sent_on else "paid_before"
    return finding(name, facts, invoice=invoice.number, sent_on=sent_on, paid_on=paid_on)


def _paid(account: Account, query: InvoiceQuery) -> Findings:
    """That the invoice asked about is paid, and since when."""
    wanted = named(account, query)
    return paid_in_full(account, wanted) if wanted else Findings()


def paid_in_full(account: Account, invoice: Invoice) -> Findings:
    """That nothing of an invoice is open any more, and since when; nothing of one that is not."""
    if balance(account, invoice).cents < 0:
        return Findings()
    paid_on = _paid_on(account, invoice)
    if paid_on is None:
        return told_credited(account, invoice)
    facts = [
        Fact("invoice", invoice.number, by_invoice("invoice", invoice)),
        Fact("paid_on", paid_on, by_invoice("payments", invoice)),
    ]
    return finding("paid_already", facts, invoice=invoice.number, paid_on=paid_on)


def _paid_on(account: Account, invoice: Invoice) -> date | None:
    """The day of the payment since which nothing is open; None if something is, or a credit note saw to it."""
    payments = [(one.paid_on, True, one.amount) for one in account.payments_by_invoice.get(invoice.number, ())]
    notes = [(one.issued_on, False, one.amount) for one in account.credit_notes_by_invoice.get(invoice.number, ())]
    came, settled = Money(0, invoice.total.currency), None
    for day, is_payment, amount in sorted([*payments, *notes]):
        was, came = came, came + amount  # negative if it was moved to another invoice
        if was < invoice.total <= came:
            settled = day if is_payment else None
    return settled if came >= invoice.total else None


def _last_sent(account: Account, invoice: Invoice) -> date | None:
    return max((one.sent_on for one in account.reminders if one.invoice == invoice.number), default=None)


def _currency(invoices: list[Invoice]) -> str:
    return invoices[0].total.currency
