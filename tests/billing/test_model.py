"""Money adds up to the cent and never mixes currencies."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.billing.model import Contact, Money

cents = st.integers(-(10**12), 10**12)


@given(cents, cents)
def test_money_never_drifts(first: int, second: int) -> None:
    assert Money(first) + Money(second) - Money(second) == Money(first)


def test_refuses_to_mix_currencies() -> None:
    with pytest.raises(ValueError, match="cannot mix EUR and SEK"):
        Money(100) + Money(100, "SEK")


@pytest.mark.parametrize(
    ("price", "quantity", "cents"),
    [(3450, "60", 207000), (4950, "22.56", 111672), (333, "0.5", 167), (-333, "0.5", -167)],
)
def test_a_price_times_a_quantity_rounds_half_up(price: int, quantity: str, cents: int) -> None:
    assert Money(price).times(Decimal(quantity)) == Money(cents)


@pytest.mark.parametrize(("cents", "text"), [(125000, "1250.00 EUR"), (5, "0.05 EUR"), (-1250, "-12.50 EUR")])
def test_money_writes_itself_for_machines(cents: int, text: str) -> None:
    assert str(Money(cents)) == text


def test_a_contact_has_its_address_in_lower_case() -> None:
    assert Contact("NL-1", "Anna", " Anna@Voorbeeld.Example ").email == "anna@voorbeeld.example"
