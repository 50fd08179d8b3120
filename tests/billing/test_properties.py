"""Whatever the history: what is explained agrees with a slow reckoning, day by day and cent by cent."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.answers.compose import ExplainedTopic, answer
from saldo.answers.plain_text import plain_text
from saldo.billing import MESSAGES, Repository, create_database
from saldo.billing.account_state import changes_of, current_period, known_on, licences_on
from saldo.billing.explain import explain
from saldo.billing.explanation import Explanation, InvoiceQuery, Sentence
from saldo.billing.model import Account, InvoiceLine, LicenceChange, Money
from saldo.billing.period import BillingPeriod
from saldo.billing.samples.histories import history
from saldo.faq import load
from tests.billing.reckoning import days_billed, licences_by_day, months_by_day

FAQ = load(Path(__file__).parents[2] / "faq")
numbers = st.integers(0, 5000)
days = st.dates(date(2023, 1, 1), date(2029, 3, 1))
histories = st.builds(history, numbers, days)


def single(account: Account) -> bool:
    return len(account.subscriptions) == 1


def told(topic: str, account: Account, on: date, asked: InvoiceQuery | None = None) -> list[Sentence]:
    explanation = explain(topic, account, on, asked or InvoiceQuery())
    return list(explanation.sentences) if explanation else []


def explanations(account: Account, on: date) -> list[Explanation]:
    found = (explain(topic, account, on) for topic in MESSAGES)
    return [one for one in found if one is not None]


@settings(max_examples=40, deadline=None)
@given(histories)
def test_every_quantity_equals_the_reckoning_day_by_day(account: Account) -> None:
    for invoice in account.invoices:
        slowly = [line.licences * slow_months(line) for line in invoice.lines]
        sentences = told("invoice_quantity", account, invoice.issued_on, InvoiceQuery(invoice=invoice.number))
        quantities = [Decimal(str(one.values["quantity"])) for one in sentences]
        assert quantities == [*slowly, *([sum(slowly)] if len(slowly) > 1 else [])]


def slow_months(line: InvoiceLine) -> Decimal:
    months = months_by_day(line)
    return (Decimal(months.numerator) / months.denominator).quantize(Decimal("0.01"), ROUND_HALF_UP)


@settings(max_examples=40, deadline=None)
@given(histories)
def test_every_licence_of_every_day_is_billed_once(account: Account) -> None:
    """All invoices of a subscription together bill each day exactly the licences that it had."""
    subscription = account.subscriptions[0]
    mine = replace(account, licence_changes=tuple(changes_of(account, subscription)))
    invoices = [one for one in account.invoices if one.subscription == subscription.id]
    # additions of the current period that come with the next invoice are not billed yet
    last = max(line.period.start for one in invoices for line in one.lines[:1]) - timedelta(days=1)
    first = min(line.period.start for one in invoices for line in one.lines)
    billed = sum((days_billed(one) for one in invoices), start=days_billed(invoices[0]))
    billed.subtract(days_billed(invoices[0]))
    for day, licences in licences_by_day(mine, first, last).items():
        assert billed[day] == licences, day


@settings(max_examples=40, deadline=None)
@given(histories.filter(single), days, st.integers(1, 30))
def test_adding_then_removing_never_bills_twice(account: Account, on: date, count: int) -> None:
    """What is added and then removed is billed to the period's end, and from the next period no more."""
    (subscription,) = account.subscriptions
    on = max(on, subscription.period.start)
    period = current_period(subscription, on)
    if subscription.cancelled_on:
        return
    added = LicenceChange(subscription.id, on, on, count)
    removed = LicenceChange(subscription.id, on, period.end, -count)
    changed = replace(account, licence_changes=(*account.licence_changes, added, removed))
    days_ = licences_by_day(changed, period.start, period.end)
    before = licences_by_day(account, period.start, period.end)
    known = licences_by_day(known_on(account, on), period.start, period.end)
    assert all(days_[day] - before[day] == (count if on <= day < period.end else 0) for day in days_)
    would = {one.name: one.values for one in told("licence_change", account, on, InvoiceQuery(licences=count))}
    assert would["would_add"]["licences"] == days_[on]
    assert would["would_add"]["until"] == period.last_day
    after = {one.name: one.values for one in told("licence_change", replace(changed), on, InvoiceQuery(licences=1))}
    if "would_remove" in after and after["would_remove"]["from_date"] == period.end:  # unless that is invoiced already
        assert after["would_remove"]["licences"] == known[period.end] - 1


