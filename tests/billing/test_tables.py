"""The tables hold what the records have, exactly, and every look-up has an index."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.dialects import sqlite

from saldo.billing.model import Customer, InvoiceLine, Money
from saldo.billing.store import repository
from saldo.billing.store.database import create_database
from saldo.billing.store.records import columns
from saldo.billing.store.rows import LISTS
from saldo.billing.store.tables import Hundredths, customers, invoice_lines, metadata

LOOK_UPS = {
    **repository.QUERIES,
    "lines": repository.LINES,
    "customer": repository.ONE_CUSTOMER,
    "contact": repository.BY_CONTACT,
}


@pytest.mark.parametrize(("record", "table"), [*LISTS.values(), (Customer, customers), (InvoiceLine, invoice_lines)])
def test_a_table_has_the_columns_of_its_record(record: type, table: Any) -> None:
    expected: set[str] = set()
    for column in columns(record):
        expected |= {f"{column.name}_cents", "currency"} if column.kind is Money else {column.name}
    assert set(table.c.keys()) - {"position", "invoice"} == expected - {"invoice"}


@pytest.mark.parametrize("name", list(LOOK_UPS))
def test_a_look_up_reads_no_whole_table_on_sqlite(name: str, tmp_path: Path) -> None:
    engine = create_database(f"sqlite:///{tmp_path}/saldo.db")
    statement = str(LOOK_UPS[name].compile(dialect=sqlite.dialect()))
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("x",)).all()
    assert not [step for *_, step in plan if step.startswith("SCAN")], plan


def test_a_look_up_reads_no_whole_table_on_postgresql(postgresql_url: str) -> None:
    """Told to avoid it, the planner reads a table from end to end only where no index would do."""
    engine = create_database(postgresql_url)
    whole: dict[str, Any] = {}
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for name, query in LOOK_UPS.items():
            statement = query.compile(dialect=engine.dialect, compile_kwargs={"render_postcompile": True})
            values = dict.fromkeys(statement.params, "x")
            plan = connection.exec_driver_sql(f"EXPLAIN {statement}", values).scalars().all()
            whole |= {name: plan} if any("Seq Scan" in step for step in plan) else {}
        scan = connection.exec_driver_sql("EXPLAIN SELECT * FROM users WHERE name = 'x'").scalars().all()
    engine.dispose()
    assert not whole
    assert any("Seq Scan" in step for step in scan), "the test would not see one"


@pytest.mark.parametrize("key", [key for table in metadata.tables.values() for key in table.foreign_keys], ids=str)
def test_what_belongs_to_an_owner_is_found_by_an_index(key: Any) -> None:
    """Forgetting a customer goes from owner to owned: the key stands first in an index of the table."""
    table, name = key.parent.table, key.parent.name
    firsts = [next(iter(table.primary_key.columns)).name, *(next(iter(index.columns)).name for index in table.indexes)]
    assert name in firsts


@pytest.mark.parametrize(("value", "stored"), [("60", 6000), ("22.56", 2256), ("-0.5", -50)])
def test_decimals_are_stored_as_whole_hundredths(value: str, stored: int) -> None:
    kind = Hundredths()
    assert kind.process_bind_param(Decimal(value), None) == stored
    assert kind.process_result_value(stored, None) == Decimal(value)


def test_a_third_decimal_is_refused() -> None:
    with pytest.raises(ValueError, match="more than two decimals"):
        Hundredths().process_bind_param(Decimal("3.516"), None)
