"""One worker of `saldo mail watch` that knows one word, for tests to kill: worker.py URL OUT DATABASE [once]."""

from __future__ import annotations

import asyncio
import faulthandler
import signal
import sys
from pathlib import Path
from typing import Any

from saldo.billing import create_database
from saldo.faq import load
from saldo.mail.handler import MailHandler
from saldo.mail.imap_worker import ImapWorker
from saldo.mail.inbox import Inbox, Secret, server_of
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder
from saldo.settings import Settings
from tests.mail.dovecot import PASSWORD
from tests.mail.mails import CONTACT, Customers, WordBot


def tell_of_connections(event: str, args: tuple[Any, ...]) -> None:
    """Write the port of every connection, so that a test sees where a worker talks to."""
    if event == "socket.connect" and isinstance(args[1], tuple):
        print(f"connects to port {args[1][1]}", file=sys.stderr, flush=True)


def main(url: str, out: str, database: str, *once: str) -> None:
    settings = Settings(secret="s" * 40, mail_daily_limit=10_000)
    handler = MailHandler(settings, load(settings.faq), WordBot(), Customers({CONTACT: ["FI-2001"]}))
    server, claims = server_of(url), Claims(create_database(database))
    worker = ImapWorker(
        handler, claims, DraftFolder(Path(out)), str(server), lambda line: print(line, file=sys.stderr, flush=True)
    )
    asyncio.run(worker.watch(lambda: Inbox(server, Secret(PASSWORD, False)), once=bool(once)))


if __name__ == "__main__":
    sys.addaudithook(tell_of_connections)
    faulthandler.register(signal.SIGUSR1)  # where a worker stands, for a test that waits in vain
    main(*sys.argv[1:])
