"""What may become of invoices and their payments: each turn is a function from an account to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from saldo.billing.model import Account, Collection, CreditNote, Invoice, Money, Refund, Reminder, Subscription
from saldo.billing.period import BillingPeriod
from saldo.billing.samples.turns.records import DAY, Line, billed, paid


def bill_ahead(account: Account, on: date, chance: Random) -> Account:
    """The next period, before it begins."""
    one = chance.choice(account.subscriptions)
    after = one.period.next(one.months)
    return billed(account, one, on - timedelta(days=chance.randrange(20)), [_whole(account, one, after)])


def contradict(account: Account, on: date, chance: Random) -> Account:
    """The latest invoice bills other licences than are in the records."""
    if not account.invoices:
        return account
    *earlier, last = account.invoices
    (line, *rest), more = last.lines, chance.randint(1, 3)
    wrong = replace(line, licences=line.licences + more, quantity=(line.licences + more) * line.months)
    total = last.total + line.unit_price.times(more * line.months)
    return replace(account, invoices=(*earlier, replace(last, lines=(wrong, *rest), total=total)))


def surcharge(account: Account, on: date, chance: Random) -> Account:
    """The latest invoice has a total that its lines do not come to."""
    if not account.invoices:
        return account
    *earlier, last = account.invoices
    return replace(account, invoices=(*earlier, replace(last, total=last.total + Money(chance.randint(1, 9999)))))


def bill_at_two_prices(account: Account, on: date, chance: Random) -> Account:
    """One licence of the latest invoice's first line is on a line of its own, at another price."""
    if not account.invoices or account.invoices[-1].lines[0].licences < 2:
        return account
    *earlier, last = account.invoices
    (line, *rest), dearer = last.lines, Money(chance.randint(1, 9999))
    fewer = replace(line, licences=line.licences - 1, quantity=(line.licences - 1) * line.months)
    price = line.unit_price + dearer
    apart = replace(line, number=len(last.lines) + 1, licences=1, quantity=line.months, unit_price=price)
    total = last.total + dearer.times(line.months)
    return replace(account, invoices=(*earlier, replace(last, lines=(fewer, *rest, apart), total=total)))


def pay_more(account: Account, on: date, chance: Random) -> Account:
    """Too much for one of the last invoices: some of it, or all of it once more."""
    invoice = _recent(account, chance)
    if invoice is None:
        return account
    amount = chance.choice([invoice.total, Money(chance.randint(1, 99999))])
    return paid(account, invoice, min(on, invoice.due_date), amount, "more")


def refund(account: Account, on: date, chance: Random) -> Account:
    """Paid twice, and paid back: a part, all of it, or more than was paid too much."""
    invoice = _recent(account, chance)
    if invoice is None:
        return account
    account = paid(account, invoice, min(on, invoice.due_date), invoice.total, "twice")
    parts = {"part": invoice.total.cents // 3, "all": invoice.total.cents, "more": invoice.total.cents * 3 // 2}
    cents = parts[chance.choice(list(parts))]
    day = min(on, invoice.due_date + timedelta(days=chance.randint(1, 40)))
    return replace(account, refunds=(*account.refunds, Refund(invoice.number, day, Money(max(cents, 1)))))


def move(account: Account, on: date, chance: Random) -> Account:
    """Paid once more, set off against another invoice, and perhaps paid again."""
    invoice, other = _recent(account, chance), _recent(account, chance)
    if invoice is None or other is None or invoice == other:
        return account
    day = min(on, invoice.due_date)
    account = paid(account, invoice, day, invoice.total, "again")
    account = paid(account, invoice, min(on, day + DAY), Money(-invoice.total.cents), "away")
    return paid(account, other, min(on, day + DAY), invoice.total, "moved")


def credit(account: Account, on: date, chance: Random) -> Account:
    """A credit note takes something off one of the last invoices, or all of it; it may come after the payment."""
    invoice = _recent(account, chance)
    if invoice is None:
        return account
    cents = max(chance.choice([invoice.total.cents // 5, invoice.total.cents]), 1)
    day = min(on, invoice.issued_on + timedelta(days=chance.randrange(60)))
    note = CreditNote(f"C-{invoice.number}", invoice.number, day, Money(cents))
    return replace(account, credit_notes=(*account.credit_notes, note))


def leave_open(account: Account, on: date, chance: Random) -> Account:
    """The last invoices are not paid, or one of them in part."""
    count = chance.randint(1, 5)
    last = {invoice.number: invoice for invoice in account.invoices[-count:]}
    account = replace(account, payments=tuple(one for one in account.payments if one.invoice not in last))
    if last and chance.random() < 0.4:
        invoice = chance.choice(list(last.values()))
        account = paid(account, invoice, min(on, invoice.due_date), Money(invoice.total.cents // 4), "part")
    return account


def remind(account: Account, on: date, chance: Random) -> Account:
    """A reminder, and perhaps the invoice goes to the collection partner, whatever was paid and wherever they are."""
    invoice = _recent(account, chance)
    if invoice is None:
        return account
    sent = min(on, invoice.due_date + timedelta(days=chance.randint(1, 60)))
    account = replace(account, reminders=(*account.reminders, Reminder(invoice.number, sent)))
    if chance.random() < 0.4:
        return replace(account, collections=(*account.collections, Collection(invoice.number, sent + DAY)))
    return account


def no_invoices(account: Account, on: date, chance: Random) -> Account:
    return replace(account, invoices=(), payments=(), reminders=(), collections=(), refunds=(), credit_notes=())


def _whole(account: Account, one: Subscription, period: BillingPeriod) -> Line:
    """A line for all licences of a whole period."""
    changes = (change for change in account.licence_changes if change.subscription == one.id)
    licences = sum(change.licences for change in changes if change.effective_on <= period.start)
    return max(licences, 1), Decimal(one.months), period


def _recent(account: Account, chance: Random) -> Invoice | None:
    """One of the last invoices."""
    return chance.choice(account.invoices[-4:]) if account.invoices else None
