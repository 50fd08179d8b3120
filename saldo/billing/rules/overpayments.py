"""Paid too much: set off or paid back.

Articles: "Ik heb mijn factuur twee keer betaald, wat moet ik doen?" / "Maksoin laskun kahdesti, mitä teen?".
An overpayment is set off against coming invoices of the same service by itself; only if no invoice is to come
can it be refunded, and then the bank account is to be confirmed. All of a customer's subscriptions are of one
service.
"""

from __future__ import annotations

from datetime import date

from saldo.billing.account_state import (
    added_up,
    balance,
    changes_of,
    credited_to,
    ends_on,
    invoices_by_date,
    licences_on,
    next_invoiced,
    next_to_invoice,
    payments_of,
    refunds_of,
    still_due,
    unpaid,
)
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Source, Value
from saldo.billing.model import Account, Invoice, Money, Payment, Refund, Subscription
from saldo.billing.rules.invoice_reference import find_invoice, named, not_found
from saldo.billing.rules.period_facts import period_fact
from saldo.billing.rules.result import INVOICES, RECKONED, SUBSCRIPTION, Findings, by_invoice, combined, finding


def overpayment(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What was paid too much, per invoice, and what becomes of it; for paid_twice and refund_requirements."""
    invoices = [one for one in invoices_by_date(account) if balance(account, one).cents > 0]
    wanted = named(account, query)
    first = not_found(account, query) + (_not_overpaid(account, wanted) if wanted not in invoices else Findings())
    if not invoices:
        return first + _last_refund(account) + (Findings() if first.sentences else finding("no_overpayment"))
    invoices.sort(key=lambda invoice: invoice is not wanted)
    return first + combined(_overpaid(account, one) for one in invoices) + _outcome(account, invoices, on)


def _not_overpaid(account: Account, invoice: Invoice | None) -> Findings:
    """Of the invoice asked about, that no more than its total was paid, or no more is left of it."""
    if invoice is None:
        return Findings()
    paid = added_up(payments_of(account, invoice), invoice.total.currency)
    if refunds_of(account, invoice):  # paid too much once, and paid back: told as a refund
        return Findings()
    facts = [
        Fact("invoice", invoice.number, by_invoice("invoice", invoice)),
        Fact("invoice_total", invoice.total, by_invoice("invoice", invoice)),
        Fact("paid", paid, by_invoice("payments", invoice)),
    ]
    return finding("not_overpaid", facts, invoice=invoice.number, total=invoice.total, paid=paid)


def _overpaid(account: Account, invoice: Invoice) -> Findings:
    currency = invoice.total.currency
    paid = added_up(payments_of(account, invoice), currency)
    surplus = balance(account, invoice)
    facts = [
        Fact("invoice", invoice.number, by_invoice("invoice", invoice)),
        Fact("invoice_total", invoice.total, by_invoice("invoice", invoice)),
        *(_payment(invoice, one) for one in _payments(account, invoice)),
        Fact("paid", paid, by_invoice("payments", invoice), _sum("payment", payments_of(account, invoice))),
    ]
    values: dict[str, Value] = {"invoice": invoice.number, "total": invoice.total, "paid": paid, "surplus": surplus}
    refunds = [refund for refund in account.refunds if refund.invoice == invoice.number]
    amounts, credited = refunds_of(account, invoice), added_up(credited_to(account, invoice), currency)
    rest = combined(_refunded(invoice, one) for one in refunds) + _surplus(account, invoice, paid)
    if not amounts and not credited.cents:
        return finding("overpaid", facts, **values) + rest
    refunded = added_up(amounts, currency)
    facts += [Fact("refunded", refunded, by_invoice("refund", invoice), _sum("refund", amounts))]
    if not credited.cents:
        return finding("overpaid_rest", facts, **values, refunded=refunded) + rest
    facts += [Fact("credited", credited, by_invoice("credit_notes", invoice))]
    return finding("overpaid_credited", facts, **values, refunded=refunded, credited=credited) + rest


def _payments(account: Account, invoice: Invoice) -> list[Payment]:
    """All money that came for the invoice, in the order in which it came; one that was moved away is negative."""
    mine = account.payments_by_invoice.get(invoice.number, ())
    return sorted(mine, key=lambda payment: (payment.paid_on, payment.id))


def _payment(invoice: Invoice, payment: Payment) -> Fact:
    source = Source("payment", {"invoice": invoice.number, "paid_on": payment.paid_on})
    return Fact("payment", payment.amount, source)


def _surplus(account: Account, invoice: Invoice, paid: Money) -> Findings:
    """{paid} + {credited} − {invoice_total}, less what was refunded of it."""
    refunds = refunds_of(account, invoice)
    credited = added_up(credited_to(account, invoice), paid.currency)
    inputs: dict[str, Value] = {"paid": paid, "invoice_total": invoice.total}
    inputs.update(zip(_names("refund", refunds), refunds, strict=True))
    template = " − ".join(f"{{{name}}}" for name in inputs)
    if credited.cents:
        inputs["credited"], template = credited, template.replace("{paid}", "{paid} + {credited}")
    formula = Formula(template, inputs)
    return Findings(facts=(Fact("surplus", balance(account, invoice), RECKONED, formula),))


def _outcome(account: Account, invoices: list[Invoice], on: date) -> Findings:
    """Set off if an invoice is to come from any subscription, else refundable."""
    surpluses = [balance(account, invoice) for invoice in invoices]
    surplus = added_up(surpluses, surpluses[0].currency)
    formula = _sum("surplus", surpluses)
    facts = [Fact("surplus", surplus, RECKONED, formula)] if formula else []
    open_besides = added_up((still_due(account, one) for one in unpaid(account)), surplus.currency)
    if open_besides.cents:  # no article says what an overpayment does for an invoice that is there already
        facts += [Fact("others_due", open_besides, INVOICES)]
        return finding("open_besides", facts, surplus=surplus, amount=open_besides)
    starts = [
        (start, one)
        for one in account.subscriptions
        if (start := _next_period(account, one, on)) is not None
        and (licences_on(account, [one], start) > 0 or not changes_of(account, one))
    ]
    if starts:
        start, subscription = min(starts, key=lambda found: found[0])
        facts += [period_fact("from_date", start, subscription)]
        return finding("set_off", facts, surplus=surplus, next_period=start)
    last_day = max((day for one in account.subscriptions if (day := ends_on(one))), default=None)
    if last_day is None or any(next_to_invoice(account, one, on) for one in account.subscriptions):
        return finding("undecided", facts, surplus=surplus)  # no subscription on record, or none with a licence
    facts += [Fact("ends_on", last_day, SUBSCRIPTION)]
    return finding("refundable", facts, surplus=surplus, ends_on=last_day)


def _next_period(account: Account, subscription: Subscription, on: date) -> date | None:
    """The first day of a period to come for which an invoice is to come."""
    start = next_to_invoice(account, subscription, on)
    return start if start is None or start > on else next_invoiced(account, subscription, on)


def _last_refund(account: Account) -> Findings:
    """All refunds of the invoice that was refunded last."""
    if not account.refunds:
        return Findings()
    last = max(account.refunds, key=lambda refund: refund.paid_on).invoice
    invoice = find_invoice(account, last)
    refunds = [refund for refund in account.refunds if refund.invoice == last]
    return combined(_refunded(invoice, refund) for refund in refunds) if invoice else Findings()


def _refunded(invoice: Invoice, refund: Refund) -> Findings:
    source = by_invoice("refund", invoice)
    facts = [Fact("refund", refund.amount, source), Fact("refunded_on", refund.paid_on, source)]
    return finding("refunded", facts, amount=refund.amount, paid_on=refund.paid_on)


def _sum(name: str, amounts: list[Money]) -> Formula | None:
    """`{payment_1} + {payment_2} − {payment_3}`; None for a single amount, which was not reckoned."""
    if len(amounts) < 2:
        return None
    names = _names(name, amounts)
    signs = [" − " if amount.cents < 0 else " + " for amount in amounts]
    template = "".join(f"{sign}{{{one}}}" for sign, one in zip(signs, names, strict=True)).removeprefix(" + ")
    inputs = {one: Money(abs(amount.cents), amount.currency) for one, amount in zip(names, amounts, strict=True)}
    return Formula(template, inputs)


def _names(name: str, amounts: list[Money]) -> list[str]:
    return [name] if len(amounts) == 1 else [f"{name}_{number}" for number, _ in enumerate(amounts, 1)]
