"""What is supposed: a day to come, a number to get to, and what is invoiced already."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from saldo.billing.account_state import licences_on
from saldo.billing.explain import explain, explain_to_anyone
from saldo.billing.explanation import InvoiceQuery, NamedChange
from saldo.billing.model import Account, Invoice, InvoiceLine, LicenceChange
from saldo.billing.period import BillingPeriod
from saldo.billing.rules.coverage import LICENCE_TOPICS
from saldo.billing.rules.result import SUBSCRIPTION
from saldo.billing.samples.accounts import sample_accounts

ON = date(2026, 10, 1)
TODAY = date(2026, 11, 26)
NEXT = date(2027, 1, 1)


def said(account: Account, query: InvoiceQuery) -> dict[str, dict[str, object]]:
    explanation = explain("licence_change", account, ON, query)
    return {one.name: dict(one.values) for one in explanation.sentences} if explanation else {}


def test_an_addition_on_a_day_to_come_is_billed_from_that_day(account: Account) -> None:
    told = said(account, InvoiceQuery(licences=3, change="add", date="--11-15"))
    assert told["would_add_on"]["since"] == date(2026, 11, 15)
    assert told["would_add_on"]["until"] == date(2026, 12, 31)
    assert told["would_add_on"]["licences"] == 13


def test_on_the_first_day_of_a_period_it_comes_with_that_period(account: Account) -> None:
    told = said(account, InvoiceQuery(licences=3, change="add", date="--01-01"))
    assert told["would_add_to_period"]["since"] == NEXT
    assert told["would_add_to_period"]["until"] == date(2027, 6, 30)


def test_a_removal_counts_from_the_period_after_the_day(account: Account) -> None:
    assert said(account, InvoiceQuery(licences=1, change="remove", date="--02-10"))["would_remove"][
        "from_date"
    ] == date(2027, 7, 1)


def test_a_number_to_get_to_is_so_many_more_or_fewer(account: Account) -> None:
    assert said(account, InvoiceQuery(target=8))["would_remove"]["removed"] == 2
    assert said(account, InvoiceQuery(target=12))["would_add"]["added"] == 2
    assert said(account, InvoiceQuery(target=10)) == {"as_many": {"licences": 10}}


def test_a_number_to_get_to_is_reckoned_from_what_is_recorded_for_then(account: Account) -> None:
    pending = LicenceChange("S-1", date(2026, 9, 10), NEXT, -2)
    fewer = replace(account, licence_changes=(*account.licence_changes, pending))
    assert said(fewer, InvoiceQuery(target=7))["would_remove"]["removed"] == 1
    already = {"pending_removal": {"removed": 2, "from_date": NEXT, "licences": 8}}
    assert said(fewer, InvoiceQuery(target=8)) == already
    assert said(fewer, InvoiceQuery(target=10)) == {"as_many": {"licences": 10}, **already}
    between = said(fewer, InvoiceQuery(target=9))["would_add_to_period"]
    assert (between["added"], between["since"], between["licences"]) == (1, NEXT, 9)


def test_within_the_last_period_additions_are_billed_to_the_end_and_removals_are_not_offered(account: Account) -> None:
    ending = replace(account, subscriptions=(replace(account.subscriptions[0], cancelled_on=date(2026, 11, 16)),))
    cancelled = {"ends_on": date(2026, 11, 15)}
    added = {"added": 2, "today": ON, "until": date(2026, 11, 15), "licences": 12}
    assert said(ending, InvoiceQuery(licences=2)) == {"would_add": added, "cancelled": cancelled}
    assert said(ending, InvoiceQuery(licences=2, change="add", date="2026-12-01")) == {"cancelled": cancelled}


DAYS = st.one_of(st.none(), st.dates(date(2026, 11, 27), date(2028, 12, 31)).map(date.isoformat))
WAYS = st.sampled_from(["add", "remove"])
SUPPOSED = st.one_of(
    st.builds(InvoiceQuery, licences=st.integers(1, 20), change=WAYS, date=DAYS),
    st.builds(InvoiceQuery, target=st.integers(0, 30), date=DAYS),
    st.builds(
        InvoiceQuery,
        changes=st.lists(st.builds(NamedChange, WAYS, st.integers(1, 9), DAYS), min_size=2, max_size=4).map(tuple),
    ),
)


@given(st.sampled_from(sample_accounts(TODAY)), st.sampled_from(sorted(LICENCE_TOPICS)), SUPPOSED)
def test_what_is_supposed_is_never_drawn_nor_a_record(account: Account, topic: str, query: InvoiceQuery) -> None:
    """No picture has it; and whatever a row of the table says to be of the records is in them without it as well."""
    supposed, plain = (explain(topic, account, TODAY, one) for one in (query, InvoiceQuery()))
    if supposed is None:
        return
    recorded = {licences_on(account, list(account.subscriptions), change.effective_on) for change in
                account.licence_changes}  # fmt: skip
    for fact in supposed.facts:
        if fact.name in ("licences", "licences_then") and fact.source == SUBSCRIPTION:
            assert fact.value in recorded
    if topic == "licence_change":
        assert supposed.timeline is None and supposed.seats is None
    else:
        assert plain is not None and (supposed.seats, supposed.timeline) == (plain.seats, plain.timeline)


def test_once_the_next_period_is_invoiced_changes_count_from_the_one_after(account: Account) -> None:
    """Article: changes are to be made before the billing period changes; it is billed in advance."""
    (first,) = account.invoices
    (line,) = first.lines
    ahead = InvoiceLine(1, 10, line.months, line.quantity, line.unit_price, BillingPeriod(NEXT, date(2027, 7, 1)))
    invoiced = Invoice("2026-0150", "S-1", date(2026, 9, 20), date(2026, 10, 4), first.total, (ahead,))
    both = replace(account, invoices=(first, invoiced))
    assert said(both, InvoiceQuery(licences=1, change="remove"))["would_remove"]["from_date"] == date(2027, 7, 1)
    planned = InvoiceQuery(licences=1, change="remove", date="2026-11-15")
    assert said(both, planned)["would_remove"]["from_date"] == date(2027, 7, 1), "as one of today"
    on_its_first_day = InvoiceQuery(licences=1, change="remove", date="2027-01-01")
    assert said(both, on_its_first_day)["would_remove"]["from_date"] == date(2027, 7, 1)
    within = InvoiceQuery(licences=1, change="remove", date="2027-03-10")
    assert said(both, within)["would_remove"]["from_date"] == date(2027, 7, 1)
    assert said(both, InvoiceQuery(target=9, date="2026-11-15"))["would_remove"]["from_date"] == date(2027, 7, 1)
    several = InvoiceQuery(changes=(NamedChange("remove", 1, "2026-11-15"), NamedChange("add", 2, "2026-11-15")))
    assert said(both, several)["step_removed"]["from_date"] == date(2027, 7, 1)
    package = explain("change_package", both, ON)
    assert package is not None and package.sentences[0].values["from_date"] == date(2027, 7, 1)


def test_so_many_licences_for_so_many_months_need_no_records() -> None:
    explanation = explain_to_anyone("invoice_quantity", InvoiceQuery(licences=12, months=3))
    assert explanation is not None and explanation.sentences[0].values["quantity"] == 36
    assert explain_to_anyone("invoice_quantity", InvoiceQuery(licences=12)) is None
    assert explain_to_anyone("seat_count", InvoiceQuery(licences=12, months=3)) is None
