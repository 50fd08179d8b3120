"""The records that a fact's source names: what a support agent looks at to check a figure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from saldo.billing.explanation import Explanation, Source
from saldo.billing.model import Account
from saldo.billing.store.records import flatten

Find = Callable[[Account, Source], Iterable[object]]


def records_of(account: Account, explanation: Explanation) -> Mapping[str, Sequence[object]]:
    """The records behind an explanation, by the name of their list; each once, in the order of the facts."""
    found: dict[str, list[object]] = {}
    for fact in explanation.facts:
        if fact.source.name in FINDERS:
            kind, find = FINDERS[fact.source.name]
            records = found.setdefault(kind, [])
            records.extend(one for one in find(account, fact.source) if one not in records)
    return {kind: records for kind, records in found.items() if records}


def row_of(record: object) -> dict[str, str]:
    """A record's columns and values, for people who know the tables."""
    return {name: "" if value is None else str(value) for name, value in flatten(record).items()}


def _of_invoice(records: str) -> Find:
    """The records of a list that belong to the source's invoice."""

    def find(account: Account, source: Source) -> Iterable[object]:
        return [one for one in getattr(account, records) if one.invoice == source.values["invoice"]]

    return find


def _invoice(account: Account, source: Source) -> Iterable[object]:
    return [one for one in account.invoices if one.number == source.values["invoice"]]


def _line(account: Account, source: Source) -> Iterable[object]:
    lines = (
        line for invoice in account.invoices if invoice.number == source.values["invoice"] for line in invoice.lines
    )
    return [line for line in lines if line.number == source.values["line"]]


def _changes(account: Account, source: Source) -> Iterable[object]:
    return [one for one in account.licence_changes if one.effective_on == source.values["effective_on"]]


FINDERS: Mapping[str, tuple[str, Find]] = {
    "subscription": ("subscriptions", lambda account, _: account.subscriptions),
    "rolled_forward": ("subscriptions", lambda account, _: account.subscriptions),
    "users": ("users", lambda account, _: [user for user in account.users if user.active]),
    "licence_change": ("licence_changes", _changes),
    "invoice": ("invoices", _invoice),
    "invoices": ("invoices", lambda account, _: account.invoices),
    "invoice_line": ("invoice_lines", _line),
    "payments": ("payments", _of_invoice("payments")),
    "payment": ("payments", _of_invoice("payments")),
    "all_payments": ("payments", lambda account, _: account.payments),
    "reminder": ("reminders", _of_invoice("reminders")),
    "collection": ("collections", _of_invoice("collections")),
    "credit_notes": ("credit_notes", _of_invoice("credit_notes")),
    "refund": ("refunds", _of_invoice("refunds")),
}
"""Per source the list it reads from and how; what was reckoned, asked, or is a day's date has no record."""
