"""The sample is consistent on any day, the same for the same day, and covers what the rules know."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.billing.account_state import balance, licences_on, running
from saldo.billing.business_id import is_business_id
from saldo.billing.explain import explain
from saldo.billing.model import Account, Invoice, Money
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.samples.histories import PERIOD_LENGTHS

ON = date(2026, 11, 22)
any_day = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def sentences(account: Account, topic: str, on: date) -> list[str]:
    explanation = explain(topic, account, on)
    return [statement.name for statement in explanation.sentences] if explanation else []


def invoices(accounts: list[Account]) -> list[Invoice]:
    return [invoice for account in accounts for invoice in account.invoices]


def test_the_same_day_gives_the_same_sample() -> None:
    assert sample_accounts(ON) == sample_accounts(ON)
    assert sample_accounts() == sample_accounts(date.today())


def test_there_are_as_many_dutch_as_finnish_customers() -> None:
    customers = [account.customer for account in sample_accounts(ON)]
    assert [sum(one.country == country for one in customers) for country in ("NL", "FI")] == [17, 17]
    assert all(is_business_id(one.country, one.business_id) for one in customers)
    assert len({one.name for one in customers} | {one.business_id for one in customers}) == 2 * len(customers)


def test_addresses_receive_no_mail() -> None:
    emails = [contact.email for account in sample_accounts(ON) for contact in account.contacts]
    assert all(email.endswith(".example") and email.isascii() for email in emails)


@pytest.mark.parametrize("customer", ["NL-1001", "FI-2001"])
def test_the_articles_example_comes_first_in_both_countries(customer: str) -> None:
    (account,) = (one for one in sample_accounts(ON) if one.customer.id == customer)
    (line,) = account.invoices[-1].lines
    assert (line.licences, line.months, line.quantity) == (10, Decimal(6), Decimal(60))
    assert sum(user.active for user in account.users) == 8


def test_the_first_invoice_is_the_one_in_the_documentation() -> None:
    assert sample_accounts(ON)[0].invoices[-1].number == "2026-0142"


@settings(max_examples=50, deadline=None)
@given(any_day)
def test_invoices_are_consistent_on_any_day(on: date) -> None:
    found = invoices(sample_accounts(on))
    assert len({invoice.number for invoice in found}) == len(found)
    for invoice in found:
        total = Money(0)
        for line in invoice.lines:
            assert line.quantity == line.licences * line.months
            total += line.unit_price.times(line.quantity)
        assert invoice.total == total
        assert invoice.issued_on <= on and invoice.issued_on < invoice.due_date


@settings(max_examples=50, deadline=None)
@given(any_day)
def test_nothing_in_it_is_still_to_happen(on: date) -> None:
    for account in sample_accounts(on):
        done = [payment.paid_on for payment in account.payments]
        done += [reminder.sent_on for reminder in account.reminders]
        done += [refund.paid_on for refund in account.refunds]
        done += [collection.transferred_on for collection in account.collections]
        done += [change.ordered_on for change in account.licence_changes]
        assert all(day <= on for day in done)


@settings(max_examples=50, deadline=None)
@given(any_day)
def test_no_more_users_are_active_than_there_are_licences(on: date) -> None:
    for account in sample_accounts(on):
        subscriptions = running(account, on)
        if subscriptions:
            assert sum(user.active for user in account.users) <= licences_on(account, subscriptions, on)


@settings(max_examples=50, deadline=None)
@given(any_day)
def test_each_story_stays_true_on_any_day(on: date) -> None:
    """Each customer's number, the topic it is there for, and what is said then."""
    accounts = sample_accounts(on)
    for dutch, topic, said in [
        (1, "seat_count", ["seats", "since", "invoice"]),
        (2, "seat_count", ["all_used", "since", "invoice"]),
        (2, "invoice_quantity", ["single_month"]),
        (3, "invoice_quantity", ["added_line"]),
        (4, "invoice_quantity", ["uneven_line"]),
        (5, "seat_count", ["seats", "since", "invoice", "pending_removal"]),
        (6, "paid_twice", ["overpaid", "set_off"]),
        (7, "refund_requirements", ["overpaid", "refundable"]),
        (7, "cancel_service", ["already_cancelled"]),
        (8, "paid_twice", ["overpaid", "set_off"]),
        (9, "refund_requirements", ["refunded", "no_overpayment"]),
        (9, "seat_count", ["no_subscription"]),
        (10, "paid_twice", ["overpaid", "refundable"]),
        (11, "payment_extension", ["open_invoice"]),
        (12, "payment_reminder", ["overdue_invoice", "reminded"]),
        (13, "payment_reminder", ["overdue_invoice", "reminded"]),
        (14, "payment_extension", ["overdue_invoice", "open_invoice"]),
        (1, "invoice_status", ["nothing_open", "paid_already"]),
        (12, "invoice_status", ["overdue_invoice", "days_late"]),
        (14, "invoice_status", ["sum_open", "overdue_invoice", "open_invoice", "days_late"]),
        (15, "change_package", ["package_change_under_way"]),
        (17, "invoice_quantity", ["no_invoice"]),
    ]:
        assert sentences(accounts[dutch - 1], topic, on) == said, (dutch, topic)
        # in Finland an invoice past its due date is with the collection partner, transferred on record or not
        finnish = ["overdue_with_partner" if one == "overdue_invoice" else one for one in said]
        finnish = ["in_collection", "reminded"] if dutch == 13 else finnish
        assert sentences(accounts[17 + dutch - 1], topic, on) == finnish, (dutch, topic)


def test_all_lengths_of_a_period_occur() -> None:
    months = {one.months for account in sample_accounts(ON) for one in account.subscriptions}
    assert months == set(PERIOD_LENGTHS)


def test_due_soon_is_within_a_week() -> None:
    due_soon = sample_accounts(ON)[10]
    (invoice,) = (one for one in due_soon.invoices if balance(due_soon, one).cents < 0)
    assert invoice.due_date - ON == timedelta(days=7)
