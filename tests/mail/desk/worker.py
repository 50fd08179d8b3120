"""A desk whose bot knows one word and every topic that is picked: worker.py FOLDER PORT LANGUAGE [IMAP_URL]."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

from saldo.faq import load
from saldo.mail.desk import words
from saldo.mail.desk.desk import Desk, Office
from saldo.mail.desk.folder import DeskFolder
from saldo.mail.desk.mailbox import DraftsOfMailbox
from saldo.mail.desk.server import HOST, application
from saldo.mail.handler import MailHandler
from saldo.mail.imap.server import secrets_of, server_of
from saldo.settings import Settings
from tests.mail.mails import CONTACT, Customers, WordBot

TOKEN = "the-token-of-the-tests"


@cache
def handler() -> MailHandler:
    """One with the real content, a bot that knows one word, and one contact."""
    settings = Settings(secret="s" * 40, mail_daily_limit=10_000, mail_authserv_ids=("mx.saldo.example",))
    return MailHandler(settings, load(settings.faq), WordBot(), Customers({CONTACT: ["FI-2001"]}))


def main(folder: str, port: str, language: str, url: str = "") -> None:
    faq = Settings().faq
    server = server_of(url) if url else None
    secret = secrets_of(os.environ) if url else None
    desk = Desk(
        folder=DeskFolder(Path(folder)),
        words=words.load(faq, language),
        faq=load(faq),
        office=Office(handler),
        mailbox=f"imap:{server}" if server else f"folder:{folder}",
        open_drafts=(lambda: DraftsOfMailbox(server, secret())) if server and secret else None,
    )
    application(desk, TOKEN, int(port)).run(host=HOST, port=int(port), access_log=False, motd=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
