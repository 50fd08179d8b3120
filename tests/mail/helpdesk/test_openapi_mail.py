"""docs/openapi-mail.yml against the server, by schemathesis: what is answered is what is written, whatever is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.mail.helpdesk.conftest import SECRET, MailServer
from tests.support import CHECKOUT
from tests.web.test_openapi import CHECKS, EXAMPLES, schemathesis

__all__ = ["schemathesis"]  # the fixture: the command, installed once


def test_the_server_keeps_to_its_document(
    schemathesis: Path,
    served: MailServer,
    tmp_path: Path,
) -> None:
    document = CHECKOUT / "docs" / "openapi-mail.yml"
    command = [schemathesis, "run", document, "--checks", CHECKS, "--max-examples", EXAMPLES]
    where = ["--url", f"http://127.0.0.1:{served.port}", "--phases", "coverage,fuzzing", "--request-timeout", "10"]
    whose = ["--header", f"Authorization: Bearer {SECRET}", "--no-color"]
    ran = subprocess.run([*command, *where, *whose], cwd=tmp_path, capture_output=True, text=True, check=False)  # type: ignore[list-item]
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Traceback" not in served.said()
