"""What a source of billing records is: tables of rows, read in a stream and never written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from saldo.billing.intake.csv_format import FILES, File
from saldo.errors import MOST_FAULTS, Fault, FaultyFiles

TABLES: Mapping[str, File] = {file.table: file for file in FILES}
"""The tables that a source may have, owners before what they own."""


@dataclass(frozen=True)
class Incoming:
    """One row as a source gives it."""

    place: int
    """Where it stands, for people: the line of a file, or the row of a query from 1."""
    values: Mapping[str, Any]
    """By our column: text, int, Decimal, date, bool or Money, as `store.records.columns` says; None: empty."""
    mistakes: Mapping[str, str] = field(default_factory=dict)
    """By our column what is wrong with a value that could not be read, and what would be right.

    Empty: nothing but what it is reckoned from, which is told there.
    """
    left_out: bool = False
    """It does not count, and neither does what belongs to it; only its key and its owner matter."""


class RecordSource(Protocol):
    """An adapter for billing records that live elsewhere. It can be read and nothing more: no method writes.

    Raises SaldoError if it cannot be reached; whatever is wrong with its rows goes to `faults`.
    """

    name: str
    """For people: a folder, or a server and database. No user, no password."""

    tables: Mapping[str, str]
    """What it has: of our tables' names (`TABLES`), how people know each at the source, such as a file's path."""

    def column(self, table: str, column: str) -> str:
        """What a column of ours is called at the source; for messages."""

    def size(self, table: str) -> int | None:
        """About how many rows a table has, for the progress bar; None if that is not known."""

    def rows(self, table: str, faults: Faults) -> Iterator[Incoming]:
        """The rows of one table, read as they are asked for: there may be millions."""

    def close(self) -> None:
        """Lets go of what it holds open, if anything."""


class Faults:
    """The mistakes found so far, over all tables."""

    def __init__(self, source: RecordSource) -> None:
        self._source = source
        self.located: list[tuple[str, Fault]] = []
        """Those that are kept, each with the name of its table."""
        self.count = 0
        self.hidden: set[str] = set()
        """Tables of which some rows are unknown, so that nothing can be said to be missing there."""

    def add(self, table: str, place: int, text: str, column: str = "") -> None:
        """A mistake in a row, at one of our columns."""
        self.count += 1
        if len(self.located) < MOST_FAULTS:
            name = self._source.column(table, column) if column else ""
            self.located.append((table, Fault(self._source.tables[table], place, text, name)))

    def hides(self, table: str, place: int, text: str, column: str = "") -> None:
        """A mistake for which rows are not seen."""
        self.hidden.add(table)
        self.add(table, place, text, column)

    def stop(self) -> None:
        """Raises FaultyFiles with all of them, if there are any."""
        if self.count:
            raise FaultyFiles([fault for _, fault in self.located], self.count - len(self.located))
