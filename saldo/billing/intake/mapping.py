"""The mapping file: which column of a source is which of ours, per table. `docs/import.md` describes it."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Optional, Union

from pydantic import BaseModel, Extra, root_validator, validator

from saldo.billing.intake.csv_format import FILES
from saldo.billing.intake.fields import Field, Style, reader_of
from saldo.billing.intake.source import TABLES
from saldo.yaml_files import read_yaml

SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", ",": ",", ";": ";", "|": "|"}


@dataclass(frozen=True)
class MappedTable:
    """One table at the source: a CSV file's name, a table's, or a query; and the field behind each column of ours."""

    origin: str
    fields: Mapping[str, Field]
    query: str | None = None


@dataclass(frozen=True)
class SourceMapping:
    """How to read a source."""

    tables: Mapping[str, MappedTable]
    style: Style = Style()  # noqa: RUF009  # frozen
    encoding: str = "utf-8"
    separator: str | None = None
    """None: comma or semicolon, whichever the first row has more of."""
    url_from: str = ""
    """The environment variable that holds a database's URL; empty: CSV files."""


OWN_FILES = SourceMapping(
    {file.table: MappedTable(file.name, {column.name: Field(column.name) for column in file.columns}) for file in FILES}
)
"""Our own CSV files, as `csv_format` describes them."""


def read_mapping(path: Path) -> SourceMapping:
    """The mapping in a file; raises FaultyFiles with every mistake in it, each with its line."""
    return read_yaml(path.absolute(), MappingShape).mapping()


class Shape(BaseModel):
    """A part of the mapping file: an unknown key is a mistake."""

    class Config:
        extra = Extra.forbid
        anystr_strip_whitespace = True
        min_anystr_length = 1


class FieldShape(Shape):
    """A column that needs more than a name."""

    column: Optional[str] = None
    value: Optional[str] = None
    values: dict[str, str] = {}
    last_day: bool = False
    cents: bool = False

    @root_validator(skip_on_failure=True)
    def _one_origin(cls, values: dict[str, Any]) -> dict[str, Any]:
        if (values["column"] is None) == (values["value"] is None):
            raise ValueError("give either `column`, its name at the source, or `value`, the same for every row")
        return values

    def field(self) -> Field:
        return Field(self.column or "", self.value, self.values, self.last_day, self.cents)


class TableShape(Shape):
    """One table: where it is, and its columns."""

    file: Optional[str] = None
    table: Optional[str] = None
    query: Optional[str] = None
    columns: dict[str, Union[FieldShape, str]]

    @root_validator(skip_on_failure=True)
    def _one_place(cls, values: dict[str, Any]) -> dict[str, Any]:
        if sum(values[name] is not None for name in ("file", "table", "query")) != 1:
            raise ValueError("give one of `file` (CSV), `table` or `query` (database)")
        return values

    def mapped(self, name: str) -> MappedTable:
        fields = {ours: Field(one) if isinstance(one, str) else one.field() for ours, one in self.columns.items()}
        return MappedTable(self.file or self.table or f"query for {name}", fields, self.query)


class MappingShape(Shape):
    """The whole file."""

    source: Literal["csv", "database"]
    url_from: Optional[str] = None
    encoding: str = "utf-8"
    separator: Optional[str] = None
    decimal: Optional[Literal[".", ","]] = None
    language: Optional[Literal["nl", "fi"]] = None
    yes: list[str] = ["yes"]
    no: list[str] = ["no"]
    tables: dict[str, TableShape]

    @validator("encoding")
    def _known(cls, value: str) -> str:
        try:
            return codecs.lookup(value).name
        except LookupError:
            raise ValueError(f"{value!r} is no encoding; such as utf-8, windows-1252 or iso-8859-15") from None

    @validator("separator")
    def _separates(cls, value: Optional[str]) -> Optional[str]:
        if value is not None and value not in SEPARATORS:
            raise ValueError(f"{value!r} is not one of {', '.join(SEPARATORS)}")
        return value

    @validator("tables")
    def _whole(cls, value: dict[str, TableShape]) -> dict[str, TableShape]:
        mistakes = [mistake for name, table in value.items() for mistake in _mistakes(name, table, value)]
        if mistakes or not value:
            raise ValueError("; ".join(mistakes) or f"name at least one of {', '.join(TABLES)}")
        return value

    @root_validator(skip_on_failure=True)
    def _fits_its_kind(cls, values: dict[str, Any]) -> dict[str, Any]:
        database = values["source"] == "database"
        if database != bool(values["url_from"]):
            raise ValueError("a database, and nothing else, has `url_from`: the environment variable with its URL")
        odd = [name for name, table in values["tables"].items() if (table.file is None) != database]
        if odd:
            raise ValueError(f"{', '.join(odd)}: a CSV source has `file`, a database `table` or `query`")
        return values

    def mapping(self) -> SourceMapping:
        tables = {name: self.tables[name].mapped(name) for name in TABLES if name in self.tables}
        yes, no = (frozenset(word.casefold() for word in words) for words in (self.yes, self.no))
        style = Style(self.decimal, self.language, yes, no)
        return SourceMapping(tables, style, self.encoding, SEPARATORS.get(self.separator or ""), self.url_from or "")


def _mistakes(name: str, table: TableShape, tables: Mapping[str, TableShape]) -> list[str]:
    """What is wrong with the columns of one table, and with a table whose owner is not there."""
    if name not in TABLES:
        return [f"there is no table {name}; there are {', '.join(TABLES)}"]
    file = TABLES[name]
    columns_by_name = {column.name: column for column in file.columns}
    mistakes = [
        f"{name} has no column {column}; it has {', '.join(columns_by_name)}"
        for column in table.columns
        if column not in columns_by_name
    ]
    mistakes += [
        f"{name} lacks the column {one}"
        for one in columns_by_name
        if one not in table.columns and not columns_by_name[one].optional
    ]
    if file.owner and file.owner.removesuffix(".csv") not in tables:
        mistakes.append(f"{name} needs {file.owner.removesuffix('.csv')}, to which its rows belong")
    for column, one in table.columns.items():
        if column in columns_by_name and isinstance(one, FieldShape) and one.value is not None:
            try:
                reader_of(columns_by_name[column], Field(), Style())(one.value)
            except ValueError as error:
                mistakes.append(f"{name}.{column}: {error}")
    return mistakes
