"""CSV files as a source: our own, or others by a mapping; read row by row, mistakes noted with line and column."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from saldo.billing.intake.fields import Field, Style, reader_of
from saldo.billing.intake.mapping import OWN_FILES, SourceMapping
from saldo.billing.intake.source import TABLES, Faults, Incoming
from saldo.errors import UnusableFile

CHUNK = 1 << 20
Line = tuple[int, list[str]]


class CsvSource:
    """The CSV files of a folder. UnusableFile if there is no such folder."""

    def __init__(self, folder: Path, mapping: SourceMapping = OWN_FILES) -> None:
        if not folder.is_dir():
            raise UnusableFile(folder, "is not a folder; give the one with customers.csv and the other files.")
        self.name = str(folder)
        self.tables: Mapping[str, str] = {name: str(folder / table.origin) for name, table in mapping.tables.items()}
        self._mapping = mapping
        self._encoding = "utf-8-sig" if mapping.encoding == "utf-8" else mapping.encoding

    def column(self, table: str, column: str) -> str:
        field = self._mapping.tables[table].fields.get(column)
        return field.column if field and field.column else column

    def size(self, table: str) -> int | None:
        """Its lines, less the header's."""
        try:
            with Path(self.tables[table]).open("rb") as file:
                return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(CHUNK), b"")) - 1
        except OSError:
            return None

    def rows(self, table: str, faults: Faults) -> Iterator[Incoming]:
        path = Path(self.tables[table])
        try:
            with path.open(encoding=self._encoding, newline="") as file:
                yield from self._rows(table, file, faults)
        except OSError as error:
            text = f"cannot be read ({error.strerror}); every import needs this file, if only its first row"
            faults.hides(table, 0, text)
        except UnicodeError:
            text = f"is not {self._encoding_for_people()}; save the file as CSV in {self._encoding_for_people()}"
            faults.hides(table, _undecodable(path, self._encoding), text)

    def close(self) -> None:
        """Nothing stays open."""

    def _rows(self, table: str, file: TextIO, faults: Faults) -> Iterator[Incoming]:
        lines = self._lines(table, file, faults)
        _, header = next(lines, (1, []))
        cells = self._cells(table, header, faults)
        if table in faults.hidden:
            return
        for line, row in lines:
            if len(row) != len(header):
                faults.hides(table, line, f"has {len(row)} cells, the first row {len(header)}")
            else:
                yield _incoming(line, row, cells)

    def _lines(self, table: str, file: TextIO, faults: Faults) -> Iterator[Line]:
        """Rows with the line they begin on; blank ones are passed over."""
        first = file.readline()
        file.seek(0)
        delimiter = self._mapping.separator or (";" if first.count(";") > first.count(",") else ",")
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield line, [cell.strip() for cell in row]
                line = reader.line_num + 1
        except csv.Error as error:
            faults.hides(table, line, self._not_csv(str(error)))

    def _not_csv(self, problem: str) -> str:
        if "NUL" in problem:
            return f"holds a NUL byte; save the file as CSV in {self._encoding_for_people()}"
        return f"is not CSV ({problem}); check the quotation marks"

    def _cells(self, table: str, header: list[str], faults: Faults) -> Sequence[Cell]:
        """How each column of ours is read from a row; mistakes in the header are noted."""
        cells = []
        for column in TABLES[table].columns:
            field = self._mapping.tables[table].fields.get(column.name, Field(value=""))
            read = reader_of(column, field, self._mapping.style if field.column else Style())
            if field.column and header.count(field.column) != 1:
                what = "column is missing" if field.column not in header else "column comes more than once"
                faults.hides(table, 1, what, column.name)
                continue
            cells.append(Cell(column.name, header.index(field.column) if field.column else None, field.value, read))
        return cells

    def _encoding_for_people(self) -> str:
        return self._mapping.encoding.upper()


@dataclass(frozen=True)
class Cell:
    """One column of ours: the place of its cell in a row, or the text that every row has."""

    name: str
    place: int | None
    value: str | None
    read: Callable[[Any], Any]


def _incoming(line: int, row: list[str], cells: Sequence[Cell]) -> Incoming:
    values: dict[str, Any] = {}
    mistakes: dict[str, str] = {}
    for cell in cells:
        try:
            values[cell.name] = cell.read(cell.value if cell.place is None else row[cell.place])
        except ValueError as error:
            mistakes[cell.name] = str(error)
    return Incoming(line, values, mistakes)


def _undecodable(path: Path, encoding: str) -> int:
    """The line of the first byte that is not of this encoding; 0 if it cannot be told."""
    decoder, line = codecs.getincrementaldecoder(encoding)(), 1
    with path.open("rb") as file:
        for raw in iter(lambda: file.readline(CHUNK), b""):
            try:
                line += decoder.decode(raw).count("\n")
            except UnicodeError:
                return line
    return 0
