"""Reads what another program sent as JSON, with suspicion: a field is there in the right shape, or it is empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

LARGEST_NUMBER = 2**53


def at(data: Any, *path: str) -> Any:
    """What stands at the end of a path of names; None if there is nothing."""
    for name in path:
        data = data.get(name) if isinstance(data, Mapping) else None
    return data


def text_at(data: Any, *path: str) -> str:
    """The text there, several joined with commas; empty if there is none."""
    found = at(data, *path)
    if isinstance(found, list):
        return ", ".join(each for each in found if isinstance(each, str))
    return found if isinstance(found, str) else ""


def number_at(data: Any, *path: str) -> int | None:
    """The whole number there, zero or more, also if it is written as text; None if there is none."""
    found = at(data, *path)
    if isinstance(found, str) and found.isascii() and found.isdecimal() and len(found) < 17:
        found = int(found)
    is_number = isinstance(found, int) and not isinstance(found, bool) and 0 <= found < LARGEST_NUMBER
    return found if is_number else None


def list_at(data: Any, *path: str) -> list[Any]:
    """The list there; empty if there is none."""
    found = at(data, *path)
    return found if isinstance(found, list) else []
