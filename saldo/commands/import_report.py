"""How an import is shown: a bar while it runs, then a table of what differed and a few examples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from saldo.billing.intake.report import Report, TableReport
from saldo.billing.intake.set_aside import SetAside
from saldo.commands.terminal import json_line, terminal

MOST_WARNINGS = 20
COUNTS = ("added", "changed", "unchanged", "missing")
STYLES = {"added": "green", "changed": "yellow", "missing": "red"}


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """What an import tells its progress to; shown on stderr, and only where a person watches."""
    console = terminal(stderr=True)
    shown = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*shown, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def finding(what: str, done: int, total: int | None) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield finding


def print_report(report: Report, as_json: bool) -> None:
    """What was found and done. A first import has nothing to compare with: then the count of customers is enough."""
    if as_json:
        print(json_line(report.as_json()))
        return
    console = terminal(soft_wrap=True)
    if not report.written or not report.is_first:
        console.print(_table(report))
        for name, table in report.tables.items():
            _print_examples(console, name, table)
    for place, number in report.left_out.items():
        console.print(f"Rows for {place} that do not count, as the mapping says: {number:,}", style="dim")
    _print_warnings(console, report)
    _print_set_aside(console, report.set_aside)
    console.print(_sentence(report))


def _print_warnings(console: Console, report: Report) -> None:
    for warning in report.warnings[:MOST_WARNINGS]:
        console.print(Text("warning   ", style="yellow") + Text(str(warning)))
    more = len(report.warnings) - MOST_WARNINGS + report.more_warnings
    if more > 0:
        console.print(Text("warning   ", style="yellow") + Text(f"{more:,} more; --json tells them", style="dim"))


def _print_set_aside(console: Console, aside: SetAside) -> None:
    for customer, reasons in aside.customers.items():
        for reason in map(str, reasons) if reasons else ["more mistakes were found than are kept"]:
            console.print(Text("set aside ", style="red") + Text(f"{customer}: {reason}"))
    for row in aside.rows:
        console.print(Text("set aside ", style="red") + Text(f"a row of no known customer: {row}"))


def _table(report: Report) -> Table:
    table = Table("table", box=None, padding=(0, 2, 0, 0))
    for count in COUNTS:
        table.add_column(count, justify="right")
    for name, one in report.tables.items():
        table.add_row(name, *(_count(kind, getattr(one, kind)) for kind in COUNTS))
    return table


def _count(kind: str, number: int) -> Text:
    return Text(f"{number:,}", style=STYLES.get(kind, "") if number else "dim")


def _print_examples(console: Console, name: str, table: TableReport) -> None:
    for kind in ("added", "changed", "missing"):
        for one in table.examples[kind]:
            console.print(Text(f"{kind:9}", style=STYLES[kind]) + Text(f"{name} {one['record']}{_differences(one)}"))
        more = getattr(table, kind) - len(table.examples[kind])
        if more > 0:
            console.print(Text(f"{kind:9}", style=STYLES[kind]) + Text(f"{name}: {more:,} more", style="dim"))


def _differences(example: dict[str, Any]) -> str:
    before, after = example.get("from", {}), example.get("to", {})
    changes = ", ".join(f"{name} {before[name] or 'empty'} → {after[name] or 'empty'}" for name in before)
    return f": {changes}" if changes else ""


def _sentence(report: Report) -> str:
    customers = f"{report.customers} customer{'s' * (report.customers != 1)}"
    done = f"Imported {customers}." if report.written else f"The source has {customers}; nothing was written."
    aside = report.set_aside
    if aside.customers:
        number = len(aside.customers)
        done += f" Set aside {number} customer{'s' * (number != 1)}, whose earlier records are kept."
    if aside.rows:
        done += f" Set aside {len(aside.rows)} row{'s' * (len(aside.rows) != 1)} of no known customer."
    if not report.missing:
        return done
    if report.removed:
        return f"{done} Removed {report.missing:,} records that it no longer has."
    return f"{done} It no longer has {report.missing:,} records; --remove-missing removes them."
