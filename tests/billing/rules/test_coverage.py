"""What was never imported is not known, and never "0" or "unpaid"; what is old is told as of its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saldo.answers.blocks import Contacts, Paragraph
from saldo.answers.compose import ExplainedTopic, answer
from saldo.billing.explain import RULES, explain
from saldo.billing.explanation import Explanation, InvoiceQuery
from saldo.billing.message_catalogue import COMMON, YES_OR_NO
from saldo.billing.model import Account, TableImport, TableName
from saldo.billing.rules.coverage import READINGS
from saldo.billing.samples.histories import history
from saldo.faq import load

FAQ = load(Path(__file__).parents[3] / "faq")
ON = date(2026, 10, 1)
TABLES: tuple[TableName, ...] = get_args(TableName)
OWNERS: dict[TableName, TableName] = {
    "licence_changes": "subscriptions",
    "invoices": "subscriptions",
    "invoice_lines": "invoices",
    "payments": "invoices",
    "reminders": "invoices",
    "collections": "invoices",
    "refunds": "invoices",
}
"""A mapping that has a table has its owner as well."""


def without(account: Account, *tables: TableName, on: date | None = ON) -> Account:
    """The account as an import leaves it whose mapping lacks these tables, and those that belong to them."""
    unknown = {table for table in TABLES if table in tables or OWNERS.get(table) in tables}
    unknown |= {table for table in TABLES if OWNERS.get(table) in unknown}
    lists: dict[str, tuple[object, ...]] = {table: () for table in unknown if table != "invoice_lines"}
    if "invoice_lines" in unknown and "invoices" not in unknown:
        lists["invoices"] = tuple(replace(one, lines=()) for one in account.invoices)
    imports = tuple(TableImport(table, on, "a folder") for table in TABLES if table not in unknown)
    return replace(account, imports=imports, **lists)  # type: ignore[arg-type]


def told(topic: str, account: Account, query: InvoiceQuery | None = None, on: date = ON) -> Explanation:
    explanation = explain(topic, account, on, query or InvoiceQuery(), old_after_days=7)
    assert explanation is not None
    return explanation


def said(explanation: Explanation) -> list[str]:
    return [sentence.name for sentence in explanation.sentences]


def read(explanation: Explanation, language: str = "nl") -> str:
    """The first paragraph, which tells the customer's own figures."""
    block = answer(FAQ, [ExplainedTopic(explanation.topic, language, explanation)], language).blocks[0]
    assert isinstance(block, Paragraph)
    return block.text


def test_ten_licences_without_users_are_ten_licences_and_no_number_of_users(account: Account) -> None:
    explanation = told("seat_count", without(account, "users"))
    assert said(explanation) == ["licences_only", "since", "invoice", "unknown_users", "ask_people"]
    assert explanation.seats is None
    assert read(explanation).startswith("Uw abonnement telt 10 licenties.")
    assert read(explanation).endswith(
        "Hoeveel gebruikers er actief zijn, staat niet in de beschikbare gegevens. "
        "Ons facturatieteam kan dat voor u nakijken."
    )
    assert "Aktiivisten käyttäjien määrä ei näy käytettävissä olevissa tiedoissa." in read(explanation, "fi")


def test_without_users_nobody_is_told_how_many_licences_can_go(account: Account) -> None:
    manage = told("manage_licences", without(account, "users"))
    assert said(manage) == ["licences_only", "unknown_users", "ask_people"]
    remove = told("licence_change", without(account, "users"), InvoiceQuery(licences=5, change="remove"))
    assert said(remove) == ["would_remove", "unknown_users", "ask_people"]


def test_what_is_not_known_is_said_once_with_one_word_on_whom_to_ask(account: Account) -> None:
    nothing_else = without(account, "users", "invoices")
    remove = told("licence_change", nothing_else, InvoiceQuery(licences=5, change="remove"))
    assert said(remove) == ["would_remove", "unknown_users", "unknown_invoices", "ask_people"]


def test_without_licence_changes_the_active_users_are_told(account: Account) -> None:
    explanation = told("seat_count", without(account, "licence_changes"))
    assert said(explanation) == ["active_only", "unknown_licences", "ask_people"]
    assert read(explanation).startswith("U heeft 8 actieve gebruikers.")


@pytest.mark.parametrize("topic", ["payment_extension", "payment_reminder", "invoice_status"])
def test_without_payments_an_invoice_is_neither_open_nor_paid(account: Account, topic: str) -> None:
    explanation = told(topic, without(account, "payments", "refunds"), InvoiceQuery(invoice="2026-0142"))
    assert said(explanation) == ["issued_invoice", "unknown_payments", "ask_people"]
    assert read(explanation) == (
        "Factuur 2026-0142 van 1 juli 2026 bedraagt € 2.070,00, met vervaldatum 15 juli 2026. "
        "Wat er betaald is, staat niet in de beschikbare gegevens. Ons facturatieteam kan dat voor u nakijken."
    ).replace("€ ", "€\xa0")


@pytest.mark.parametrize("topic", ["paid_twice", "refund_requirements"])
@pytest.mark.parametrize(("missing", "name"), [("payments", "unknown_payments"), ("refunds", "unknown_refunds")])
def test_without_payments_or_refunds_nothing_is_said_to_be_paid_too_much_or_not(
    account: Account, topic: str, missing: TableName, name: str
) -> None:
    assert said(told(topic, without(account, missing))) == [name, "ask_people"]


def test_without_lines_an_invoice_has_no_quantity(account: Account) -> None:
    explanation = told("invoice_quantity", without(account, "invoice_lines"))
    assert said(explanation) == ["issued_invoice", "unknown_lines", "ask_people"]
    supposed = told("invoice_quantity", without(account, "invoice_lines"), InvoiceQuery(licences=12, months=3))
    assert supposed.sentences[0].values["quantity"] == 36


