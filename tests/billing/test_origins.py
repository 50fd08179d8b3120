"""Every fact that was read, and not reckoned, leads back to a record."""

from __future__ import annotations

from datetime import date

from saldo.billing.explain import RULES, explain
from saldo.billing.message_catalogue import SOURCES
from saldo.billing.origins import FINDERS, records_of, row_of
from saldo.billing.samples.accounts import sample_accounts
from saldo.billing.samples.histories import history

ON = date(2026, 11, 22)
WITHOUT_RECORD = {"reckoned", "asked", "today", "import"}


def test_every_source_is_found_or_has_no_record() -> None:
    assert set(FINDERS) | WITHOUT_RECORD == set(SOURCES)


def test_every_fact_has_its_record() -> None:
    for account in [*sample_accounts(ON), *(history(number, ON) for number in range(20))]:
        for topic in RULES:
            explanation = explain(topic, account, ON)
            for fact in explanation.facts if explanation else ():
                if fact.source.name not in WITHOUT_RECORD | {"users"}:  # nobody may be active
                    kind, find = FINDERS[fact.source.name]
                    assert list(find(account, fact.source)) or not getattr(account, kind, True), fact


def test_the_records_are_told_once_with_their_columns() -> None:
    account = sample_accounts(ON)[0]
    explanation = explain("invoice_quantity", account, ON)
    assert explanation is not None
    found = records_of(account, explanation)
    assert [len(records) for records in found.values()] == [1, 1]
    assert row_of(found["invoice_lines"][0])["quantity"] == "60"
