"""Facts say how they were reckoned and where they come from, in words a support agent can follow."""

from __future__ import annotations

import pytest

from saldo.billing.explanation import Formula, Source
from saldo.billing.model import Money


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (Source("invoice_line", {"invoice": "2026-0142", "line": 1}), "invoice 2026-0142, line 1"),
        (Source("invoice", {"invoice": "2026-0142"}), "invoice 2026-0142"),
        (Source("payments", {"invoice": "2026-0142"}), "payments, invoice 2026-0142"),
        (Source("subscription"), "subscription"),
    ],
)
def test_a_source_names_the_record(source: Source, text: str) -> None:
    assert str(source) == text


def test_a_formula_shows_its_inputs() -> None:
    assert str(Formula("{licences} × {months}", {"licences": 10, "months": 6})) == "10 × 6"
    amounts = {"paid": Money(20000), "invoice_total": Money(12550)}
    assert str(Formula("{paid} − {invoice_total}", amounts)) == "200.00 EUR − 125.50 EUR"
