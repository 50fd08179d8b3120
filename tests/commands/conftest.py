"""What the tests of the command share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.support import TODAY


@pytest.fixture
def commands_environment(home: Path) -> dict[str, str]:
    """The environment for a `saldo` in a process of its own, found by that name."""
    here = str(Path(sys.executable).parent)
    return {
        **os.environ,
        "SALDO_HOME": str(home),
        "SALDO_TODAY": TODAY,
        "PATH": f"{here}{os.pathsep}{os.environ['PATH']}",
    }
