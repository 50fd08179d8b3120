"""Which tables of the records were imported, when and from where; and for whom the last import changed nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, case, delete, insert, literal, not_, null, select
from sqlalchemy.engine import Connection

from saldo.billing.model import TableImport
from saldo.billing.store.tables import customers, imports, kept_imports

_KEPT = kept_imports.c
OF_CUSTOMER = (
    select(
        imports.c.name,
        case((_KEPT.name.is_(None), imports.c.imported_on), else_=_KEPT.imported_on),
        imports.c.source,
        _KEPT.name.is_not(None),
        _KEPT.known,
    )
    .select_from(
        imports.outerjoin(kept_imports, and_(_KEPT.name == imports.c.name, _KEPT.customer == bindparam("wanted")))
    )
    .order_by(imports.c.name)
)


def read_imports(connection: Connection, customer: str) -> tuple[TableImport, ...] | None:
    """By table; None if nothing was ever imported: then whatever is there was put there whole, as the sample is.

    Of a customer whom later imports left out, each table is of the day on which its rows came.
    """
    rows = connection.execute(OF_CUSTOMER, {"wanted": customer}).all()
    if not rows:
        return None
    return tuple(TableImport(row[0], row[1], row[2], bool(row[3])) for row in rows if row[4] is not False)


def note_imports(connection: Connection, names: Iterable[str], on: date, source: str, brought: Any) -> None:
    """Notes that these tables are as their source had them on that day, for the customers that it brought.

    `brought`: whether it did, as a condition on a column of customers' ids. The others keep the day they have.
    """
    rows = [{"name": name, "imported_on": on, "source": source} for name in names]
    if not rows:
        return
    before = {row.name: row.imported_on for row in connection.execute(select(imports.c.name, imports.c.imported_on))}
    mine = _KEPT.name.in_([row["name"] for row in rows])
    connection.execute(delete(kept_imports).where(mine, brought(_KEPT.customer)))
    for row in rows:
        _keep(connection, row["name"], before, brought)
    connection.execute(delete(imports).where(imports.c.name.in_([row["name"] for row in rows])))
    connection.execute(insert(imports), rows)


def _keep(connection: Connection, name: Any, before: dict[str, date | None], brought: Any) -> None:
    """Notes of which day a table is for those customers whom this import leaves as they are."""
    known, day = not before or name in before, before.get(name)
    kept = select(_KEPT.customer).where(_KEPT.name == name)
    left = select(customers.c.id, literal(name), literal(known), literal(day) if day else null()).where(
        not_(brought(customers.c.id)), customers.c.id.not_in(kept)
    )
    connection.execute(insert(kept_imports).from_select(["customer", "name", "known", "imported_on"], left))
