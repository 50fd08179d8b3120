"""A clerk with the real content, a bot that knows one word, and one contact; a Dovecot, and workers that watch it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from saldo.billing import create_database
from saldo.faq import load
from saldo.mail.handler import MailHandler
from saldo.mail.imap.server import Secret, server_of
from saldo.mail.imap_worker import ImapWorker
from saldo.mail.inbox import Inbox
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder
from saldo.settings import Settings
from tests.mail.correspondence import Watch
from tests.mail.dovecot import PASSWORD, Dovecot
from tests.mail.mails import CONTACT, Customers, WordBot
from tests.mail.watching import Start
from tests.support import CHECKOUT


@pytest.fixture
def word_bot() -> WordBot:
    return WordBot()


@pytest.fixture
def make_clerk(word_bot: WordBot) -> Callable[..., MailHandler]:
    """Makes one; settings as in `Settings`."""

    def make(*, notes: bool = False, **settings: Any) -> MailHandler:
        values = {"secret": "s" * 40, "mail_authserv_ids": ("mx.saldo.example",), **settings}
        return MailHandler(
            Settings(**values), load(Settings().faq), word_bot, Customers({CONTACT: ["FI-2001"]}), notes=notes
        )

    return make


@pytest.fixture
def dovecot(request: pytest.FixtureRequest, needs_service: Callable[[str], NoReturn]) -> Iterator[Dovecot]:
    """A running server; its options by `parametrize("dovecot", [{…}], indirect=True)`."""
    if not Dovecot.is_there():
        needs_service("there is no Dovecot; install Debian's package dovecot-imapd")
    server = Dovecot(**getattr(request, "param", {}))
    server.start()
    yield server
    server.remove()


@pytest.fixture
def start(dovecot: Dovecot, tmp_path: Path) -> Iterator[Start]:
    """Starts workers on that server; what they say goes to `log`."""
    database = os.environ.get("SALDO_TEST_DATABASE_URL", f"sqlite:///{tmp_path}/saldo.db")
    create_database(database)
    begun: list[subprocess.Popen[str]] = []

    def start(*how: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.mail.worker", dovecot.url, str(tmp_path / "out"), database, *how]
        secrets = environment or {"SALDO_MAIL_PASSWORD": PASSWORD}
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SALDO_MAIL")}
        with (tmp_path / "log").open("a") as log:
            print(f"a worker begins at {time.monotonic():.1f}", file=log, flush=True)
            begun.append(subprocess.Popen(command, cwd=CHECKOUT, stderr=log, text=True, env={**kept, **secrets}))
        return begun[-1]

    yield start
    for each in begun:
        if each.poll() is None:
            each.send_signal(signal.SIGUSR1)
            time.sleep(0.1)
    for each in begun:
        each.kill()
        each.wait()
    print((tmp_path / "log").read_text())  # shown where a test fails


@pytest.fixture
def watch_once(dovecot: Dovecot, make_clerk: Callable[..., MailHandler], tmp_path: Path) -> Watch:
    """A watch that ends when nothing is left to do; what it says goes to `log`."""
    server, engine = server_of(dovecot.url), create_database(f"sqlite:///{tmp_path}/saldo.db")
    clerk, folder = make_clerk(mail_form="plain"), DraftFolder(tmp_path / "out")

    def report(line: str) -> None:
        with (tmp_path / "log").open("a") as log:
            print(line, file=log)

    def watch_once() -> None:
        worker = ImapWorker(clerk, Claims(engine), engine, folder, str(server), report, "all")
        asyncio.run(worker.watch(lambda: Inbox(server, Secret(PASSWORD, False)), once=True))

    return watch_once
