"""CSV files as a source: our own, or others by a mapping; read row by row, mistakes noted with line and column."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import TextIO

from saldo.billing.intake.mapping import OWN_FILES, SourceMapping
from saldo.billing.intake.rows import RowReader
from saldo.billing.intake.source import TABLES, Faults, Incoming
from saldo.errors import UnusableFile

CHUNK = 1 << 20
LIKELY = (",", ";", "\t")
SEPARATOR = re.compile(r'\s*(?:"sep=(.)"|sep=(.))[\s,;]*', re.IGNORECASE)
"""The line above the header with which Excel is told how the cells are parted."""
Line = tuple[int, list[str]]


class CsvSource:
    """The CSV files of a folder. UnusableFile if there is no such folder."""

    def __init__(self, folder: Path, mapping: SourceMapping = OWN_FILES) -> None:
        if not folder.is_dir():
            raise UnusableFile(folder, "is not a folder; give the one with customers.csv and the other files.")
        self.name = str(folder)
        self.tables: Mapping[str, str] = {
            name: str(folder / table.origin)
            for name, table in mapping.tables.items()
            if mapping is not OWN_FILES or not TABLES[name].optional or (folder / table.origin).exists()
        }
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
        reader = self._reader(table, header, faults)
        if reader is None:
            return
        for line, row in lines:
            if len(row) != len(header):
                faults.hides(table, line, f"has {len(row)} cells, the first row {len(header)}")
            elif incoming := reader.read(line, row):
                yield incoming

    def _lines(self, table: str, file: TextIO, faults: Faults) -> Iterator[Line]:
        """Rows with the line they begin on; blank ones are passed over, and so is Excel's `sep=;` above them."""
        before, first = 0, file.readline()
        if told := SEPARATOR.fullmatch(first):
            before, first = 1, file.readline()
        else:
            file.seek(0)
        likely = max(LIKELY, key=first.count)
        reader = csv.reader(
            chain([first], file) if before else file,
            delimiter=self._mapping.separator or (told and (told[1] or told[2])) or likely,
            strict=True,
        )
        line = 1 + before
        try:
            for row in reader:
                if any(cell.strip() for cell in row):
                    yield line, [cell.strip() for cell in row]
                line = reader.line_num + before + 1
        except csv.Error as error:
            faults.hides(table, line, self._not_csv(str(error)))

    def _not_csv(self, problem: str) -> str:
        if "NUL" in problem:
            return f"holds a NUL byte; save the file as CSV in {self._encoding_for_people()}"
        return f"is not CSV ({problem}); check the quotation marks"

    def _reader(self, table: str, header: list[str], faults: Faults) -> RowReader | None:
        """How the rows under this header are read; None, and the mistakes noted, if they cannot be."""
        mapped = self._mapping.tables[table]
        places: dict[str, int] = {}
        for wanted, ours in mapped.wanted.items():
            found = [place for place, name in enumerate(header) if name == wanted]
            found = found or [place for place, name in enumerate(header) if _folded(name) == _folded(wanted)]
            if len(found) == 1:
                places[wanted] = found[0]
            else:
                what = "comes more than once" if found else "is missing"
                named = mapped.is_named(ours, wanted)
                faults.hides(table, 1, f"column {'' if named else f'{wanted} '}{what}", ours if named else "")
        return RowReader(table, mapped, self._mapping.style, places) if len(places) == len(mapped.wanted) else None

    def _encoding_for_people(self) -> str:
        return self._mapping.encoding.upper()


def _folded(name: str) -> str:
    """A column's name without regard to capitals, spaces and underscores."""
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


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
