"""Every runtime package may be handed on together with Saldo."""

from __future__ import annotations

import runpy
import subprocess
import sys

import pytest

from tests.support import CHECKOUT

SCRIPT = CHECKOUT / "scripts" / "licences"


def test_every_licence_fits() -> None:
    done = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 100


@pytest.mark.parametrize(
    ("licence", "fitting"),
    [("MIT", True), ("Apache-2.0 OR GPL-3.0", True), ("MPL-2.0 AND MIT", True), ("GPL-3.0-only", False),
    ("MIT AND GPL-2.0", False),
     ("", False), ("Proprietary", False), ("AGPL-3.0", False)],
)  # fmt: skip
def test_what_fits(licence: str, fitting: bool) -> None:
    assert runpy.run_path(str(SCRIPT))["fits"]("some", licence) is fitting
