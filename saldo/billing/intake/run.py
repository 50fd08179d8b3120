"""An import from beginning to end: reads a source, compares, and writes what differs, all of it or nothing."""

from __future__ import annotations

from datetime import date

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from saldo.billing.intake.report import Report, TableReport
from saldo.billing.intake.set_aside import refuse_rows
from saldo.billing.intake.source import RecordSource
from saldo.billing.intake.staging import Progress, Staging
from saldo.billing.intake.update import Gone, update_table
from saldo.billing.store.database import begin_writing, session
from saldo.billing.store.imports import note_imports
from saldo.errors import SaldoError


def run_import(
    engine: Engine,
    source: RecordSource,
    write: bool = True,
    remove: bool = False,
    progress: Progress = lambda *_: None,
    on: date | None = None,
    aside: bool = False,
) -> Report:
    """Brings the billing records up to what the source holds, and notes that they are those of the day `on` (today).

    Not `write`: only says how they differ. `remove`: what the source no longer has goes; else it stays and is reported.
    `aside`: customers with mistakes are set aside and keep the records they have, the others are imported.
    FaultyFiles with all mistakes of the source, SaldoError if it cannot be read, DatabaseUnusable if the database
    fails; then nothing has been written.
    """
    try:
        with session(engine) as connection:
            staging = Staging(connection, source)
            with connection.begin():
                staging.fill(progress, aside)
                if remove:
                    refuse_rows(staging.aside)
            with connection.begin():
                tables = _update(connection, staging, write, remove, progress)
                note_imports(connection, tables if write else (), on or date.today(), source.name, staging.brought)
            with connection.begin():
                staging.drop()
    except IntegrityError as error:
        raise SaldoError(
            f"Nothing was written: an id in {source.name} is that of another customer's record in the billing database."
        ) from error
    finally:
        source.close()
    warnings = tuple(fault for _, fault in staging.warnings.located)
    left_out = {name: count for name, count in staging.left_out.items() if count}
    more = staging.warnings.count - len(warnings)
    return Report(source.name, tables, write, write and remove, left_out, staging.aside, warnings, more)


def _update(
    connection: Connection, staging: Staging, write: bool, remove: bool, progress: Progress
) -> dict[str, TableReport]:
    if write:
        begin_writing(connection)
    gone = Gone(connection)
    reports = {}
    for file in staging.files:
        waiting, total = staging.tables[file.table], staging.counts[file.table]
        reports[file.table] = update_table(connection, file, waiting, total, write, gone, progress)
    for file in reversed(staging.files) if write and remove else ():
        gone.delete(file)
    gone.drop()
    return reports
