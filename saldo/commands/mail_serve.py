"""`saldo mail serve`: drafts over HTTP, for helpdesks and other programs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import typer
from rich.text import Text

from saldo.commands.conversing import load_bot
from saldo.commands.serve import must_be_free, tell_how_it_runs
from saldo.commands.terminal import terminal
from saldo.settings import Settings, from_environment

if TYPE_CHECKING:
    from saldo.web.mail.application import MailService

PATH = "/mail/draft"
KEY = "mail-serve-key"


def serve(
    host: str = typer.Option(
        "127.0.0.1", "--host", help="Address to listen on; only this machine unless told otherwise."
    ),
    port: int = typer.Option(5006, "--port", min=1, max=65535, help="Port to listen on."),
) -> None:
    """Draft mails that helpdesks and other programs hand in over HTTP; sends nothing (docs/helpdesks.md)."""
    settings, console = from_environment(), terminal(stderr=True)
    must_be_free(host, port)
    tell_how_it_runs(settings)
    with console.status("Loading …"):
        service = _service(settings)
        from saldo.web.mail.application import mail_application

        app = mail_application(service)
        from saldo.insight import metrics

        metrics.watch({"The store of mail": service.drafting.check})
    secret = "SALDO_MAIL_SERVE_SECRET" if settings.mail_serve_secret else str(settings.state / KEY)
    shown = f"[{host}]" if ":" in host else host
    told = "".join(f", {each.name} at /mail/{each.name}" for each in service.helpdesks)
    line = Text(f"Saldo drafts mails at http://{shown}:{port}{PATH}{told}  (secret: {secret}; Ctrl-C stops it)")
    app.register_listener(lambda *_: console.print(line, soft_wrap=True), "after_server_start")
    app.run(host=host, port=port, access_log=False, motd=False)


def _service(settings: Settings) -> MailService:
    """All that the server has at hand; the bot first, since Rasa says which warnings of libraries nobody need read."""
    from saldo.billing import Repository, create_database
    from saldo.faq import load
    from saldo.identity import kept_key
    from saldo.mail.helpdesk.laying import Laying, helpdesks_of
    from saldo.mail.helpdesk.note import NoteWriter
    from saldo.mail.store.claims import Claims

    engine, faq = create_database(settings.database_url), load(settings.faq)
    helpdesks, secret = helpdesks_of(os.environ, engine), settings.mail_serve_secret or kept_key(settings.state / KEY)
    notes, claims, bot = NoteWriter(faq, settings.faq, settings.mail_note_language), Claims(engine), load_bot(settings)
    from saldo.insight.store import open_store
    from saldo.mail.handler import MailHandler
    from saldo.mail.helpdesk.drafting import Drafting
    from saldo.web.auth.revocation import UsedIds
    from saldo.web.mail.application import MailService
    from saldo.web.mail.callers import Callers

    drafting = Drafting(MailHandler(settings, faq, bot, Repository(engine)), claims, notes)
    callers = Callers(secret, UsedIds(open_store(settings)))
    return MailService(settings, drafting, callers, Laying(drafting, claims, notes), helpdesks)
