"""Whatever the account: statements have their placeholders, and every figure in them is accounted for."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.billing.account_state import current_period, licences_on, running
from saldo.billing.explain import RULES, explain
from saldo.billing.explanation import Direction, Explanation, Fact, InvoiceQuery, NamedChange, Sentence, Value
from saldo.billing.message_catalogue import COMMON, FACTS, MESSAGES, SOURCES
from saldo.billing.model import Account, Customer, Money
from saldo.billing.period import BillingPeriod, add_months
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.samples.histories import history
from saldo.billing.samples.situations import situation
from tests.billing.asking import of_own_bill

ON = date(2026, 11, 22)
WAYS: tuple[Direction, ...] = ("add", "remove")
ACCOUNTS = [*sample_accounts(ON), *(history(number, ON) for number in range(60))]
QUESTIONS = [
    InvoiceQuery(),
    InvoiceQuery(invoice="2026-0142"),
    InvoiceQuery(invoice="2026-142"),
    InvoiceQuery(invoice="2026-0199"),
    InvoiceQuery(quantity=60),
    InvoiceQuery(invoice="nonsense", quantity=1),
    InvoiceQuery(date="--11"),
    InvoiceQuery(amount=Money(12250)),
    InvoiceQuery(place="previous"),
    InvoiceQuery(licences=3),
    InvoiceQuery(licences=2, change="remove"),
    InvoiceQuery(licences=6, change="remove"),
    InvoiceQuery(licences=99, change="remove"),
    InvoiceQuery(target=8),
    InvoiceQuery(changes=(NamedChange("remove", 6), NamedChange("add", 2, "2027-03-15"))),
    InvoiceQuery(changes=(NamedChange("remove", 99), NamedChange("add", 2))),
    InvoiceQuery(change="remove", licences=2, made=True),
    InvoiceQuery(change="add", licences=2, made=True),
    *(
        InvoiceQuery(change=way, licences=licences, date=day, made=True, recorded=True)
        for way in WAYS
        for licences in (2, None)
        for day in (None, "2020-01-01")
    ),
    InvoiceQuery(made=True, recorded=True),
]


def explanations(on: date, accounts: list[Account], questions: list[InvoiceQuery] = QUESTIONS) -> list[Explanation]:
    """Of every account, on every topic, however asked."""
    found = (explain(topic, account, on, asked) for account in accounts for topic in RULES for asked in questions)
    return [one for one in found if one is not None]


def about_its_own_invoices(account: Account) -> list[Explanation]:
    """Asked about the first and about the last invoice, by number, by a misspelt one, by month and by amount."""
    asked: list[InvoiceQuery] = []
    for invoice in (*account.invoices[:1], *account.invoices[-2:]):
        slip = invoice.number[:-2] + invoice.number[-1] + "7"
        asked += [
            InvoiceQuery(invoice=invoice.number),
            InvoiceQuery(invoice=slip),
            InvoiceQuery(invoice=invoice.number[:-1]),
        ]
        asked += [InvoiceQuery(date=f"{invoice.issued_on:%Y-%m}"), InvoiceQuery(amount=invoice.total)]
        asked += [InvoiceQuery(place="previous", before=invoice.number)]
    asked += [InvoiceQuery(point=point) for point in ("next", "period")]
    for one in account.subscriptions:
        dates = (ON + timedelta(days=1), current_period(one, ON).end)
        asked += [InvoiceQuery(licences=2, change="add", date=day.isoformat()) for day in dates]
    asked += [InvoiceQuery(months=3), InvoiceQuery(quantity=7777, point="is_right")]
    found = (explain(topic, account, ON, one) for topic in RULES for one in asked)
    return [one for one in found if one is not None]


def of_their_own_bills(accounts: list[Account]) -> list[Explanation]:
    """Asked what no point was learnt for: a comparison, a past day, a year, a price."""
    found = (
        explain(topic, account, ON, query)
        for place, account in enumerate(accounts)
        for topic in RULES
        for query in of_own_bill(account, topic, ON, Random(place))
    )
    return [one for one in found if one is not None]


def all_statements(explanation: Explanation) -> list[Sentence]:
    """Those said, and those that label a timeline."""
    stretches = explanation.timeline.stretches if explanation.timeline else ()
    return [*explanation.sentences, *(stretch.sentence for stretch in stretches)]


def figures(fact: Fact) -> list[Value]:
    """Every figure a fact accounts for: its value, a period's days, the inputs of its formula, its record."""
    inputs = list(fact.formula.inputs.values()) if fact.formula else []
    days = [fact.value.start, fact.value.last_day] if isinstance(fact.value, BillingPeriod) else []
    return [fact.value, *days, *inputs, *fact.source.values.values()]


@pytest.fixture(scope="module")
def all_explanations() -> list[Explanation]:
    days = (ON, ON + timedelta(days=40), ON + timedelta(days=400))
    return [one for day in days for one in explanations(day, ACCOUNTS[::3])] + of_their_own_bills(ACCOUNTS)


