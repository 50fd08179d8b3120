"""A day or a month as it is said, with parts left out."""

from __future__ import annotations

from datetime import date

import pytest

from saldo.billing.period import BillingPeriod
from saldo.billing.rules.invoice_reference import PartialDate

PERIOD = BillingPeriod(date(2026, 11, 15), date(2027, 2, 15))


@pytest.mark.parametrize("text", ["", "2026", "maart", "2026-3", "2026-03-01x"])
def test_other_text_is_no_date(text: str) -> None:
    assert PartialDate.read(text) is None


@pytest.mark.parametrize(
    ("text", "fits"), [("2026-03-01", True), ("--03-01", True), ("2026-03", True), ("--03", True), ("2025-03", False)]
)
def test_fits_a_day(text: str, fits: bool) -> None:
    said = PartialDate.read(text)
    assert said is not None and said.fits(date(2026, 3, 1)) is fits


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("--12", date(2026, 12, 1)),
        ("--11", date(2026, 11, 15)),
        ("--02", date(2027, 2, 1)),
        ("2026-02", None),
        ("2027-02-14", date(2027, 2, 14)),
        ("2027-02-15", None),
        ("--02-29", None),
    ],
)
def test_the_first_day_of_a_period_that_fits(text: str, first: date | None) -> None:
    said = PartialDate.read(text)
    assert said is not None and said.lies_in(PERIOD) == first
