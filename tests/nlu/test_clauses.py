"""Where a message may be cut."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.nlu.clauses import clauses


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("Dat is betaald. Hoe zeg ik op?", ["Dat is betaald.", "Hoe zeg ik op?"]),
        ("Niet opzeggen, wel minder licenties", ["Niet opzeggen", "wel minder licenties"]),
        ("Twee vragen:\n- kopie factuur\n- pakket wijzigen", ["Twee vragen", "kopie factuur", "pakket wijzigen"]),
        ("Zie fact. nr. 12 van 3 jan. a.s.", ["Zie fact. nr. 12 van 3 jan.", "a.s."]),
        ("Lasku 12.3. on maksettu", ["Lasku 12.3. on maksettu"]),
        ("alles is betaald en hoe zeg ik op", ["alles is betaald", "en hoe zeg ik op"]),
        ("… !", []),
        ("", []),
    ],
)
def test_cuts(text: str, pieces: list[str]) -> None:
    assert [one.text for one in clauses(text, frozenset({"en"}))] == pieces


def test_a_question_mark_is_seen_behind_its_clause() -> None:
    assert [one.asks for one in clauses("Dat klopt. En waarom?")] == [False, True]


@given(st.text(alphabet="ab .,?!\n-1)(", max_size=80))
def test_a_clause_stands_where_it_says(text: str) -> None:
    found = clauses(text, frozenset({"a"}))
    assert all(text[one.start : one.end] == one.text and one.text.strip() == one.text for one in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
