"""How long importing many invented customers with their invoices takes, and how much memory at the most.

    .venv/bin/python benchmarks/imports.py [--customers 100000] [--years 1] [--database sqlite:///…]

Writes CSV files into a temporary folder, imports them with the progress bar, then imports them once more: the second
time nothing differs. Each import is a process of its own, whose peak memory is told.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from rich.progress import track

from saldo.billing.intake.csv_format import append_folder, start_folder
from saldo.billing.samples.histories import history

ON = date(2026, 11, 22)
CHUNK = 500


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder) / "csv"
        start_folder(files)
        for first in track(range(0, options.customers, CHUNK), "Writing CSV files"):
            numbers = range(first, min(first + CHUNK, options.customers))
            append_folder(
                [history(number, ON, months=options.months, years=options.years) for number in numbers], files
            )
        size = sum(file.stat().st_size for file in files.iterdir()) / 2**20
        rows = sum(1 for file in files.iterdir() for _ in file.open(encoding="utf-8")) - 11
        print(f"{options.customers:,} customers, {rows:,} rows, {size:,.0f} MB of CSV")
        url = options.database or f"sqlite:///{folder}/saldo.db"
        for which in ("first", "second"):
            _import(which, files, url)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, default=100_000)
    parser.add_argument("--years", type=int, default=1, help="how long each has been a customer")
    parser.add_argument("--months", type=int, default=12, help="length of a billing period")
    parser.add_argument("--database", help="an empty database to import into, instead of a temporary SQLite file")
    return parser.parse_args()


def _import(which: str, files: Path, url: str) -> None:
    began = time.perf_counter()
    command = [str(Path(sys.executable).with_name("saldo")), "billing", "import", str(files)]
    subprocess.run(command, env={**os.environ, "SALDO_DATABASE_URL": url}, check=True)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**10
    print(f"{which} import: {seconds:.0f} s, at most {peak:.0f} MB of memory")


if __name__ == "__main__":
    main()
