"""Business ids: KvK numbers in the Netherlands, Y-tunnus in Finland."""

from __future__ import annotations

import re

WEIGHTS = (7, 9, 10, 5, 8, 4, 2)
"""Of the seven digits of a Y-tunnus, as the Finnish tax administration publishes them."""


def is_business_id(country: str, text: str) -> bool:
    """Whether a business of that country could have this id; other countries are not judged."""
    return {"NL": is_kvk, "FI": is_y_tunnus}.get(country, bool)(text)


def is_kvk(text: str) -> bool:
    """Eight digits; a KvK number has no check digit."""
    return re.fullmatch(r"[0-9]{8}", text) is not None


def is_y_tunnus(text: str) -> bool:
    """Seven digits, a hyphen and the digit that checks them, e.g. ``0112038-9``."""
    return re.fullmatch(r"[0-9]{7}-[0-9]", text) is not None and y_tunnus(text[:7]) == text


def y_tunnus(digits: str) -> str | None:
    """The Y-tunnus of seven digits; None if they have no check digit, for such ids are never given out."""
    rest = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, digits, strict=False)) % 11
    return None if rest == 1 else f"{digits}-{(11 - rest) % 11}"
