"""What can be said of a customer's own figures: per topic the messages, per message what its rule has proved.

A message is said only where its condition holds; `tests/billing/claims` has each condition once more, reckoned
from the raw records, and random histories check that no sentence contradicts it. The content files word each
message under `figures`; a check holds both sides to this list.
"""

from __future__ import annotations

from collections.abc import Mapping

from saldo.billing.shared_messages import (
    BARS,
    CANCELLED,
    OF_MY_BILL,
    OF_SUBSCRIPTION,
    OPEN_INVOICES,
    OVERPAYMENT,
    PENDING,
    RECORDED,
    UNKNOWN_INVOICE,
    Message,
    names_in,
    said_if,
)

COMMON: Mapping[str, Message] = {
    "as_of": said_if("the oldest of the records read was imported on that day, longer ago than is taken as new", "day"),
    "licences_only": said_if("there are so many licences, and no import brought the users", "licences"),
    "active_only": said_if("so many users are active, and no import brought the licences", "active"),
    "issued_invoice": said_if(
        "the invoice was issued so, and no import brought what else was asked of it",
        "invoice issued_on total due_date",
    ),
    "users_exceed": said_if("there are more active users than licences", "licences active"),
    "invoice_disagrees": said_if(
        "all invoices of the subscription bill so many for that day, on which it had others",
        "invoice day billed licences",
    ),
    "unknown_subscription": said_if("no import brought the subscriptions"),
    "unknown_licences": said_if("no import brought the licence changes"),
    "unknown_users": said_if("no import brought the users"),
    "unknown_invoices": said_if("no import brought the invoices"),
    "unknown_lines": said_if("no import brought the lines of the invoices"),
    "unknown_payments": said_if("no import brought the payments"),
    "unknown_refunds": said_if("no import brought the refunds"),
    "unknown_reminders": said_if("no import brought the reminders"),
    "unknown_collections": said_if("no import brought what is in collection"),
    "ask_people": said_if("something that was asked about is not known"),
    **RECORDED,
}
"""What may be said on any topic: how far the records go. Worded once per language, in `faq/<language>.yml`."""
DISAGREEING = names_in("users_exceed invoice_disagrees")
"""That records contradict each other, …"""
NOT_FOUND = frozenset(UNKNOWN_INVOICE)
"""… that the invoice named is none of the customer's, …"""
IN_ITS_STEAD = NOT_FOUND | names_in("which_invoice could_be earliest")
"""… or is not there, so that whatever is told is of another one, …"""
UNKNOWN = frozenset(name for name in COMMON if name.startswith("unknown_")) | names_in("ask_people")
"""… that some are not known, …"""
NOT_RECORDED = frozenset(name for name in RECORDED if name.startswith("no"))
"""… that a change told as made does not stand in them, …"""
FOR_PEOPLE = DISAGREEING | NOT_RECORDED | names_in("ask_people price_to_come")
"""… and all that is said with the people who can look."""
YES_OR_NO = frozenset(RECORDED)
"""What answers by its first words, so that no lead goes before it."""

