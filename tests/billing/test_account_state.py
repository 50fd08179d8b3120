"""How things stand on a day: periods roll on, removed licences wait, an end is an end."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from saldo.billing.account_state import (
    balance,
    current_package,
    current_period,
    licences_on,
    next_invoiced,
    next_to_invoice,
    package_to_come,
    running,
)
from saldo.billing.model import Account, LicenceChange, Money, Payment, Refund, Subscription
from saldo.billing.period import BillingPeriod

HALF_YEAR = BillingPeriod(date(2026, 7, 1), date(2027, 1, 1))
RUNNING = Subscription("S-1", "NL-1", "Team", 6, HALF_YEAR)
ENDING = replace(RUNNING, cancelled_on=date(2027, 1, 1))
ENDING_LATER = replace(RUNNING, cancelled_on=date(2027, 7, 1))


@pytest.mark.parametrize(
    ("on", "start"),
    [
        (date(2026, 7, 1), date(2026, 7, 1)),
        (date(2026, 12, 31), date(2026, 7, 1)),
        (date(2027, 1, 1), date(2027, 1, 1)),
        (date(2028, 3, 5), date(2028, 1, 1)),
    ],
)
def test_the_recorded_period_rolls_on(on: date, start: date) -> None:
    assert current_period(RUNNING, on).start == start


def test_the_period_stops_rolling_where_the_subscription_ends() -> None:
    assert current_period(ENDING, date(2028, 3, 5)) == HALF_YEAR
    assert current_period(ENDING_LATER, date(2028, 3, 5)).end == date(2027, 7, 1)


def test_the_period_ends_with_the_subscription_and_goes_back_before_the_record() -> None:
    within = replace(RUNNING, cancelled_on=date(2026, 11, 16))
    assert current_period(within, date(2026, 10, 1)) == BillingPeriod(date(2026, 7, 1), date(2026, 11, 16))
    assert current_period(RUNNING, date(2026, 3, 1)) == BillingPeriod(date(2026, 1, 1), date(2026, 7, 1))


def test_periods_find_back_to_the_31st_however_often_they_roll() -> None:
    quarterly = Subscription("S-1", "NL-1", "Team", 3, BillingPeriod(date(2026, 3, 31), date(2026, 6, 30)))
    assert current_period(quarterly, date(2026, 10, 1)).end == date(2026, 12, 31)
    assert current_period(quarterly, date(2025, 12, 31)).start == date(2025, 12, 31)


def test_the_next_invoice_is_for_what_none_bills_yet(account: Account) -> None:
    on = date(2026, 9, 1)
    assert next_to_invoice(account, RUNNING, on) == date(2027, 1, 1)
    assert next_to_invoice(replace(account, invoices=()), RUNNING, on) == date(2026, 7, 1)
    begins = replace(RUNNING, id="S-2", period=BillingPeriod(date(2026, 10, 1), date(2027, 4, 1)))
    assert next_to_invoice(account, begins, on) == date(2026, 10, 1), "a subscription that is to begin"
    assert next_to_invoice(replace(account, invoices=()), ENDING, date(2027, 2, 1)) is None


@pytest.mark.parametrize(
    ("subscription", "start"),
    [(RUNNING, date(2027, 1, 1)), (ENDING, None), (ENDING_LATER, date(2027, 1, 1))],
)
def test_a_next_period_begins_unless_the_end_comes_first(
    account: Account, subscription: Subscription, start: date | None
) -> None:
    assert next_invoiced(account, subscription, date(2026, 9, 1)) == start


def test_what_is_invoiced_ahead_is_not_to_come(account: Account) -> None:
    """Cancelled at the end of 2026 or a half-year later: only then is another invoice to come."""
    on = date(2026, 9, 1)
    (invoice,) = account.invoices
    ahead = replace(invoice, number="2026-0143", lines=(replace(invoice.lines[0], period=HALF_YEAR.next(6)),))
    assert next_invoiced(account, ENDING_LATER, on) == date(2027, 1, 1)
    assert next_invoiced(replace(account, invoices=(invoice, ahead)), ENDING_LATER, on) is None
    assert next_invoiced(replace(account, invoices=()), RUNNING, on) == date(2027, 1, 1)


def test_a_package_under_way_becomes_the_package() -> None:
    changing = replace(RUNNING, next_package="Pro")
    before, after = date(2026, 12, 31), date(2027, 1, 1)
    assert (current_package(changing, before), package_to_come(changing, before)) == ("Team", "Pro")
    assert (current_package(changing, after), package_to_come(changing, after)) == ("Pro", None)


def test_runs_from_its_first_day_up_to_its_end(account: Account) -> None:
    ending = replace(account, subscriptions=(ENDING,))
    assert running(ending, date(2025, 12, 31)) == []
    assert running(ending, date(2026, 1, 1)) == [ENDING]
    assert running(ending, date(2026, 12, 31)) == [ENDING]
    assert running(ending, date(2027, 1, 1)) == []


def test_licences_change_on_the_day_that_counts(account: Account) -> None:
    changes = (
        *account.licence_changes,
        LicenceChange("S-1", date(2026, 9, 16), date(2026, 9, 16), 3),
        LicenceChange("S-1", date(2026, 10, 1), date(2027, 1, 1), -2),
    )
    changed = replace(account, licence_changes=changes)
    days = (date(2026, 9, 15), date(2026, 9, 16), date(2026, 12, 31), date(2027, 1, 1))
    assert [licences_on(changed, changed.subscriptions, day) for day in days] == [10, 13, 13, 11]


def test_a_balance_is_payments_less_the_total_and_what_was_paid_back_is_no_debt(account: Account) -> None:
    (invoice,) = account.invoices
    assert balance(account, invoice) == Money(0)
    assert balance(replace(account, payments=()), invoice) == Money(-207000)
    twice = (*account.payments, Payment("P-2", "2026-0142", date(2026, 7, 14), Money(207000)))
    assert balance(replace(account, payments=twice), invoice) == Money(207000)
    twice_back = (Refund("2026-0142", date(2026, 8, 1), Money(300000)),)
    assert balance(replace(account, payments=twice, refunds=twice_back), invoice) == Money(0), "no debt"
    partly_back = (Refund("2026-0142", date(2026, 8, 1), Money(7000)),)
    assert balance(replace(account, payments=twice, refunds=partly_back), invoice) == Money(200000)


def test_an_overpayment_moved_to_another_invoice_leaves_nothing(account: Account) -> None:
    moved = (
        *account.payments,
        Payment("P-2", "2026-0142", date(2026, 7, 14), Money(207000)),
        Payment("P-3", "2026-0142", date(2027, 1, 1), Money(-207000)),
    )
    assert balance(replace(account, payments=moved), account.invoices[0]) == Money(0)
