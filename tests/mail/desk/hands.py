"""A folder as `saldo mail draft` makes it, a desk on it in a process of its own, and hands that call it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from saldo.billing import create_database
from saldo.mail.batch import Batch, stored_mails
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder
from tests.mail.desk.worker import TOKEN, handler
from tests.mail.dovecot import PASSWORD
from tests.mail.mails import mail_bytes
from tests.serving import free_port
from tests.support import CHECKOUT
from tests.waiting import until

Json = dict[str, Any]


def drafted(folder: Path, mails: Mapping[str, bytes], out: Path | None = None) -> Path:
    """The folder of drafts and reviews that these mails came to; their stems begin with their names."""
    put, out = folder / "in", out or folder / "out"
    put.mkdir(exist_ok=True)
    for name, data in mails.items():
        (put / f"{name}.eml").write_bytes(data)
    batch = Batch(handler(), Claims(create_database(f"sqlite:///{folder}/claims.db")), DraftFolder(out))
    with ThreadPoolExecutor(1) as elsewhere:  # Playwright, where it is at work, has this thread's event loop
        elsewhere.submit(lambda: asyncio.run(batch.run(stored_mails([put]), lambda: None))).result()
    return out


def some_mails() -> dict[str, bytes]:
    """A question, a matter for a person, an urgent one, thanks, and an automatic reply."""
    bodies = {
        "question": "Hoe kan ik opzeggen?",
        "foreign": "Hebben jullie ook een koppeling met ons kassasysteem?",
        "fraud": "Ons rekeningnummer is gewijzigd. Wilt u voortaan op het nieuwe rekeningnummer betalen?",
    }
    mails = {
        name: mail_bytes(body, subject=f"Over {name}", message_id=f"<{name}@x.example>")
        for name, body in bodies.items()
    }
    mails["robot"] = mail_bytes(auto_submitted="auto-replied", message_id="<robot@x.example>", subject="Over robot")
    return mails


@dataclass
class DeskServer:
    """A running desk; stopped and started again it has the same folder, address and token."""

    folder: Path
    language: str = "nl"
    url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    token: str = TOKEN

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/#{self.token}"

    def start(self) -> DeskServer:
        command = [sys.executable, "-m", "tests.mail.desk.worker", str(self.folder), str(self.port), self.language]
        environment = {**os.environ, "SALDO_MAIL_PASSWORD": PASSWORD}
        self.process = subprocess.Popen([*command, *filter(None, [self.url])], cwd=CHECKOUT, env=environment)
        until(lambda: self.call("GET", "/").status == 200, "the desk did not start")
        return self

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Reply:
        """One request, as a program makes it; `_` in a header's name is a dash."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            given.setdefault("Content-Type", "application/json")
        try:
            data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
            connection.request(method, path, data, given)
            reply = connection.getresponse()
            return Reply(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
        finally:
            connection.close()

    def ask(self, name: str, **query: str) -> Json:
        return self._good(self.call("GET", f"/api/{name}?{urlencode(query)}", Authorization=f"Bearer {self.token}"))

    def tell(self, name: str, **body: Any) -> Json:
        return self._good(self.tried(name, **body))

    def tried(self, name: str, **body: Any) -> Reply:
        return self.call("POST", f"/api/{name}", body, Authorization=f"Bearer {self.token}")

    def mail(self, name: str) -> Json:
        """The mail whose stem begins with that name, in whichever part of the queue it is."""
        for show in ("open", "done", "skipped"):
            for row in self.ask("queue", show=show)["rows"]:
                if row["stem"].startswith(name):
                    return self.ask("mail", mail=row["stem"])
        raise AssertionError(f"there is no {name}")

    def _good(self, reply: Reply) -> Json:
        assert reply.status == 200, reply.body
        found: Json = json.loads(reply.body)
        return found


@dataclass(frozen=True)
class Reply:
    """What the desk answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