MESSAGES: Mapping[str, Mapping[str, Message]] = {
    "seat_count": {
        "seats": said_if("licences − active users = free, above zero", "licences active free"),
        "all_used": said_if("there are as many active users as licences, and not none", "licences active"),
        "since": said_if("the licences have been as many as now since that day, and not on the day before", "since"),
        "since_added": said_if("the same, and on that day so many were added and none removed", "added since"),
        "since_removed": said_if("the same, and on that day so many were removed and none added", "removed since"),
        "invoice": said_if("the invoice bills so many licences for its whole period", "invoice issued_on licences"),
        "added_invoice": said_if(
            "the invoice bills nothing but so many licences added in mid-period", "invoice issued_on licences"
        ),
        **UNKNOWN_INVOICE,
        **PENDING,
        **OF_SUBSCRIPTION,
        "no_subscription": said_if("no subscription runs on the day"),
        "licences_then": said_if(
            "the subscriptions that ran on the day asked about had so many licences", "day licences"
        ),
        "no_subscription_then": said_if("no subscription with licences on record ran on the day asked about", "day"),
        "not_recorded": said_if("the first licences on record are of a later day than was asked about", "day began"),
    },
    "invoice_quantity": {
        "line": said_if("a line bills licences × months, to a rounding", "invoice quantity licences months"),
        "single_month": said_if(
            "a line bills licences for the one month of the billing period", "invoice quantity licences"
        ),
        "added_line": said_if(
            "the line's licences were added on its first day, within a period, and whole months are left",
            "invoice quantity licences months since until",
        ),
        "uneven_line": said_if(
            "the line's licences were added on its first day, within a period, and no whole months are left",
            "invoice quantity licences since until",
        ),
        "short_line": said_if(
            "the line is not for whole months, and no addition is on record that it bills",
            "invoice quantity licences since until",
        ),
        "sum": said_if("the quantities of the invoice's lines add up to this", "invoice quantity"),
        "which_invoice": said_if("no invoice fits what was asked about, and this is the latest", "invoice"),
        "earliest": said_if("no invoice was issued before this one", "invoice"),
        **UNKNOWN_INVOICE,
        "could_be": said_if("no invoice has the number asked about, and this one's is like it", "invoice issued_on"),
        "several": said_if("so many invoices fit what was asked about, and this is the latest", "count invoice"),
        "no_invoice": said_if("no invoice was issued yet"),
        "newest": said_if("so many invoices have the quantity asked about, and the one told of is the latest", "count"),
        "other_quantity": said_if(
            "the quantity asked about is none of the invoice's, whose total quantity is this", "invoice asked quantity"
        ),
        "supposed": said_if("licences × months = quantity", "licences months quantity"),
        **BARS,
    },
    "licence_change": {
        "add_today": said_if(
            "the period that contains today, or the subscription, ends with the last of these days", "today until"
        ),
        "would_add": said_if("the same, and with those added there are so many", "added today until licences"),
        "would_add_on": said_if(
            "the day to come is within a period that ends with the last of these days, and then there are so many",
            "added since until licences",
        ),
        "would_add_to_period": said_if(
            "the same, and the day to come is the first of that period",
            "added since until licences",
        ),
        "next_period": said_if(
            "this is the first day of a period from the planned day on that is not invoiced yet", "last_day from_date"
        ),
        "would_remove": said_if(
            "the same, and without those removed there are so many on it", "removed last_day from_date licences"
        ),
        "step_added": said_if(
            "of several changes asked about, this one's day is within a period that ends with the last of these days, "
            "and with those up to then there are so many",
            "added since until licences",
        ),
        "step_removed": said_if(
            "of several changes asked about, this one counts from that first day of a period, as it would alone, and "
            "with those up to then there are so many",
            "removed last_day from_date licences",
        ),
        "below_active": said_if("so many users are active, more than the licences just told", "active"),
        "as_many": said_if("on the planned day there are as many licences as were to be got to", "licences"),
        "not_that_many": said_if("fewer licences than were asked about are there on that day", "licences from_date"),
        "fewer_free": said_if(
            "licences − those removed already − active users = free, above zero and fewer than asked about", "free"
        ),
        "none_free": said_if("no licence is left but those removed already and those of active users"),
        "price_to_come": said_if("it was asked what a change will cost"),
        "added": said_if("so many were added on that day, the last on which any were", "added effective_on"),
        "removed": said_if(
            "so many were removed as of that day, the last as of which any were", "removed effective_on"
        ),
        "unrecorded_addition": said_if("no licence was added on that day or a later one", "since"),
        "unrecorded_removal": said_if("no licence was removed as of that day or a later one", "since"),
        **PENDING,
        **CANCELLED,
        **OF_SUBSCRIPTION,
        **BARS,
    },
    "manage_licences": {
        "removable": said_if(
            "every subscription runs on, and licences − those removed already − active users = free, above zero", "free"
        ),
        "none_removable": said_if("no licence is left but those removed already and those of active users"),
        "counts_from": said_if(
            "whichever subscription is meant, this is the first day of a period not invoiced yet", "from_date"
        ),
        **PENDING,
        **CANCELLED,
        **OF_SUBSCRIPTION,
    },
    "change_package": {
        "package": said_if(
            "this is the package now, no change is under way, and a period not invoiced yet begins that day",
            "package from_date",
        ),
        "package_change_under_way": said_if(
            "this is the package now, and the next one was agreed to start with the period that begins that day",
            "package next_package from_date",
        ),
        "current_package": said_if("this is the package now", "package"),
        **CANCELLED,
        **OF_SUBSCRIPTION,
    },
    "cancel_service": {
        "period_end": said_if("the subscription runs on, and the period that contains today ends that day", "until"),
        "already_cancelled": said_if("the subscription is cancelled, and this is its last day", "ends_on"),
        **OF_SUBSCRIPTION,
    },
    "paid_twice": OVERPAYMENT,
    "refund_requirements": OVERPAYMENT,
    "payment_extension": OPEN_INVOICES,
    "payment_reminder": {
        **OPEN_INVOICES,
        "reminded": said_if("the last reminder for this open invoice was sent that day", "invoice sent_on"),
        "paid_since": said_if(
            "nothing is open of the invoice, and its total was paid on the day of its last reminder or later",
            "invoice sent_on paid_on",
        ),
        "paid_before": said_if(
            "nothing is open of the invoice, and its total was paid before its last reminder", "invoice sent_on paid_on"
        ),
    },
    "invoice_status": {
        **OPEN_INVOICES,
        **OF_SUBSCRIPTION,
        "sum_open": said_if("so many invoices are open, so much together", "count amount"),
        "days_late": said_if("so many days have passed since the open invoice's due date", "invoice days"),
        "period": said_if("the period that contains today has these days, and so many months", "months since until"),
        "next": said_if(
            "these are the days of the first period not invoiced, and licences on its first day × months = quantity",
            "since until licences months quantity",
        ),
        **OF_MY_BILL,
        "no_invoice": said_if("no invoice was issued yet"),
        "which_invoice": said_if("no invoice fits what was asked about, and this is the latest", "invoice"),
        "several": said_if("so many invoices fit what was asked about, and this is the latest", "count invoice"),
        "no_next": said_if("the subscription ends that day, before any period that is not invoiced yet", "ends_on"),
    },
}

