"""What SECURITY.md says is proven by tests that are there."""

from __future__ import annotations

import re

import pytest

from tests.support import CHECKOUT

PAGE = (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_every_test_that_is_named_exists(file: str, test: str) -> None:
    assert re.search(rf"^def {test}\(", (CHECKOUT / file).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_row_names_a_test_or_says_that_there_is_no_wall() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("|")][2:]
    assert len(rows) > 15
    assert all("::test_" in row or "no wall" in row for row in rows)
