"""Compares two lists of rows, and tells what an import found and did, in numbers and with a few examples. Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from saldo.billing.intake.csv_format import CONTACTS, LICENCE_CHANGES, REFUNDS, REMINDERS, USERS, File
from saldo.billing.intake.set_aside import NOBODY, SetAside
from saldo.errors import Fault

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


MOST_EXAMPLES = 3


@dataclass
class TableReport:
    """How one table of the source differs from the database."""

    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    """In the database, and no longer at the source."""
    examples: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"added": [], "changed": [], "missing": []}
    )

    def count(self, file: File, names: Sequence[str], found: Comparison) -> None:
        """Adds what was found of some of the table's rows."""
        self.rows += len(found.added) + len(found.changed) + found.unchanged
        self.added += len(found.added)
        self.changed += len(found.changed)
        self.unchanged += found.unchanged
        self.missing += len(found.missing)
        self._show("added", [{"record": _name(file, names, row)} for row in found.added[:MOST_EXAMPLES]])
        self._show("missing", [{"record": _name(file, names, row)} for row in found.missing[:MOST_EXAMPLES]])
        changes = [_change(file, names, old, new) for old, new in found.changed[:MOST_EXAMPLES]]
        self._show("changed", changes)

    def _show(self, kind: str, more: list[dict[str, Any]]) -> None:
        self.examples[kind] = (self.examples[kind] + more)[:MOST_EXAMPLES]


@dataclass(frozen=True)
class Report:
    """A whole import. Not `written`: a dry run, nothing was changed."""

    source: str
    tables: Mapping[str, TableReport]
    written: bool
    removed: bool
    """Whether what is missing at the source was removed."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Rows per table that do not count, as the mapping says; tables without any are not named."""
    set_aside: SetAside = NOBODY
    warnings: tuple[Fault, ...] = ()
    """What contradicts at the source, and was imported all the same."""
    more_warnings: int = 0
    """So many besides were only counted."""

    @property
    def customers(self) -> int:
        return self.tables["customers"].rows if "customers" in self.tables else 0

    @property
    def missing(self) -> int:
        return sum(table.missing for table in self.tables.values())

    @property
    def is_first(self) -> bool:
        """Whether the database held nothing of these tables before."""
        return not any(table.changed or table.unchanged or table.missing for table in self.tables.values())

    def as_json(self) -> dict[str, Any]:
        tables = {name: vars(table) for name, table in self.tables.items()}
        return {
            "source": self.source,
            "written": self.written,
            "removed": self.removed,
            "tables": tables,
            "left_out": dict(self.left_out),
            "set_aside": self.set_aside.as_json(),
            "warnings": [str(one) for one in self.warnings],
            "more_warnings": self.more_warnings,
        }


def _name(file: File, names: Sequence[str], row: Row) -> str:
    """What tells a record from others: its number, or else all that it holds."""
    wanted = file.key or names
    return " ".join(_text(row[names.index(name)]) for name in wanted)


def _change(file: File, names: Sequence[str], old: Row, new: Row) -> dict[str, Any]:
    differing = [place for place, value in enumerate(new) if old[place] != value]
    before = {names[place]: _text(old[place]) for place in differing}
    after = {names[place]: _text(new[place]) for place in differing}
    return {"record": _name(file, names, old), "from": before, "to": after}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