FACTS = names_in(
    "licences billed_licences licences_before licences_after_adding licences_after_removing to_add to_remove "
    "active_users free_licences quantity total_quantity months "
    "invoice invoices_found issued_on period invoice_total payment paid paid_on surplus "
    "due_date amount_due others_open others_due subscription package next_package since from_date billed_from last_day "
    "asked_quantity months_asked supposed_quantity "
    "as_of licences_then invoices_open open_in_all today days_late period_months next_period next_quantity "
    "difference unit_price days invoices_issued invoiced_in_all invoiced_after_all paid_in_all paid_after_all day "
    "recorded_from "
    "refund refunded credited removed removed_from added ends_on refunded_on sent_on transferred_on "
    "ordered_on looked_from"
)
"""Every name a fact can have; the content files label each of them under `facts`."""

SOURCES: Mapping[str, frozenset[str]] = {
    "subscription": names_in(),
    "users": names_in(),
    "reckoned": names_in(),
    "rolled_forward": names_in("months"),
    "import": names_in(),
    "asked": names_in(),
    "today": names_in(),
    "invoices": names_in(),
    "invoice": names_in("invoice"),
    "invoice_line": names_in("invoice line"),
    "payments": names_in("invoice"),
    "all_payments": names_in(),
    "payment": names_in("invoice paid_on"),
    "refund": names_in("invoice"),
    "credit_notes": names_in("invoice"),
    "reminder": names_in("invoice"),
    "collection": names_in("invoice"),
    "licence_change": names_in("effective_on"),
}
"""Every source a fact can have, with its placeholders; the content files word each under `sources`."""