def test_every_topic_has_a_rule() -> None:
    assert set(RULES) == set(MESSAGES)


def test_statements_have_exactly_their_placeholders(all_explanations: list[Explanation]) -> None:
    for explanation in all_explanations:
        for statement in all_statements(explanation):
            said = {**COMMON, **MESSAGES[explanation.topic]}[statement.name]
            assert set(statement.values) == said.placeholders, statement


def test_the_sample_brings_every_statement_to_light() -> None:
    """So whoever words them can see each of them; some need a question of their own, some records at odds."""
    found = explanations(ON, ACCOUNTS) + explanations(
        ON, [situation(number, ON) for number in range(300)], QUESTIONS[:1]
    )
    found += [one for account in ACCOUNTS for one in about_its_own_invoices(account)]
    found += of_their_own_bills([*ACCOUNTS, *(situation(number, ON) for number in range(600))])
    for account in (situation(number, ON) for number in range(300)):
        in_the_end = InvoiceQuery(target=licences_on(account, running(account, ON), date.max))
        found += explanations(ON, [account], [in_the_end])
    seen = {(one.topic, said.name) for one in found for said in all_statements(one) if said.name not in COMMON}
    assert seen == {(topic, name) for topic, names in MESSAGES.items() for name in names}


def test_every_figure_in_a_statement_is_accounted_for(all_explanations: list[Explanation]) -> None:
    for explanation in all_explanations:
        known = [figure for fact in explanation.facts for figure in figures(fact)]
        for statement in all_statements(explanation):
            for name, value in statement.values.items():
                assert value in known, (explanation.topic, statement, name)


def test_facts_and_sources_have_known_names(all_explanations: list[Explanation]) -> None:
    for explanation in all_explanations:
        for fact in explanation.facts:
            assert fact.name in FACTS
            assert set(fact.source.values) == SOURCES[fact.source.name]


def test_no_fact_comes_twice(all_explanations: list[Explanation]) -> None:
    for explanation in all_explanations:
        assert all(explanation.facts.count(fact) == 1 for fact in explanation.facts)


def test_every_formula_gives_its_value(all_explanations: list[Explanation]) -> None:
    """Reckoned again, from nothing but the formula as it is shown."""
    shown = [fact for one in all_explanations for fact in one.facts if fact.formula is not None]
    assert shown
    for fact in shown:
        if fact.source.name == "rolled_forward":
            period = moved_on(str(fact.formula))
            assert fact.value in (period, period.start, period.last_day), fact
        else:
            assert reckoned(str(fact.formula)) == plain(fact.value), fact
    assert any(fact.source.name == "rolled_forward" for fact in shown)


def moved_on(formula: str) -> BillingPeriod:
    """The period of `2026-01-01/2026-07-01 + 2 × 6`: the recorded one, twice six months later; with − earlier."""
    recorded, sign, periods, _, months = formula.split()
    first = BillingPeriod(*map(date.fromisoformat, recorded.split("/")))
    later = int(periods) * int(months) * (1 if sign == "+" else -1)
    return BillingPeriod(*(add_months(day, later, first.anchor_day) for day in (first.start, first.end)))


def reckoned(formula: str) -> Decimal:
    """The result of `10 × 6`, `20.00 EUR − 5.00 EUR` or `2 × 20.00 EUR + 5.00 EUR`."""
    first, *rest = formula.replace(" EUR", "").split()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", first):  # from day to day
        return Decimal((date.fromisoformat(first) - date.fromisoformat(rest[1])).days)
    terms = [Decimal(first)]
    for sign, number in zip(rest[::2], rest[1::2], strict=True):
        operand = Decimal(number)
        terms[-1:] = {"×": [terms[-1] * operand], "−": [terms[-1], -operand], "+": [terms[-1], operand]}[sign]
    return sum(terms, Decimal(0))


def plain(value: Value) -> Decimal:
    return Decimal(value.cents) / 100 if isinstance(value, Money) else Decimal(str(value))


@settings(max_examples=20, deadline=None)
@given(st.dates(date(2024, 1, 1), date(2029, 12, 31)))
def test_holds_on_any_day(on: date) -> None:
    for explanation in explanations(on, sample_accounts(on), QUESTIONS[::4]):
        known = [figure for fact in explanation.facts for figure in figures(fact)]
        for statement in explanation.sentences:
            assert all(value in known for value in statement.values.values())


@pytest.mark.parametrize("topic", list(RULES))
def test_an_account_without_records_raises_nothing(topic: str) -> None:
    nobody = Account(Customer("NL-1", "Voorbeeld B.V.", "NL", "nl", "99000001"))
    explanation = explain(topic, nobody, ON)
    assert explanation is None or not explanation.facts


def test_a_topic_without_a_rule_has_no_figures(account: Account) -> None:
    assert explain("price_list", account, ON) is None
