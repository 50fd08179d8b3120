"""Which rows are new, which have changed, which are gone: two lists of rows compared. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from saldo.billing.intake.csv_format import CONTACTS, LICENCE_CHANGES, REFUNDS, REMINDERS, USERS, File

Row = tuple[Any, ...]
Likeness = tuple[int, ...]

ALIKE: dict[str, tuple[str, ...]] = {
    USERS.table: ("name",),
    LICENCE_CHANGES.table: ("effective_on",),
    REMINDERS.table: ("sent_on",),
    REFUNDS.table: ("paid_on",),
}
"""What two rows without a number of their own most likely have in common, if one is the other's newer version."""


@dataclass(frozen=True)
class Comparison:
    """How the rows of one table differ; rows of the database carry their place at the end."""

    added: list[Row]
    changed: list[tuple[Row, Row]]
    """As it was, as it is now."""
    unchanged: int
    missing: list[Row]


def compare(old: Sequence[Row], new: Sequence[Row], likenesses: Sequence[Likeness]) -> Comparison:
    """Pairs each new row with an old one that is like it, by the first likeness that finds one.

    An old row may be longer than a new one: what follows, its place in the database, is not compared.
    """
    left_old: Iterable[Row] = old
    left_new: Iterable[Row] = new
    changed: list[tuple[Row, Row]] = []
    unchanged = 0
    for likeness in likenesses:
        pairs, left_old, left_new = _pair(left_old, left_new, likeness)
        different = [(before, after) for before, after in pairs if before[: len(after)] != after]
        unchanged += len(pairs) - len(different)
        changed += different
    return Comparison(list(left_new), changed, unchanged, list(left_old))


def likenesses_of(file: File, names: Sequence[str]) -> list[Likeness]:
    """How two rows of a table are known to be the same record; `names` are the columns in a row's order.

    By its number, where it has one. Else by all of it, then by what it most likely kept, then by its owner alone: so a
    date that was corrected is one change, not one row too many and one too few.
    """
    places = {name: place for place, name in enumerate(names)}
    if file.key and file is not CONTACTS:
        return [tuple(places[name] for name in file.key)]
    key = file.key or (file.belongs, *ALIKE[file.table])
    return [tuple(places.values()), tuple(places[name] for name in key), (places[file.belongs],)]


def _pair(
    old: Iterable[Row], new: Iterable[Row], likeness: Likeness
) -> tuple[list[tuple[Row, Row]], list[Row], list[Row]]:
    """Pairs in order of the new rows, and what is left of the old and of the new."""
    waiting: dict[Row, deque[Row]] = defaultdict(deque)
    for row in old:
        waiting[tuple(row[place] for place in likeness)].append(row)
    pairs, alone = [], []
    for row in new:
        same = waiting.get(tuple(row[place] for place in likeness))
        if same:
            pairs.append((same.popleft(), row))
        else:
            alone.append(row)
    return pairs, [row for rows in waiting.values() for row in rows], alone
