"""An invoice beside the one before it: which is higher, and what each bills.

Article: "Waarom komt het aantal licenties op mijn factuur niet overeen met het aantal op mijn abonnement?" / "Miksi
laskulla näkyvä lisenssien kappalemäärä ei vastaa tilauksella olevaa määrää?": quantity = licences × months, and what is
added within a period is billed from its day. What licences, months and the price do not explain is for people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from saldo.billing.account_state import added_up, invoices_by_date, subscription_of, unless_ended
from saldo.billing.explanation import Fact, Formula, InvoiceQuery, Value
from saldo.billing.model import Account, Invoice, InvoiceLine
from saldo.billing.rules.invoice_reference import find_invoice, not_found, referenced
from saldo.billing.rules.invoices import is_added, line_facts, number
from saldo.billing.rules.open_invoices import told_credited
from saldo.billing.rules.result import RECKONED, SUBSCRIPTION, Findings, by_invoice, combined, finding

Lines = Sequence[InvoiceLine]


def comparison(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """The invoice asked about, else the latest, beside the other one that is named, else the one before it."""
    for named in (query.invoice, query.other):
        if (unknown := not_found(account, replace(query, invoice=named))).sentences:
            return unknown
    if not account.invoices:
        return finding("no_invoice")
    told = query.before if find_invoice(account, query.before) else None
    found = referenced(account, replace(query, invoice=query.invoice or told, place=None, quantity=None))
    if not found.invoices:
        return found.notice
    later = found.invoices[-1]
    earlier = find_invoice(account, query.other) or _before(account, later)
    if earlier is None or earlier == later:
        source = by_invoice("invoice", later)
        return found.notice + finding("first", [Fact("invoice", later.number, source)], invoice=later.number)
    if (earlier.issued_on, earlier.number) > (later.issued_on, later.number):
        earlier, later = later, earlier
    credited = told_credited(account, later) + told_credited(account, earlier)
    if later.total == earlier.total:
        return found.notice + _totals(later, earlier, query) + credited
    reasons = _lines(account, later, earlier) + _price(later, earlier) + _package(account, later, earlier)
    unexplained = Findings() if _explained(later, earlier) else finding("unexplained")
    return found.notice + _totals(later, earlier, query) + reasons + unexplained + credited


def _before(account: Account, invoice: Invoice) -> Invoice | None:
    """The one before it among those of the same subscription."""
    mine = [one for one in invoices_by_date(account) if one.subscription == invoice.subscription]
    return next(iter(mine[mine.index(invoice) + 1 :]), None)


def _totals(later: Invoice, earlier: Invoice, query: InvoiceQuery) -> Findings:
    """Which of the two is higher and by how much; whether it was asked the other way round."""
    values: dict[str, Value] = {
        "invoice": later.number,
        "total": later.total,
        "other": earlier.number,
        "other_total": earlier.total,
    }
    totals = [Fact("invoice_total", one.total, by_invoice("invoice", one)) for one in (later, earlier)]
    facts = [Fact("invoice", one.number, by_invoice("invoice", one)) for one in (later, earlier)] + totals
    if later.total == earlier.total:
        return finding("same", facts, **values)
    higher = later.total > earlier.total
    inputs: dict[str, Value] = {"invoice_total": later.total, "other_total": earlier.total}
    template = "{invoice_total} − {other_total}" if higher else "{other_total} − {invoice_total}"
    difference = later.total - earlier.total if higher else earlier.total - later.total
    facts.append(Fact("difference", difference, RECKONED, Formula(template, inputs)))
    name = "higher" if higher else "lower"
    name = name if query.than in (None, name) else f"{name}_instead"
    return finding(name, facts, **values, difference=difference)


def _lines(account: Account, later: Invoice, earlier: Invoice) -> Findings:
    """What the two bill: how that differs where each bills one whole period, else line by line."""
    mine, theirs = (_whole(account, one) for one in (later, earlier))
    facts = Findings(
        facts=tuple(fact for one in (later, earlier) for line in one.lines for fact in line_facts(one, line))
    )
    if len(mine) > 1 or len(theirs) > 1:
        return facts + _quantities(later, earlier)
    additions = combined(_additions(account, one) for one in (later, earlier))
    if mine and theirs:
        return facts + _wholes(later, mine[0], earlier, theirs[0]) + additions
    wholes = [(one, line) for one, lines in ((later, mine), (earlier, theirs)) for line in lines]
    return facts + combined(_bills(one, line) for one, line in wholes) + additions


def _whole(account: Account, invoice: Invoice) -> Lines:
    return [line for line in invoice.lines if not is_added(account, invoice, line)]


def _wholes(later: Invoice, mine: InvoiceLine, earlier: Invoice, theirs: InvoiceLine) -> Findings:
    invoice, other = later.number, earlier.number
    found = Findings()
    if mine.licences != theirs.licences:
        counts: dict[str, Value] = {"licences": mine.licences, "other_licences": theirs.licences}
        found += finding("licences_differ", (), invoice=invoice, other=other, **counts)
    if mine.months != theirs.months:
        counts = {"months": number(mine.months), "other_months": number(theirs.months)}
        found += finding("months_differ", (), invoice=invoice, other=other, **counts)
    return found


def _bills(invoice: Invoice, line: InvoiceLine) -> Findings:
    """One line of an invoice that stands beside one of another kind."""
    months, quantity = number(line.months), number(line.quantity)
    return finding("bills", (), invoice=invoice.number, licences=line.licences, months=months, quantity=quantity)


def _additions(account: Account, invoice: Invoice) -> Findings:
    return combined(
        finding(
            "bills_added",
            (),
            invoice=invoice.number,
            licences=line.licences,
            months=number(line.months),
            quantity=number(line.quantity),
            since=line.period.start,
            until=line.period.last_day,
        )
        for line in invoice.lines
        if is_added(account, invoice, line)
    )


def _quantities(later: Invoice, earlier: Invoice) -> Findings:
    """The quantities of two invoices with several whole lines, all together."""
    mine, theirs = (number(sum((line.quantity for line in one.lines), Decimal(0))) for one in (later, earlier))
    if mine == theirs:
        return Findings()
    facts = [
        Fact("total_quantity", each, by_invoice("invoice", one)) for one, each in ((later, mine), (earlier, theirs))
    ]
    values: dict[str, Value] = {"invoice": later.number, "quantity": mine, "other": earlier.number}
    return finding("quantities_differ", facts, **values, other_quantity=theirs)


def _price(later: Invoice, earlier: Invoice) -> Findings:
    """The prices, where each invoice has one and they differ."""
    prices = [{line.unit_price for line in one.lines} for one in (later, earlier)]
    if any(len(each) != 1 for each in prices) or prices[0] == prices[1]:
        return Findings()
    (mine,), (theirs,) = prices
    facts = [Fact("unit_price", price, by_invoice("invoice", one)) for one, price in ((later, mine), (earlier, theirs))]
    values: dict[str, Value] = {"invoice": later.number, "price": mine, "other": earlier.number}
    return finding("prices_differ", facts, **values, other_price=theirs)


def _package(account: Account, later: Invoice, earlier: Invoice) -> Findings:
    """The change of the package between the two; only one under way when the records were made is on record."""
    one = subscription_of(account, later)
    if one is None or one.next_package is None or later.subscription != earlier.subscription:
        return Findings()
    start, days = one.period.end, [[line.period.start for line in each.lines] for each in (earlier, later)]
    if not all(days) or not max(days[0]) < start <= min(days[1]) or unless_ended(one, start) is None:
        return Findings()
    facts = [
        Fact("package", one.package, SUBSCRIPTION),
        Fact("next_package", one.next_package, SUBSCRIPTION),
        Fact("from_date", start, SUBSCRIPTION),
    ]
    values: dict[str, Value] = {"package": one.package, "next_package": one.next_package}
    return finding("package_changed", facts, **values, from_date=start)


def _explained(later: Invoice, earlier: Invoice) -> bool:
    """Whether the lines account for both totals: alike, for VAT may come on top, and at one price each."""
    if any(len({line.unit_price for line in one.lines}) != 1 for one in (later, earlier)):
        return False
    mine, theirs = (
        added_up((line.unit_price.times(line.quantity) for line in one.lines), one.total.currency).cents
        for one in (later, earlier)
    )
    apart = abs(later.total.cents * theirs - earlier.total.cents * mine)
    return min(mine, theirs) > 0 and apart <= max(mine, theirs)  # to a cent
