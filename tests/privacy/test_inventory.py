"""The inventory is whole: a new table or file that is in no place of it fails here, and so does one without its row."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData

from saldo.privacy.inventory import STAYS, inventory
from saldo.privacy.stores import open_stores
from saldo.settings import Settings
from tests.privacy.filling import Person, fill
from tests.support import CHECKOUT

ROOMS = ("insight", "mail", "storage", "web", "privacy")
BILLING = "saldo.billing"


@pytest.fixture
def places(tmp_path: Path) -> list[Any]:
    fill(Settings(home=tmp_path), Person("anybody7kq", None, "anybody@x.example"))
    with open_stores(Settings(home=tmp_path)) as stores:
        return [*inventory(stores), *STAYS]


def test_every_table_is_in_a_place(places: list[Any]) -> None:
    """All but those of billing records, which are one place; each is found in the modules that define it."""
    known = {table for place in places for table in place.tables}
    assert {table: where for table, where in tables().items() if table not in known} == {}


def test_every_file_is_in_a_place(places: list[Any], tmp_path: Path) -> None:
    patterns = [pattern for place in places for pattern in place.files]
    found = [path.relative_to(tmp_path / "var") for path in (tmp_path / "var").rglob("*") if path.is_file()]
    databases = re.compile(r"(?:saldo|widget|conversations)\.db(?:-wal|-shm|-journal)?")
    unknown = [str(path) for path in found if not databases.fullmatch(str(path)) and not any(map(path.match, patterns))]
    assert len(found) > 5 and unknown == []


def test_the_page_has_a_row_for_every_place(places: list[Any]) -> None:
    page = (CHECKOUT / "docs" / "privacy.md").read_text(encoding="utf-8")
    rows = [f"| {place.what} | {place.where} | {place.why} | {place.until} |" for place in places]
    assert [row for row in rows if row not in page] == []


def tables() -> dict[str, str]:
    """Every table that a module of ours defines, and where."""
    found = {}
    for room in ROOMS:
        for path in sorted((CHECKOUT / "saldo" / room).rglob("*.py")):
            if "MetaData" not in (source := path.read_text(encoding="utf-8")) and "Table(" not in source:
                continue
            module = import_module(".".join(path.relative_to(CHECKOUT).with_suffix("").parts))
            for value in vars(module).values():
                if isinstance(value, MetaData):
                    found.update(dict.fromkeys(value.tables, module.__name__))
    return found
