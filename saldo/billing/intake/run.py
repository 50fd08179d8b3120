"""An import from beginning to end: reads a source, compares, and writes what differs, all of it or nothing."""

from __future__ import annotations

from sqlalchemy.engine import Connection, Engine

from saldo.billing.intake.report import Report, TableReport
from saldo.billing.intake.source import RecordSource
from saldo.billing.intake.staging import Progress, Staging
from saldo.billing.intake.update import Gone, update_table
from saldo.billing.store.database import begin_writing, session


def run_import(
    engine: Engine,
    source: RecordSource,
    write: bool = True,
    remove: bool = False,
    progress: Progress = lambda *_: None,
) -> Report:
    """Brings the billing records up to what the source holds.

    Not `write`: only says how they differ. `remove`: what the source no longer has goes; else it stays and is reported.
    FaultyFiles with all mistakes of the source, SaldoError if it cannot be read, DatabaseUnusable if the database
    fails; then nothing has been written.
    """
    try:
        with session(engine) as connection:
            staging = Staging(connection, source)
            with connection.begin():
                staging.fill(progress)
            with connection.begin():
                tables = _update(connection, staging, write, remove, progress)
            with connection.begin():
                staging.drop()
    finally:
        source.close()
    return Report(source.name, tables, write, write and remove)


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
