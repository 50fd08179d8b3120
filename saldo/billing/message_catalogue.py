"""What can be said of a customer's own figures: per topic the statements, per statement its placeholders.

The content files word each of them under `figures`; a check holds both sides to this list.
"""

from __future__ import annotations

from collections.abc import Mapping


def _values(names: str = "") -> frozenset[str]:
    return frozenset(names.split())


_UNKNOWN = {"did_you_mean": _values("invoice"), "unknown_invoice": _values()}
_BARS = {"bar_whole": _values("licences"), "bar_added": _values("added")}
_CANCELLED = {"cancelled": _values("ends_on")}
_OF_SUBSCRIPTION = {"of_subscription": _values("subscription package")}
_OVERPAYMENT = {
    **_UNKNOWN,
    "overpaid": _values("invoice total paid surplus"),
    "set_off": _values("surplus next_period"),
    "refundable": _values("surplus ends_on"),
    "open_besides": _values("surplus amount"),
    "refunded": _values("amount paid_on"),
    "not_overpaid": _values("invoice total paid"),
    "no_overpayment": _values(),
}
_OPEN_INVOICES = {
    **_UNKNOWN,
    "open_invoice": _values("invoice amount due_date"),
    "overdue_invoice": _values("invoice amount due_date"),
    "overdue_with_partner": _values("invoice amount due_date"),
    "in_collection": _values("invoice amount transferred_on"),
    "part_paid": _values("paid total"),
    "others_open": _values("count amount"),
    "paid_already": _values("invoice paid_on"),
    "nothing_open": _values(),
}

MESSAGES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "seat_count": {
        "seats": _values("licences active free"),
        "all_used": _values("licences active"),
        "users_exceed": _values("licences active"),
        "since": _values("since"),
        "since_added": _values("added since"),
        "since_removed": _values("removed since"),
        "invoice": _values("invoice issued_on licences"),
        "added_invoice": _values("invoice issued_on licences"),
        "pending_removal": _values("removed from_date"),
        "no_subscription": _values(),
    },
    "invoice_quantity": {
        "line": _values("invoice quantity licences months"),
        "single_month": _values("invoice quantity licences"),
        "added_line": _values("invoice quantity licences months since until"),
        "uneven_line": _values("invoice quantity licences since until"),
        "sum": _values("invoice quantity"),
        "which_invoice": _values("invoice"),
        "earliest": _values("invoice"),
        **_UNKNOWN,
        "could_be": _values("invoice issued_on"),
        "several": _values("count invoice"),
        "no_invoice": _values(),
        "other_quantity": _values("invoice asked quantity"),
        "supposed": _values("licences months quantity"),
        **_BARS,
    },
    "licence_change": {
        "add_today": _values("today until"),
        "would_add": _values("added today until licences"),
        "would_add_on": _values("added since until licences"),
        "would_add_to_period": _values("added since until licences"),
        "next_period": _values("last_day from_date"),
        "would_remove": _values("removed last_day from_date licences"),
        "not_that_many": _values("licences from_date"),
        "fewer_free": _values("free"),
        "none_free": _values(),
        "added": _values("added effective_on"),
        "removed": _values("removed effective_on"),
        **_CANCELLED,
        **_OF_SUBSCRIPTION,
        **_BARS,
    },
    "manage_licences": {
        "removable": _values("free"),
        "none_removable": _values(),
        "counts_from": _values("from_date"),
        "pending_removal": _values("removed from_date"),
    },
    "change_package": {
        "package": _values("package from_date"),
        "package_change_under_way": _values("package next_package from_date"),
        "current_package": _values("package"),
        **_CANCELLED,
    },
    "cancel_service": {
        "period_end": _values("until"),
        "already_cancelled": _values("ends_on"),
        **_OF_SUBSCRIPTION,
    },
    "paid_twice": _OVERPAYMENT,
    "refund_requirements": _OVERPAYMENT,
    "payment_extension": _OPEN_INVOICES,
    "payment_reminder": {
        **_OPEN_INVOICES,
        "reminded": _values("invoice sent_on"),
        "paid_since": _values("invoice sent_on paid_on"),
        "paid_before": _values("invoice sent_on paid_on"),
    },
    "invoice_status": {
        **_OPEN_INVOICES,
        **_OF_SUBSCRIPTION,
        "sum_open": _values("count amount"),
        "days_late": _values("invoice days"),
        "period": _values("months since until"),
        "next": _values("since until licences months quantity"),
        "no_next": _values("ends_on"),
    },
}

FACTS = _values(
    "licences billed_licences licences_before licences_after_adding licences_after_removing to_add to_remove "
    "active_users free_licences quantity total_quantity months "
    "invoice invoices_found issued_on period invoice_total payment paid paid_on surplus "
    "due_date amount_due others_open others_due subscription package next_package since from_date billed_from last_day "
    "asked_quantity months_asked supposed_quantity "
    "invoices_open open_in_all today days_late period_months next_period next_quantity "
    "refund removed removed_from added ends_on refunded_on sent_on transferred_on"
)
"""Every name a fact can have; the content files label each of them under `facts`."""

SOURCES: Mapping[str, frozenset[str]] = {
    "subscription": _values(),
    "users": _values(),
    "reckoned": _values(),
    "asked": _values(),
    "today": _values(),
    "invoices": _values(),
    "invoice": _values("invoice"),
    "invoice_line": _values("invoice line"),
    "payments": _values("invoice"),
    "payment": _values("invoice paid_on"),
    "refund": _values("invoice"),
    "reminder": _values("invoice"),
    "collection": _values("invoice"),
    "licence_change": _values("effective_on"),
}
"""Every source a fact can have, with its placeholders; the content files word each under `sources`."""
