"""How long one topic takes to explain from SQLite, among few and among many customers, and by which indexes.

    .venv/bin/python benchmarks/billing.py [--customers 100000] [--rounds 200]

Measured is a customer with ten years of monthly invoices, the account read anew for every explanation. The others
have a year of invoices each; all are invented, and the database lives in a temporary folder only.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Engine

from saldo.billing import MESSAGES, Repository, create_database, explain
from saldo.billing.samples.histories import history
from saldo.billing.store import repository as look_ups
from saldo.commands.terminal import terminal

ON = date(2026, 11, 22)
LONG = 10_000_000
"""Number of the customer that is measured, beyond those of the crowd."""
CHUNK = 500
FEW = 1_000


def main() -> None:
    options = _options()
    console = terminal()
    with tempfile.TemporaryDirectory() as folder:
        engine = create_database(f"sqlite:///{folder}/saldo.db")
        repository = Repository(engine)
        measured = history(LONG, ON, months=1, years=10)
        repository.add([measured])
        _fill(repository, 0, min(FEW, options.customers), console)
        few = _medians(repository, measured.customer.id, options.rounds)
        seconds = _fill(repository, FEW, options.customers, console)
        many = _medians(repository, measured.customer.id, options.rounds)
        size = (Path(folder) / "saldo.db").stat().st_size / 2**20
        console.print(_table(few, many, options.customers))
        console.print(f"{len(measured.invoices)} invoices; the rest was added in {seconds:.0f} s; {size:.0f} MB")
        console.print(_plans(engine))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    return parser.parse_args()


def _fill(repository: Repository, first: int, last: int, console: Console) -> float:
    """Adds customers chunk by chunk; the seconds it took."""
    began = time.perf_counter()
    with Progress(console=console) as progress:
        task = progress.add_task("Adding customers", total=max(last - first, 0))
        for start in range(first, last, CHUNK):
            stop = min(start + CHUNK, last)
            repository.add([history(number, ON, months=12, years=1) for number in range(start, stop)])
            progress.advance(task, stop - start)
    return time.perf_counter() - began


def _medians(repository: Repository, customer: str, rounds: int) -> dict[str, float]:
    """Milliseconds per topic, reading included."""
    return {topic: statistics.median(_once(repository, customer, topic) for _ in range(rounds)) for topic in MESSAGES}


def _once(repository: Repository, customer: str, topic: str) -> float:
    began = time.perf_counter()
    explain(topic, repository.account(customer), ON)
    return (time.perf_counter() - began) * 1000


def _table(few: dict[str, float], many: dict[str, float], customers: int) -> Table:
    table = Table("topic", f"ms, {min(FEW, customers):,} customers", f"ms, {customers:,} customers", box=None)
    for topic in MESSAGES:
        table.add_row(topic, f"{few[topic]:.2f}", f"{many[topic]:.2f}")
    return table


def _plans(engine: Engine) -> Table:
    """How SQLite looks up each list; SCAN would be a table read from end to end."""
    table = Table("look-up", "plan", box=None)
    queries = {**look_ups.QUERIES, "lines": look_ups.LINES, "customer": look_ups.ONE_CUSTOMER}
    with engine.connect() as connection:
        for name, query in queries.items():
            statement = str(query.compile(dialect=sqlite.dialect()))
            steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", ("x",)).all()
            table.add_row(name, "; ".join(step for *_, step in steps))
    return table


if __name__ == "__main__":
    main()
