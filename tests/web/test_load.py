"""The short form of `make load`: many conversations at once on one process and several, and on two servers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import CHECKOUT

pytestmark = [pytest.mark.usefixtures("model"), pytest.mark.long]
ONLY = ("steady", "together")
"""What does not compare times: the tests beside this one take their share of the processor."""


def test_no_turn_fails_is_lost_or_doubled(postgresql_url: str, tmp_path: Path) -> None:
    page = tmp_path / "load.md"
    command = [sys.executable, "-m", "benchmarks.load", "--short", "--only", *ONLY, "--write", str(page)]
    done = subprocess.run(
        [*command, "--database-url", postgresql_url], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line for line in page.read_text().splitlines() if line.endswith("| yes |")]
    assert len(rows) == 4
