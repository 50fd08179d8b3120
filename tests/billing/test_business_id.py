"""A Y-tunnus checks itself; a KvK number is eight digits."""

from __future__ import annotations

import pytest

from saldo.billing.business_id import is_business_id, is_kvk, is_y_tunnus, y_tunnus


@pytest.mark.parametrize("text", ["0112038-9", "1572860-0", "0737546-2"])
def test_knows_a_y_tunnus(text: str) -> None:
    assert is_y_tunnus(text)


@pytest.mark.parametrize("text", ["0112038-8", "01120389", "112038-9", "0112038-9 ", "FI01120389", "", "０112038-9"])
def test_knows_what_is_no_y_tunnus(text: str) -> None:
    assert not is_y_tunnus(text)


def test_some_digits_have_no_check_digit() -> None:
    without = [number for number in range(1000000, 1000100) if y_tunnus(str(number)) is None]
    assert len(without) in range(5, 14)  # about one in eleven


def test_a_changed_digit_is_noticed() -> None:
    assert not any(is_y_tunnus(f"0112{digit}38-9") for digit in "123456789")


def test_a_kvk_number_has_eight_digits() -> None:
    assert is_kvk("99001000")
    assert not is_kvk("9900100") and not is_kvk("990010000") and not is_kvk("NL990010")


def test_each_country_has_its_own() -> None:
    assert is_business_id("NL", "99001000") and not is_business_id("NL", "0112038-9")
    assert is_business_id("FI", "0112038-9") and not is_business_id("FI", "99001000")
