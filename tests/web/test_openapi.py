"""docs/openapi.yml against the server, by schemathesis: what is answered is what is written, whatever is asked.

Its requirements clash with Rasa's, so it lives in an environment of its own, made once in var/.
SALDO_SCHEMATHESIS_EXAMPLES=1000 asks more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from tests.serving import Server
from tests.support import CHECKOUT, Caller

SCHEMATHESIS = "schemathesis==4.30.1"  # the last one for Python 3.10
EXAMPLES = os.environ.get("SALDO_SCHEMATHESIS_EXAMPLES", "20")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
"""Not whether just what the schema forbids is refused: 413 tells a text too long, and further fields are let pass."""


@pytest.fixture(scope="session")
def schemathesis(needs_service: Callable[[str], NoReturn]) -> Path:
    """The command, installed once."""
    folder = CHECKOUT / "var" / "schemathesis"
    command = folder / "bin" / "schemathesis"
    if not command.is_file():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        install = [folder / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", SCHEMATHESIS]
        if subprocess.run(install, check=False).returncode:  # type: ignore[arg-type]
            needs_service(f"{SCHEMATHESIS} could not be installed")
    return command


def test_the_server_keeps_to_its_document(schemathesis: Path, bot_server: Server, tmp_path: Path) -> None:
    caller = Caller(bot_server.port, "127.0.0.1")
    session = caller.begin()
    message = caller.ask(session, "Hoe zeg ik Severa op?")
    assert caller.post("/feedback", {"message": message["id"], "helpful": True}, session).status == 204
    command = [schemathesis, "run", CHECKOUT / "docs" / "openapi.yml", "--checks", CHECKS, "--max-examples", EXAMPLES]
    where = ["--url", f"http://127.0.0.1:{bot_server.port}/webhooks/widget", "--exclude-method", "DELETE"]
    phases = ["--phases", "coverage,fuzzing", "--request-timeout", "10", "--no-color"]
    whose = ["--header", f"Authorization: Bearer {session}"]
    ran = subprocess.run([*command, *where, *phases, *whose], cwd=tmp_path, capture_output=True, text=True, check=False)  # type: ignore[list-item]
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert caller.get("/messages?after=0", session).status == 200