@settings(max_examples=40, deadline=None)
@given(histories, days)
def test_the_seats_are_those_of_the_day(account: Account, on: date) -> None:
    for statement in told("seat_count", account, on):
        if statement.name in ("seats", "all_used"):
            running = {one.id for one in account.subscriptions if not one.cancelled_on or one.cancelled_on > on}
            mine = [one for one in account.licence_changes if one.subscription in running and one.effective_on <= on]
            assert statement.values["licences"] == sum(one.licences for one in mine)


@settings(max_examples=60, deadline=None)
@given(histories, days)
def test_no_credit_and_no_count_is_negative(account: Account, on: date) -> None:
    for explanation in explanations(account, on):
        for statement in explanation.sentences:
            for name, value in statement.values.items():
                assert not isinstance(value, Money) or value.cents >= 0, (statement.name, name)
                assert not isinstance(value, (int, Decimal)) or value >= 0, (statement.name, name)


@settings(max_examples=30, deadline=None)
@given(numbers, numbers, days)
def test_no_explanation_names_another_customers_invoice(one: int, other: int, on: date) -> None:
    mine, theirs = history(one, on), history(other if other != one else other + 1, on)
    their_numbers = {invoice.number for invoice in theirs.invoices}
    for topic in MESSAGES:
        asked = InvoiceQuery(invoice=theirs.invoices[-1].number)
        explanation = explain(topic, mine, on, asked)
        if explanation:
            text = str(explanation)
            assert not any(number in text for number in their_numbers)


@settings(max_examples=20, deadline=None)
@given(histories, days)
def test_the_same_facts_give_the_same_figures_in_both_languages(account: Account, on: date) -> None:
    """Nothing is withheld, and a figure of one language's machines is one of the other's."""
    for explanation in explanations(account, on):
        dutch, finnish = (
            answer(FAQ, [ExplainedTopic(explanation.topic, one, explanation)], one) for one in ("nl", "fi")
        )
        assert dutch.facts == finnish.facts
        assert len(dutch.facts) == len(explanation.facts)
        assert plain_text(dutch.published()["blocks"]) != plain_text(finnish.published()["blocks"])


@settings(max_examples=30, deadline=None)
@given(histories, days)
def test_money_is_never_a_float(account: Account, on: date) -> None:
    assert not list(floats(account))
    for explanation in explanations(account, on):
        assert not list(floats(explanation))


def floats(value: Any) -> list[Any]:
    """Every float anywhere within."""
    if isinstance(value, float):
        return [value]
    if is_dataclass(value):
        return [one for field in fields(value) for one in floats(getattr(value, field.name))]
    if isinstance(value, dict):
        return [one for inner in value.values() for one in floats(inner)]
    return [one for inner in value for one in floats(inner)] if isinstance(value, (list, tuple)) else []


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1999, 1, 1), date(2033, 1, 1)), st.sampled_from((1, 2, 3, 4, 6, 12)))
def test_periods_tile_the_years(start: date, months: int) -> None:
    """Each day of four years, a leap year among them, lies in one period; after a year the day is the same again."""
    period = BillingPeriod.of(start, months)
    ends = [period.start]
    for _ in range(48 // months):
        assert period.start == ends[-1]
        ends.append(period.end)
        period = period.next(months, start.day)
    assert sum((b - a).days for a, b in pairwise(ends)) == (ends[-1] - start).days
    assert (ends[-1].year, ends[-1].month) == (start.year + 4, start.month)
    assert ends[-1].day == start.day


@pytest.mark.parametrize("number", range(8))
def test_databases_change_nothing(number: int, database_url: str) -> None:
    """An account that came from SQLite or PostgreSQL explains as the one that went in."""
    on = date(2026, 11, 22)
    account = history(number * 7, on)
    repository = Repository(create_database(database_url))
    repository.add([account, history(number * 7 + 1, on)])
    stored = repository.account(account.customer.id)
    assert stored == account
    assert explanations(stored, on) == explanations(account, on)
    assert licences_on(stored, stored.subscriptions, on) == licences_on(account, account.subscriptions, on)
