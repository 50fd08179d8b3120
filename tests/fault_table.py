"""The table of `docs/faults.md`: what each test marked `fault` breaks, what must happen then, and what was seen.

    @pytest.mark.fault("the disk is full", expected="503 with the contact, and the widget keeps the message")
    def test_…(seen: Seen) -> None:
        …
        seen(f"{refused} of 60 refused, {lost} of the others lost")

`make faults` runs these tests and writes the table; a plain run of the tests only runs them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Seen = Callable[[str], None]
"""Called with what a fault led to, in a few words and figures; the last call counts."""
HEAD = """# Faults

Made by `make faults`: each row is a test that causes the fault for real. The last column is what that run saw.

| fault | expected | seen | test |
|---|---|---|---|
"""


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Seen:
    """Notes what a fault led to, for the table."""
    return lambda what: request.node.user_properties.append(("seen", what))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--fault-table", type=Path, help="write the table of faults to this file")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "fault(what, expected): causes a fault; a row of docs/faults.md")
    if table := config.getoption("--fault-table"):
        config.pluginmanager.register(FaultTable(table), "fault_table")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if mark := item.get_closest_marker("fault"):
        item.user_properties += [("fault", mark.args[0]), ("expected", mark.kwargs["expected"])]


class FaultTable:
    """Gathers the rows, also from the workers of a parallel run, and writes them when all tests have ended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._rows: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told: dict[str, Any] = dict(report.user_properties)
        if report.when == "call" and "fault" in told:
            outcome = told.get("seen", "as expected") if report.passed else f"**{report.outcome}**"
            test = report.nodeid.partition("[")[0].replace("::", " ")
            cells = (told["fault"], told["expected"], outcome, test)
            self._rows[report.nodeid] = "| " + " | ".join(str(cell).replace("|", r"\|") for cell in cells) + " |"

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self._rows and not hasattr(session.config, "workerinput"):
            rows = [row for _, row in sorted(self._rows.items())]
            self._path.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
