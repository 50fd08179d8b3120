"""The mapping file: which column of a source is which of ours, per table. `docs/import.md` describes it."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal, Optional, Union
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Extra, root_validator, validator
from pydantic import Field as Key

from saldo.billing.intake.csv_format import FILES
from saldo.billing.intake.fields import Field, Style, reader_of
from saldo.billing.intake.source import TABLES
from saldo.billing.model import Money
from saldo.yaml_files import read_yaml

SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", ",": ",", ";": ";", "|": "|"}


@dataclass(frozen=True)
class MappedTable:
    """One table at the source: a CSV file's name, a table's, or a query; and the field behind each column of ours."""

    origin: str
    fields: Mapping[str, Field]
    query: str | None = None
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Only rows that have one of these words in each of these columns of the source count."""
    skip: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Rows that have one of these words in any of these columns of the source do not count."""
    repeats: bool = False
    """Whether the same row may come again and again, as an invoice does in a list of lines: it counts once."""

    @property
    def wanted(self) -> Mapping[str, str]:
        """The columns of the source that are needed, and for messages what each is needed for."""
        found: dict[str, str] = {}
        for ours, one in self.fields.items():
            found.update({name: ours for name in (one.column, one.otherwise) if name and name not in found})
        for name in (*self.where, *self.skip):
            found.setdefault(name, "")
        return found

    def is_named(self, ours: str, column: str) -> bool:
        """Whether a column of the source is what messages call that column of ours."""
        return bool(ours) and self.fields[ours].column == column


@dataclass(frozen=True)
class SourceMapping:
    """How to read a source."""

    tables: Mapping[str, MappedTable]
    style: Style = Style()  # noqa: RUF009  # frozen
    encoding: str = "utf-8"
    separator: str | None = None
    """None: comma, semicolon or tab, whichever the first row has most of."""
    url_from: str = ""
    """The environment variable that holds a database's URL; empty: CSV files."""


OWN_FILES = SourceMapping(
    {file.table: MappedTable(file.name, {column.name: Field(column.name) for column in file.columns}) for file in FILES}
)
"""Our own CSV files, as `csv_format` describes them."""


def read_mapping(path: Path) -> SourceMapping:
    """The mapping in a file; raises FaultyFiles with every mistake in it, each with its line."""
    return read_yaml(path.absolute(), MappingShape).mapping()


OF_A_COLUMN = ("values", "last_day", "cents", "negated", "zone", "divided_by", "times")


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
    negated: bool = False
    zone: Optional[str] = None
    otherwise: Optional[str] = Key(None, alias="or")
    divided_by: Optional[str] = None
    times: Optional[str] = None
    of_period: bool = False

    _zone = validator("zone", allow_reuse=True)(lambda value: _known_zone(value))

    @root_validator(skip_on_failure=True)
    def _one_origin(cls, values: dict[str, Any]) -> dict[str, Any]:
        if [values["column"] is not None, values["value"] is not None, values["of_period"]].count(True) != 1:
            raise ValueError(
                "give either `column`, its name at the source, or `value`, the same for every row, or `of_period: true`"
            )
        if values["column"] is None and any(values[name] for name in OF_A_COLUMN):
            raise ValueError(f"only a `column` can have {', '.join(f'`{name}`' for name in OF_A_COLUMN)}")
        if values["divided_by"] and values["times"]:
            raise ValueError("give either `divided_by` or `times`")
        return values

    def field(self) -> Field:
        return Field(
            column=self.column or "",
            otherwise=self.otherwise or "",
            value=self.value,
            values=self.values,
            last_day=self.last_day,
            cents=self.cents,
            negated=self.negated,
            zone=self.zone or "",
            divided_by=self.divided_by or "",
            times=self.times or "",
            of_period=self.of_period,
        )


class TableShape(Shape):
    """One table: where it is, and its columns."""

    file: Optional[str] = None
    table: Optional[str] = None
    query: Optional[str] = None
    where: dict[str, Any] = {}
    skip: dict[str, Any] = {}
    repeats: bool = False
    columns: dict[str, Union[FieldShape, str]]

    @validator("where", "skip")
    def _are_words(cls, value: dict[str, Any]) -> dict[str, tuple[str, ...]]:
        listed = {name: words if isinstance(words, list) else [words] for name, words in value.items()}
        if not all(words and all(isinstance(one, str) for one in words) for words in listed.values()):
            raise ValueError("give per column of the source a word or a list of words")
        return {name: tuple(words) for name, words in listed.items()}

    @root_validator(skip_on_failure=True)
    def _one_place(cls, values: dict[str, Any]) -> dict[str, Any]:
        if sum(values[name] is not None for name in ("file", "table", "query")) != 1:
            raise ValueError("give one of `file` (CSV), `table` or `query` (database)")
        return values

    def mapped(self, name: str) -> MappedTable:
        fields = {ours: Field(one) if isinstance(one, str) else one.field() for ours, one in self.columns.items()}
        place = self.file or self.table or f"query for {name}"
        return MappedTable(place, fields, self.query, self.where, self.skip, self.repeats)


class MappingShape(Shape):
    """The whole file."""

    source: Literal["csv", "database"]
    url_from: Optional[str] = None
    encoding: str = "utf-8"
    separator: Optional[str] = None
    decimal: Optional[Literal[".", ","]] = None
    language: Optional[Literal["nl", "fi", "en"]] = None
    timezone: str = Style.zone
    yes: list[str] = ["yes"]
    no: list[str] = ["no"]
    tables: dict[str, TableShape]

    @validator("encoding")
    def _known(cls, value: str) -> str:
        try:
            return codecs.lookup(value).name
        except LookupError:
            raise ValueError(f"{value!r} is no encoding; such as utf-8, windows-1252 or iso-8859-15") from None

    _zone = validator("timezone", allow_reuse=True)(lambda value: _known_zone(value))

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
        style = Style(self.decimal, self.language, yes, no, self.timezone)
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
    return mistakes + _misreckoned(name, table)


def _misreckoned(name: str, table: TableShape) -> list[str]:
    """What is wrong with the columns that are reckoned from others."""
    kinds = {column.name: column.kind for column in TABLES[name].columns}
    shapes = {column: one for column, one in table.columns.items() if isinstance(one, FieldShape) and column in kinds}
    mistakes = []
    needs: dict[str, set[str]] = {}
    for column, one in shapes.items():
        factor = one.divided_by or one.times or ""
        if one.of_period and (column != "months" or "period_start" not in kinds):
            mistakes.append(f"{name}.{column}: only the months of a subscription or an invoice line are of a period")
        if one.negated and kinds[column] not in (int, Decimal, Money):
            mistakes.append(f"{name}.{column}: is no number; it cannot be negated")
        if not factor or factor.isdigit():
            continue
        if kinds[column] not in (int, Decimal, Money) or kinds.get(factor) not in (int, Decimal):
            mistakes.append(f"{name}.{column}: {factor} is neither a whole number nor a column of {name} with numbers")
        needs[column] = {factor}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        mistakes.append(f"{name}: {' and '.join(dict.fromkeys(error.args[1]))} are reckoned from each other")
    return mistakes


def _known_zone(value: Optional[str]) -> Optional[str]:
    try:
        return value and ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{value!r} is no time zone; such as Europe/Amsterdam, Europe/Helsinki or UTC") from None
