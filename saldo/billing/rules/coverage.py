"""What is told where a table of the records was never imported, or is old.

A table that no import brought is not an empty one: nobody is told "0 active users" or "unpaid" of it. A topic's rule is
asked only if the tables it cannot do without are known; what is not known is said to be so, with people who can look.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from saldo.billing.account_state import active_users, invoices_by_date, licences_on, next_invoiced, running
from saldo.billing.explanation import Fact, InvoiceQuery, Source, Value
from saldo.billing.model import Account, TableName
from saldo.billing.rules.invoice_reference import named, not_found
from saldo.billing.rules.invoices import supposed
from saldo.billing.rules.result import USERS, Findings, Rule, by_invoice, cancelled, combined, each_told, finding
from saldo.billing.rules.seats import licences_only

UNKNOWN: Mapping[TableName, str] = {
    "subscriptions": "unknown_subscription",
    "licence_changes": "unknown_licences",
    "users": "unknown_users",
    "invoices": "unknown_invoices",
    "invoice_lines": "unknown_lines",
    "payments": "unknown_payments",
    "refunds": "unknown_refunds",
    "reminders": "unknown_reminders",
    "collections": "unknown_collections",
}
"""How it is said of each table that it is not known, in this order."""
IMPLIED: Mapping[TableName, frozenset[TableName]] = {
    "invoices": frozenset({"invoice_lines", "payments", "refunds", "reminders", "collections"}),
    "payments": frozenset({"refunds"}),
}
"""Tables of which it goes without saying that they are not known, where that one is not."""


@dataclass(frozen=True)
class Reading:
    """The tables that a rule reads: those it cannot do without, and those without which it says less."""

    needs: frozenset[TableName]
    uses: frozenset[TableName] = frozenset()
    instead: Rule = lambda *_: Findings()
    """What can still be said where one of the first is missing."""

    def missing(self, account: Account) -> frozenset[TableName]:
        """Those of the tables that are not known; what only collections in Finland say is no loss elsewhere."""
        unknown = {table for table in self.needs | self.uses if not account.knows(table)}
        elsewhere = {"collections"} if account.customer.country != "FI" else set()
        return frozenset(unknown - elsewhere)


def covered(rule: Rule, reading: Reading, account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What the rule tells, or what can be told instead, and then what is not known."""
    missing = reading.missing(account)
    findings = (reading.instead if missing & reading.needs else rule)(account, on, query)
    implied = {other for table in missing for other in IMPLIED.get(table, ())}
    findings += combined(finding(said) for table, said in UNKNOWN.items() if table in missing - implied)
    unknown = {one.name for one in findings.sentences} & {*UNKNOWN.values()}
    return findings + (finding("ask_people") if unknown else Findings())


def as_of(reading: Reading, account: Account, on: date, old_after_days: int) -> Findings:
    """From that age on, of which day the oldest of the records is that the rule reads.

    At any age, where a later import brought other customers' records and not this one's.
    """
    read = [one for one in account.imports or () if one.table in reading.needs | reading.uses]
    days = [one.imported_on for one in read if one.imported_on]
    behind = any(one.behind for one in read)
    if not days or (on - min(days) < timedelta(days=old_after_days) and not behind):
        return Findings()
    return finding("as_of", [Fact("as_of", min(days), Source("import"))], day=min(days))


