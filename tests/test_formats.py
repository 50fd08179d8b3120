"""Figures as people of each language write them, and as machines read them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from saldo.answers.formats import fill, plain, plain_formula, write, write_formula
from saldo.answers.provenance import unaccounted
from saldo.billing.explanation import Fact, Formula, Source, Value
from saldo.billing.model import Money
from saldo.billing.period import BillingPeriod
from saldo.faq.texts import placeholders, stray_braces

HALF_YEAR = BillingPeriod(date(2026, 7, 1), date(2027, 1, 1))
JULY = BillingPeriod(date(2026, 7, 1), date(2026, 8, 1))


def visible(text: str) -> str:
    """The text with ordinary spaces for the narrow and unbreakable ones that CLDR asks for."""
    return text.replace("\xa0", " ").replace("\u2009", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("value", "dutch", "finnish"),
    [
        (Money(125000), "€ 1.250,00", "1 250,00 €"),
        (Money(5), "€ 0,05", "0,05 €"),
        (60, "60", "60"),
        (12000, "12.000", "12 000"),
        (Decimal("4.5"), "4,5", "4,5"),
        (Decimal("6.00"), "6", "6"),
        (date(2026, 7, 1), "1 juli 2026", "1.7.2026"),
        (HALF_YEAR, "1 jul – 31 dec 2026", "1.7.–31.12.2026"),
        (JULY, "1–31 jul 2026", "1.–31.7.2026"),
        ("2026-0142", "2026-0142", "2026-0142"),
    ],
)
def test_each_kind_of_value_is_written_as_its_readers_write_it(value: Value, dutch: str, finnish: str) -> None:
    assert visible(write(value, "nl")) == dutch
    assert visible(write(value, "fi")) == finnish


@pytest.mark.parametrize("language", ["nl", "fi"])
def test_an_amount_never_breaks_over_two_lines(language: str) -> None:
    assert " " not in write(Money(123456789), language)


def test_a_negative_amount_has_its_sign() -> None:
    assert visible(write(Money(-2050), "nl")) == "€ -20,50"
    assert visible(write(Money(-2050), "fi"))[1:] == "20,50 €"
    assert write(Money(-2050), "fi")[0] in "-−"


@pytest.mark.parametrize(
    ("count", "dutch", "finnish"),
    [(0, "0 licenties", "0 lisenssiä"), (1, "1 licentie", "1 lisenssi"), (2, "2 licenties", "2 lisenssiä")],
)
def test_a_counted_noun_takes_the_form_that_its_number_asks_for(count: int, dutch: str, finnish: str) -> None:
    assert fill("{n|licentie|licenties}", {"n": count}, "nl") == dutch
    assert fill("{n|lisenssi|lisenssiä}", {"n": count}, "fi") == finnish


@pytest.mark.parametrize(("months", "written"), [("1.00", "1 maand"), ("1.5", "1,5 maanden"), ("6.00", "6 maanden")])
def test_a_fraction_is_counted_too(months: str, written: str) -> None:
    assert fill("{months|maand|maanden}", {"months": Decimal(months)}, "nl") == written


def test_what_a_customer_typed_is_never_a_placeholder() -> None:
    assert fill("‘{question}’", {"question": "{name} {0} {n|a|b}"}, "nl") == "‘{name} {0} {n|a|b}’"


def test_a_wording_without_its_value_is_a_fault() -> None:
    with pytest.raises(KeyError, match="free"):
        fill("{free|licentie|licenties}", {}, "nl")


def test_placeholders_are_named_with_and_without_noun() -> None:
    assert placeholders("{a} en {b|licentie|licenties}, {a}") == {"a", "b"}


@pytest.mark.parametrize("slip", ["{name", "name}", "{na me}", "{n|one}", "{n|a|b|c}", "{{name}}", "{}"])
def test_a_slip_of_the_pen_leaves_a_brace_behind(slip: str) -> None:
    assert stray_braces(f"Er zijn {slip} licenties.")


@pytest.mark.parametrize("wording", ["", "Er zijn licenties.", "{n}", "{n|licentie|licenties} en {m}"])
def test_a_sound_wording_has_no_other_brace(wording: str) -> None:
    assert not stray_braces(wording)


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (60, 60),
        (Decimal("60.00"), 60),
        (Decimal("3.52"), 3.52),
        (Money(125000), "1250.00 EUR"),
        (Money(-5), "-0.05 EUR"),
        (date(2026, 7, 1), "2026-07-01"),
        (HALF_YEAR, "2026-07-01/2027-01-01"),
        ("Pro", "Pro"),
    ],
)
def test_machines_read_plain_values(value: Value, read: int | float | str) -> None:
    assert plain(value) == read
    assert type(plain(value)) is type(read)


def test_a_formula_shows_its_inputs() -> None:
    formula = Formula("{paid} − {total}", {"paid": Money(500000), "total": Money(250000)})
    assert visible(write_formula(formula, "nl")) == "€ 5.000,00 − € 2.500,00"
    assert plain_formula(formula) == "5000.00 EUR − 2500.00 EUR"


def test_a_value_that_was_read_as_it_stands_has_no_formula() -> None:
    assert plain_formula(None) is None


@pytest.mark.parametrize(
    ("first", "last", "dutch", "finnish"),
    [
        (date(2026, 11, 26), date(2026, 11, 30), "van 26 tot en met 30 november 2026", "26.–30.11.2026"),
        (date(2026, 10, 26), date(2026, 11, 30), "van 26 oktober tot en met 30 november 2026", "26.10.–30.11.2026"),
        (
            date(2026, 12, 26),
            date(2027, 1, 31),
            "van 26 december 2026 tot en met 31 januari 2027",
            "26.12.2026–31.1.2027",
        ),
        (
            date(2026, 11, 30),
            date(2026, 11, 30),
            "van 30 november 2026 tot en met 30 november 2026",
            "30.11.2026–30.11.2026",
        ),
    ],
)
def test_a_span_of_days_names_the_month_and_year_they_share_once(
    first: date, last: date, dutch: str, finnish: str
) -> None:
    days: dict[str, Value] = {"since": first, "until": last}
    written = {
        "nl": fill("van {since} tot en met {until}", days, "nl"),
        "fi": fill("{since}–{until}", days, "fi"),
    }
    assert written == {"nl": dutch, "fi": finnish}
    accounted = [Fact(name, day, Source("today")) for name, day in days.items()]
    for text in written.values():
        assert unaccounted({"text": text}, accounted) == []
        assert unaccounted({"text": text}, accounted[:1]) or first == last


@pytest.mark.parametrize(
    ("amount", "said"),
    [(Money(103500), "1\xa0035,00 euron palautus"), (Money(103500, "SEK"), "1\xa0035,00\xa0SEK palautus")],
)
def test_a_sum_of_euros_may_stand_in_a_case_that_a_sign_cannot_show(amount: Money, said: str) -> None:
    assert fill("{amount|euron|euron} palautus", {"amount": amount}, "fi") == said
