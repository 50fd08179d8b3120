"""A server for mails in a process of its own, and two helpdesks that it writes to."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from saldo.mail.helpdesk.signing import sha1_signature, timed_signature
from tests.mail.helpdesk.desks import Desk, running
from tests.serving import clean_environment, free_port
from tests.support import CHECKOUT, Reply
from tests.waiting import DEADLINE, START, until

SECRET = "a secret of more than 32 characters for tests"
TOKEN = "the-token-of-an-agent"
SIGNED_WITH = "what-the-helpdesk-signs-with"
AUTHSERV = "mx.saldo.example"


@dataclass
class MailServer:
    """A running server, and how to call it."""

    port: int
    database: str
    environment: dict[str, str]
    log: Path
    zammad: Desk
    chatwoot: Desk
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.mail.helpdesk.service", str(self.port), self.database]
        environment = clean_environment(**self.environment, PYTHONPATH=str(CHECKOUT))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=CHECKOUT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        until(self._lives, lambda: f"the server did not start: {self.said()}", seconds=START)

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(DEADLINE)

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def _lives(self) -> bool:
        assert self.process and self.process.poll() is None, f"the server stopped: {self.said()}"
        return self.call("GET", "/mail/live").status == 200

    def call(self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Reply:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        try:
            connection.request(method, path, body or None, dict(headers or {}))
            reply = connection.getresponse()
            return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def draft(self, mail: bytes | Mapping[str, Any], **headers: str) -> Reply:
        """Hand in a mail, as it came or by its fields, and show the secret."""
        kind = "message/rfc822" if isinstance(mail, bytes) else "application/json"
        data = mail if isinstance(mail, bytes) else json.dumps(mail).encode()
        shown = {"Content-Type": kind, "Authorization": f"Bearer {SECRET}", **headers}
        return self.call("POST", "/mail/draft", data, shown)

    def tell(self, helpdesk: str, told: Any, **headers: str) -> Reply:
        """Tell of a message, signed as that helpdesk signs."""
        data, now = json.dumps(told).encode(), str(int(time.time()))
        signed = {
            "zammad": {"X-Hub-Signature": sha1_signature(SIGNED_WITH, data)},
            "chatwoot": {
                "X-Chatwoot-Timestamp": now,
                "X-Chatwoot-Signature": timed_signature(SIGNED_WITH, now, data),
            },
        }[helpdesk]
        return self.call("POST", f"/mail/{helpdesk}", data, {"Content-Type": "application/json", **signed, **headers})


@pytest.fixture(scope="session")
def mail_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    folder = tmp_path_factory.mktemp("mail-serve")
    with running() as zammad, running() as chatwoot:
        environment = {
            "SALDO_SECRET": "s" * 40, "SALDO_MAIL_SERVE_SECRET": SECRET, "SALDO_MAIL_AUTHSERV_ID": AUTHSERV,
            "SALDO_MAIL_SERVE_HOSTS": "saldo.internal", "SALDO_MAIL_DAILY_LIMIT": "5",
            "SALDO_ZAMMAD_URL": zammad.url, "SALDO_ZAMMAD_TOKEN": TOKEN, "SALDO_ZAMMAD_SECRET": SIGNED_WITH,
            "SALDO_CHATWOOT_URL": chatwoot.url, "SALDO_CHATWOOT_TOKEN": TOKEN, "SALDO_CHATWOOT_SECRET": SIGNED_WITH,
        }  # fmt: skip
        database = os.environ.get("SALDO_TEST_DATABASE_URL", f"sqlite:///{folder}/saldo.db")
        server = MailServer(free_port(), database, environment, folder / "log", zammad, chatwoot)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def served(mail_server: MailServer) -> MailServer:
    """The server, with helpdesks that have heard nothing yet."""
    for desk in (mail_server.zammad, mail_server.chatwoot):
        for heard in (desk.calls, desk.refused, desk.articles, desk.messages, desk.fail, desk.headers):
            heard.clear()
        desk.mails.clear()
        desk.drafts.clear()
    return mail_server
