"""One worker of `saldo mail watch` that knows one word, to be killed: worker.py URL OUT DATABASE [once] [all|DAY]."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any

from saldo.billing import create_database
from saldo.errors import SaldoError
from saldo.faq import load
from saldo.mail.handler import MailHandler
from saldo.mail.imap.server import secrets_of, server_of
from saldo.mail.imap_worker import ImapWorker
from saldo.mail.inbox import Inbox
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder
from saldo.settings import Settings
from tests.mail.mails import CONTACT, Customers, WordBot


def tell_of_connections(event: str, args: tuple[Any, ...]) -> None:
    """Write the port of every connection, so that a test sees where a worker talks to."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        print(f"connects to port {args[1][1]}", file=sys.stderr, flush=True)


def main(url: str, out: str, database: str, *how: str) -> None:
    settings = Settings(secret="s" * 40, mail_daily_limit=10_000)
    handler = MailHandler(settings, load(settings.faq), WordBot(), Customers({CONTACT: ["FI-2001"]}))
    server, secret, engine = server_of(url), secrets_of(os.environ), create_database(database)
    worker = ImapWorker(
        handler,
        Claims(engine),
        engine,
        DraftFolder(Path(out)),
        str(server),
        lambda line: print(line, file=sys.stderr, flush=True),
        "all" if "all" in how else next((date.fromisoformat(each) for each in how if "-" in each), None),
    )
    try:
        asyncio.run(worker.watch(lambda: Inbox(server, secret()), once="once" in how))
    except SaldoError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    sys.addaudithook(tell_of_connections)
    faulthandler.register(signal.SIGUSR1)  # where a worker stands, for a test that waits in vain
    main(*sys.argv[1:])