def test_without_invoices_it_goes_without_saying_that_their_payments_are_not_known(account: Account) -> None:
    assert said(told("payment_reminder", without(account, "invoices"))) == ["unknown_invoices", "ask_people"]
    nothing = told("invoice_quantity", without(account, "invoices"))
    assert said(nothing) == ["unknown_invoices", "ask_people"]  # and not that there is no invoice yet


def test_only_in_finland_it_matters_whether_collections_are_known(account: Account) -> None:
    finnish = replace(account, customer=replace(account.customer, country="FI"))
    assert "unknown_collections" in said(told("payment_extension", without(finnish, "collections")))
    assert "unknown_collections" not in said(told("payment_extension", without(account, "collections")))


def test_what_no_import_brought_is_known_and_never_old(account: Account) -> None:
    assert account.imports is None
    for topic in RULES:
        explanation = explain(topic, account, ON + timedelta(days=900), old_after_days=7)
        assert explanation is None or not set(said(explanation)) & {"as_of", "ask_people"}


@pytest.mark.parametrize(("age", "is_old"), [(0, False), (6, False), (7, True), (14, True)])
def test_from_a_week_on_the_day_of_the_records_is_told(account: Account, age: int, is_old: bool) -> None:
    explanation = told("seat_count", without(account, on=ON - timedelta(days=age)))
    assert ("as_of" in said(explanation)) == is_old


def test_the_day_is_that_of_the_oldest_table_that_was_read(account: Account) -> None:
    imports = [TableImport(table, ON, "a folder") for table in TABLES if table not in ("payments", "users")]
    imports += [TableImport("payments", date(2026, 9, 12), "a folder"), TableImport("users", None, "")]
    partly_old = replace(account, imports=tuple(imports))
    assert "as_of" not in said(told("seat_count", partly_old))  # reads no payments; of the users the day is not known
    explanation = told("invoice_status", partly_old)
    assert read(explanation).startswith("Dit was de stand volgens onze gegevens van 12 september 2026. ")
    assert read(explanation, "fi").startswith("Näin tilanne oli tietojemme mukaan 12.9.2026. ")


def test_what_follows_from_the_question_alone_is_of_no_day(account: Account) -> None:
    old = without(account, on=date(2026, 1, 1))
    assert "as_of" not in said(told("invoice_quantity", old, InvoiceQuery(licences=12, months=3)))


NEEDING: dict[TableName, set[str]] = {
    "users": {"seats", "all_used", "users_exceed", "removable", "none_removable", "fewer_free", "none_free"},
    "licence_changes": {"seats", "all_used", "users_exceed", "since", "would_add", "would_remove", "next", "removable"},
    "payments": {
        "open_invoice", "overdue_invoice", "overdue_with_partner", "in_collection", "nothing_open", "sum_open",
        "part_paid", "paid_already", "paid_since", "paid_before", "overpaid", "not_overpaid", "no_overpayment",
        "set_off", "refundable",
    },
    "refunds": {"overpaid", "not_overpaid", "no_overpayment", "set_off", "refundable", "refunded"},
    "reminders": {"reminded", "paid_since", "paid_before"},
    "collections": {"in_collection"},
    "invoice_lines": {"line", "single_month", "added_line", "uneven_line", "sum", "next"},
    "invoices": {"invoice", "no_invoice", "line", "nothing_open", "unknown_invoice", "no_overpayment"},
    "subscriptions": {"no_subscription", "period_end", "package", "already_cancelled", "period", "seats"},
}  # fmt: skip
"""What cannot be said where a table is not known."""


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.sets(st.sampled_from(sorted(NEEDING)), min_size=1), st.sampled_from(
    [InvoiceQuery(), InvoiceQuery(licences=2), InvoiceQuery(months=3), InvoiceQuery(point="next"),
     InvoiceQuery(point="period"), InvoiceQuery(invoice="2026-0001")]
))  # fmt: skip
def test_whatever_is_missing_no_sentence_says_what_is_not_known(
    number: int, missing: set[TableName], query: InvoiceQuery
) -> None:
    account = without(history(number, ON), *missing)
    for topic in RULES:
        explanation = explain(topic, account, ON, query, old_after_days=7)
        if explanation is None:
            continue
        for table, sentences in NEEDING.items():
            assert account.knows(table) or not sentences & set(said(explanation)), (topic, table)
        shown = {one: answer(FAQ, [ExplainedTopic(topic, one, explanation)], one) for one in ("nl", "fi")}
        assert shown["nl"].facts == shown["fi"].facts and len(shown["nl"].facts) == len(explanation.facts)
        common = [name for name in said(explanation) if name in COMMON]
        assert len(common) == len(set(common))
        if "ask_people" in said(explanation):
            assert said(explanation)[-1] == "ask_people"
            for one in shown.values():
                people = [item.email for block in one.blocks if isinstance(block, Contacts) for item in block.items]
                assert "severa.invoicing@visma.com" in people


def test_every_topic_says_which_tables_it_reads() -> None:
    assert {key.split()[0] for key in READINGS} == set(RULES)


def test_every_common_statement_comes_to_light(account: Account) -> None:
    one_each = [
        without(account, table, on=date(2026, 1, 1)) for table in TABLES if table not in ("customers", "contacts")
    ]
    one_each += [replace(one, customer=replace(account.customer, country="FI")) for one in one_each]
    one_each.append(replace(account, users=account.users[:8] * 2))
    one_each.append(replace(account, licence_changes=(replace(account.licence_changes[0], licences=11),)))
    found = [explain(topic, one, ON, old_after_days=7) for one in one_each for topic in RULES]
    assert {name for one in found if one for name in said(one)} >= set(COMMON) - YES_OR_NO