def _licences(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """The licences, or the active users, whichever is known."""
    subscriptions = running(account, on)
    if subscriptions and account.knows("licence_changes"):
        return licences_only(licences_on(account, subscriptions, on))
    if not account.knows("users"):
        return Findings()
    active = active_users(account)
    return finding("active_only", [Fact("active_users", active, USERS)], active=active)


def _no_more(account: Account, on: date, _: InvoiceQuery) -> Findings:
    """That every subscription ends with its current period: so no change is of use any more."""
    subscriptions = running(account, on)
    ends = all(next_invoiced(account, one, on) is None for one in subscriptions)
    return each_told(subscriptions, on, cancelled) if ends else Findings()


def _manage(account: Account, on: date, query: InvoiceQuery) -> Findings:
    return _no_more(account, on, query) + _licences(account, on, query)


def _issued(account: Account, _: date, query: InvoiceQuery) -> Findings:
    """The invoice asked about, else the latest, as it was issued: whether it is paid is not known."""
    unknown = not_found(account, query)
    invoice = named(account, query) or next(iter(invoices_by_date(account)), None)
    if unknown.sentences or invoice is None:
        return unknown
    source = by_invoice("invoice", invoice)
    facts = [
        Fact("invoice", invoice.number, source),
        Fact("issued_on", invoice.issued_on, source),
        Fact("invoice_total", invoice.total, source),
        Fact("due_date", invoice.due_date, source),
    ]
    values: dict[str, Value] = {"invoice": invoice.number, "issued_on": invoice.issued_on, "total": invoice.total}
    return finding("issued_invoice", facts, **values, due_date=invoice.due_date)


def _issued_if_named(account: Account, on: date, query: InvoiceQuery) -> Findings:
    return _issued(account, on, query) if named(account, query) else not_found(account, query)


def _quantity(account: Account, on: date, query: InvoiceQuery) -> Findings:
    """What the question itself says: so many licences for so many months."""
    if query.licences and query.months:
        return supposed(query.licences, query.months)
    return _issued(account, on, query)


def _tables(*names: TableName) -> frozenset[TableName]:
    return frozenset(names)


_AGREED = _tables("subscriptions", "licence_changes")
_BILLED = _tables("invoices", "invoice_lines")
_PAID = _tables("invoices", "payments")
_OVERPAID = Reading(_PAID | {"refunds"}, _tables("licence_changes", "invoice_lines"), _issued_if_named)
_COMPARED = Reading(_BILLED, _tables("subscriptions", "licence_changes"), _issued)

READINGS: Mapping[str, Reading] = {
    "seat_count": Reading(_AGREED, _BILLED | {"users"}, _licences),
    "invoice_quantity": Reading(_BILLED, instead=_quantity),
    "licence_change": Reading(_AGREED, _BILLED, _no_more),
    "manage_licences": Reading(_AGREED, _BILLED | {"users"}, _manage),
    "change_package": Reading(_tables("subscriptions"), _BILLED),
    "cancel_service": Reading(_tables("subscriptions")),
    "paid_twice": _OVERPAID,
    "refund_requirements": _OVERPAID,
    "payment_extension": Reading(_PAID, _tables("refunds", "collections"), _issued),
    "payment_reminder": Reading(_PAID, _tables("refunds", "reminders", "collections"), _issued),
    "invoice_status": Reading(_PAID, _tables("refunds", "collections"), _issued),
    "invoice_status period": Reading(_tables("subscriptions")),
    "invoice_status advance": Reading(_tables("subscriptions")),
    "invoice_status next": Reading(_AGREED | _BILLED),
    "invoice_status copy": Reading(_tables()),
    "invoice_status comparison": _COMPARED,
    "invoice_status whether_higher": _COMPARED,
    "invoice_status total": Reading(_PAID, _tables("refunds")),
    "invoice_status total_paid": Reading(_PAID, _tables("refunds")),
    "invoice_status price": Reading(_BILLED),
    "seat_count past": Reading(_AGREED),
    "seat_count billed": Reading(_BILLED, _AGREED),
}
"""By topic, or by topic and point where that decides."""


RECORDED, OR_ITS_END = Reading(_AGREED), Reading(_AGREED, instead=_no_more)
LICENCE_TOPICS = frozenset({"seat_count", "licence_change", "manage_licences"})


def asks_if_recorded(topic: str, query: InvoiceQuery) -> bool:
    """Whether it is asked if a change of licences that was made stands in the records."""
    return query.recorded and topic in LICENCE_TOPICS


def reading_of(topic: str, query: InvoiceQuery) -> Reading:
    if asks_if_recorded(topic, query):
        return RECORDED if topic == "seat_count" else OR_ITS_END
    return READINGS.get(f"{topic} {query.point}") or READINGS[topic]
