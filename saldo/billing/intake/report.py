"""What an import found and did, in numbers and with a few examples of each kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from saldo.billing.intake.compare import Comparison, Row
from saldo.billing.intake.csv_format import File

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
        return {"source": self.source, "written": self.written, "removed": self.removed, "tables": tables}


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
