"""What is paired with what: a corrected row is one change, and whatever is told adds up."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from saldo.billing.intake.csv_format import FILES, INVOICES, USERS
from saldo.billing.intake.report import Row, compare, likenesses_of
from saldo.billing.intake.staging import target_of

USER_COLUMNS = ["customer", "name", "active"]
ALIKE = likenesses_of(USERS, USER_COLUMNS)
users = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xyz"), st.booleans()), max_size=8)


def old(*rows: Row) -> list[Row]:
    """As they stand in the database: their owner and position at the end."""
    return [(*row, row[0], position) for position, row in enumerate(rows)]


def test_a_user_who_is_no_longer_active_has_changed() -> None:
    found = compare(old(("A", "x", True), ("A", "y", True)), [("A", "y", False)], ALIKE)
    assert found.changed == [(("A", "y", True, "A", 1), ("A", "y", False))]
    assert found.missing == [("A", "x", True, "A", 0)]
    assert not found.added


def test_two_of_the_same_name_are_two() -> None:
    found = compare(old(("A", "x", True)), [("A", "x", True), ("A", "x", True)], ALIKE)
    assert (found.unchanged, found.added) == (1, [("A", "x", True)])


def test_nobody_becomes_another_customers() -> None:
    found = compare(old(("A", "x", True)), [("B", "x", True)], ALIKE)
    assert (len(found.added), len(found.missing), found.changed) == (1, 1, [])


def test_a_record_with_a_number_is_known_by_it_alone() -> None:
    assert likenesses_of(INVOICES, ["number", "subscription", "due_date"]) == [(0,)]


@given(users, users)
def test_the_counts_add_up(before: list[Row], after: list[Row]) -> None:
    found = compare(old(*before), after, ALIKE)
    assert found.unchanged + len(found.changed) + len(found.added) == len(after)
    assert found.unchanged + len(found.changed) + len(found.missing) == len(before)
    assert all(was[0] == now[0] and was[:3] != now for was, now in found.changed)
    assert found.unchanged == sum(min(before.count(row), after.count(row)) for row in set(after))


@given(users)
def test_the_same_rows_in_another_order_are_unchanged(rows: list[Row]) -> None:
    assert compare(old(*rows), list(reversed(rows)), ALIKE).unchanged == len(rows)


def test_every_table_knows_its_rows() -> None:
    for file in FILES:
        names = [column.name for column in target_of(file).columns if column.name != "position"]
        assert all(len(likeness) for likeness in likenesses_of(file, names))
