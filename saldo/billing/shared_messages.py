"""Messages that several topics share, and what every message is: a condition that its rule has proved.

The catalogue says which topic has which.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One thing a rule can say."""

    proved: str
    """The condition under which it is said, of its placeholders where it has any."""
    placeholders: frozenset[str]


def names_in(names: str = "") -> frozenset[str]:
    """The names in a text, parted by spaces."""
    return frozenset(names.split())


def said_if(proved: str, placeholders: str = "") -> Message:
    """A message with its condition, and its placeholders by name."""
    return Message(proved, names_in(placeholders))


UNKNOWN_INVOICE = {
    "did_you_mean": said_if("no invoice has the number asked about, and only this one's is like it", "invoice"),
    "unknown_invoice": said_if("no invoice has the number asked about"),
}
BARS = {
    "bar_whole": said_if("so many licences were there on the period's first day, or are billed from it", "licences"),
    "bar_added": said_if("so many were added on the stretch's first day, or are billed from it", "added"),
}
CANCELLED = {"cancelled": said_if("the subscription is cancelled, and this is its last day", "ends_on")}
OF_SUBSCRIPTION = {
    "of_subscription": said_if(
        "there are several subscriptions, and this one has that package now", "subscription package"
    )
}
OVERPAYMENT = {
    **UNKNOWN_INVOICE,
    "overpaid": said_if(
        "paid − total = surplus, above zero, and nothing was paid back or credited", "invoice total paid surplus"
    ),
    "overpaid_rest": said_if(
        "paid − total − refunded = surplus, above zero, something was paid back and nothing credited",
        "invoice total paid refunded surplus",
    ),
    "overpaid_credited": said_if(
        "paid + credited − total − refunded = surplus, above zero, and something was credited",
        "invoice total credited paid refunded surplus",
    ),
    "set_off": said_if(
        "an invoice for licences is to come, none is open, and the surpluses add up to this", "surplus next_period"
    ),
    "refundable": said_if(
        "no invoice is to come, as every subscription is cancelled, and none is open", "surplus ends_on"
    ),
    "undecided": said_if("none is open, and neither is an invoice to come nor every subscription cancelled", "surplus"),
    "open_besides": said_if("other invoices are open, so much together", "surplus amount"),
    "refunded": said_if("this was paid back on that day", "amount paid_on"),
    "not_overpaid": said_if(
        "no more than the total was paid for the invoice asked about, and nothing paid back", "invoice total paid"
    ),
    "no_overpayment": said_if("no invoice has a surplus"),
}
OPEN_INVOICES = {
    **UNKNOWN_INVOICE,
    "open_invoice": said_if(
        "so much is neither paid nor credited, the due date is today or later, and it is not in collection",
        "invoice amount due_date",
    ),
    "overdue_invoice": said_if(
        "so much is not paid, the due date is past, and the customer is not Finnish", "invoice amount due_date"
    ),
    "overdue_with_partner": said_if(
        "so much is not paid, the due date is past, and the customer is Finnish", "invoice amount due_date"
    ),
    "in_collection": said_if(
        "so much is not paid, and the Finnish customer's invoice was handed over that day",
        "invoice amount transferred_on",
    ),
    "part_paid": said_if("the amount just told is the total less this payment and what is credited", "paid total"),
    "credited": said_if("credit notes take so much off the invoice", "invoice amount"),
    "others_open": said_if("so many more than those just told are open, so much together", "count amount"),
    "overpaid_besides": said_if("something is open, and so much was paid too much on other invoices", "surplus"),
    "paid_already": said_if("nothing is open since a payment of that day", "invoice paid_on"),
    "nothing_open": said_if("nothing is open of any invoice"),
}
PENDING = {
    "pending_removal": said_if(
        "so many licences were removed as of a day to come, on which the subscription still runs, and from it on there "
        "are so many",
        "removed from_date licences",
    ),
    "pending_addition": said_if(
        "so many licences were added as of a day to come, on which the subscription still runs, and from it on there "
        "are so many",
        "added from_date licences",
    ),
}
RECORDED = {
    "removed_to_come": said_if(
        "so many were removed as of a day to come, the last of them ordered that day, and from it on there are so many",
        "removed ordered_on effective_on licences",
    ),
    "removed_counts": said_if(
        "so many were removed as of a day not to come, and now there are so many", "removed effective_on licences"
    ),
    "added_to_come": said_if(
        "so many were added as of a day to come, the last of them ordered that day, and from it on there are so many",
        "added ordered_on effective_on licences",
    ),
    "added_counts": said_if(
        "so many were added as of a day not to come, and now there are so many", "added effective_on licences"
    ),
    "no_removal_of": said_if("no day from that one on has a removal of so many licences", "asked since"),
    "no_addition_of": said_if("no day from that one on has an addition of so many licences", "asked since"),
    "no_removal": said_if("no licence was removed as of that day or a later one", "since"),
    "no_addition": said_if("no licence was added as of that day or a later one", "since"),
    "no_change": said_if("no licence was added or removed as of that day or a later one", "since"),
    "not_then": said_if("such a change was made, but neither ordered nor to count on the day or in the month named"),
    "instead_removed": said_if(
        "so many were removed as of that day, the last of them ordered that day", "removed ordered_on effective_on"
    ),
    "instead_added": said_if(
        "so many were added as of that day, the last of them ordered that day", "added ordered_on effective_on"
    ),
}
COMPARISON = {
    "higher": said_if(
        "the first total − the other = difference, above zero", "invoice total other other_total difference"
    ),
    "lower": said_if(
        "the other total − the first = difference, above zero", "invoice total other other_total difference"
    ),
    "higher_instead": said_if(
        "the same as of higher, and it was asked why it is lower", "invoice total other other_total difference"
    ),
    "lower_instead": said_if(
        "the same as of lower, and it was asked why it is higher", "invoice total other other_total difference"
    ),
    "same": said_if("both invoices have the same total", "invoice total other other_total"),
    "licences_differ": said_if(
        "each of the two bills one line that is no addition, and these are its licences",
        "invoice licences other other_licences",
    ),
    "months_differ": said_if(
        "each of the two bills one line that is no addition, and these are its months",
        "invoice months other other_months",
    ),
    "bills": said_if("a line of the invoice that is no addition", "invoice licences months quantity"),
    "bills_added": said_if(
        "the line's licences were added on its first day, within a period",
        "invoice licences months quantity since until",
    ),
    "quantities_differ": said_if(
        "the quantities of each invoice's lines add up to these", "invoice quantity other other_quantity"
    ),
    "prices_differ": said_if("all lines of each invoice have this one price", "invoice price other other_price"),
    "package_changed": said_if(
        "the next package was agreed to start that day, after the first day of the earlier invoice's lines and not "
        "after that of the later one's",
        "package next_package from_date",
    ),
    "unexplained": said_if(
        "the lines of one of the two have several prices, or do not come to both totals in the same proportion"
    ),
    "first": said_if("no invoice of the same subscription was issued before this one", "invoice"),
}
TOTALS = {
    "total_invoiced": said_if(
        "so many invoices were issued from the first to the last day, with these totals, and so much was paid then",
        "since until count invoiced paid",
    ),
    "total_paid": said_if("the same, and it was asked what was paid", "since until count invoiced paid"),
    "total_nothing": said_if("from the first to the last day no invoice was issued and nothing paid", "since until"),
    "total_credited": said_if(
        "what credit notes of those days take off, and what is left of what was invoiced", "amount left"
    ),
    "total_refunded": said_if("what was paid back in those days, and what is left of what was paid", "amount left"),
    "credited_then": said_if("what credit notes of those days take off, more than was invoiced in them", "amount"),
    "refunded_then": said_if("what was paid back in those days, more than was paid in them", "amount"),
    "first_issued": said_if(
        "no invoice on record is older than this day, which is after the first of those days", "day"
    ),
}
PRICES = {
    "unit_price": said_if("a line of this invoice has this price per licence and month", "invoice price"),
    "no_price_to_come": said_if("the price on an issued invoice was told"),
}
OF_MY_BILL = {
    **COMPARISON,
    **TOTALS,
    **PRICES,
    "was_due": said_if("nothing is open of the invoice asked about, which has this due date", "invoice due_date"),
}
