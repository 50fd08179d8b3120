"""`saldo mail desk`: the page at which a person works off the mails of a folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Optional

from rich.text import Text

from saldo.commands.serve import must_be_free
from saldo.commands.terminal import terminal
from saldo.errors import SaldoError
from saldo.settings import from_environment


def serve_desk(folder: Path, port: int, language: str, mailbox: Optional[str], drafts: Optional[str]) -> None:
    """Serve the desk until it is interrupted. SaldoError if there is no such folder, language or mailbox."""
    from saldo.commands.mail import office
    from saldo.faq import load
    from saldo.mail.desk import words
    from saldo.mail.desk.desk import Desk, Office
    from saldo.mail.desk.folder import DeskFolder
    from saldo.mail.desk.mailbox import DraftsOfMailbox
    from saldo.mail.desk.server import HOST, application
    from saldo.mail.imap.server import secrets_of, server_of

    if language not in words.DESK_LANGUAGES:
        raise SaldoError(f"--language must be one of {', '.join(words.DESK_LANGUAGES)}.")
    settings, opened = from_environment(), DeskFolder(folder)
    must_be_free(HOST, port)
    server = server_of(mailbox) if mailbox else None
    secret = secrets_of(os.environ) if server else None
    desk = Desk(
        folder=opened,
        words=words.load(settings.faq, language),
        faq=load(settings.faq),
        office=Office(lambda: office(settings)[0]),
        mailbox=f"imap:{server}" if server else f"folder:{opened.folder}",
        open_drafts=(lambda: DraftsOfMailbox(server, secret(), drafts)) if server and secret else None,
    )
    token = secrets.token_urlsafe(32)
    app, address = application(desk, token, port), f"http://{HOST}:{port}/#{token}"
    console = terminal(stderr=True)
    line = Text.assemble("The desk is open: ", (address, f"link {address}"), "  (Ctrl-C closes it)")

    async def opened_now(*_: object) -> None:
        console.print(line, soft_wrap=True)
        desk.office.prepare()

    app.register_listener(opened_now, "after_server_start")
    app.run(host=HOST, port=port, access_log=False, motd=False)
