"""Turns that a sample account may take, rare, awkward or contradictory ones among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from saldo.billing.model import Account
from saldo.billing.samples.turns.agreement import (
    add_on_the_first_day,
    add_twice_on_a_day,
    begins_later,
    bill_addition_from_another_day,
    cancel,
    cancel_within,
    change_package,
    ended_before,
    has_changed_package,
    more_users,
    no_users,
    remove,
    remove_all,
    subscribe_again,
)
from saldo.billing.samples.turns.payments import (
    bill_ahead,
    bill_at_two_prices,
    contradict,
    credit,
    leave_open,
    move,
    no_invoices,
    pay_more,
    refund,
    remind,
    surcharge,
)

__all__ = ["TURNS", "Turn"]

Turn = Callable[[Account, date, Random], Account]

TURNS: Sequence[Turn] = (
    cancel_within,
    cancel,
    change_package,
    subscribe_again,
    ended_before,
    begins_later,
    bill_ahead,
    add_twice_on_a_day,
    add_on_the_first_day,
    bill_addition_from_another_day,
    remove,
    remove_all,
    contradict,
    credit,
    more_users,
    no_users,
    pay_more,
    refund,
    move,
    leave_open,
    remind,
    no_invoices,
    surcharge,
    bill_at_two_prices,
    has_changed_package,
)
