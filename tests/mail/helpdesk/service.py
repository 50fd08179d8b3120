"""`saldo mail serve` with a bot that knows one word, which starts in a moment: service.py PORT DATABASE."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from saldo.billing import create_database
from saldo.faq import load
from saldo.insight.store import open_store
from saldo.mail.handler import MailHandler
from saldo.mail.helpdesk.drafting import Drafting
from saldo.mail.helpdesk.laying import Laying, helpdesks_of
from saldo.mail.helpdesk.note import NoteWriter
from saldo.mail.store.claims import Claims
from saldo.settings import Settings, from_environment
from saldo.web.auth.revocation import UsedIds
from saldo.web.mail.application import MailService, mail_application
from saldo.web.mail.callers import Callers
from tests.mail.mails import CONTACT, Customers, WordBot


def main(port: str, database: str) -> None:
    settings, engine = from_environment(), create_database(database)
    faq, claims = load(settings.faq), Claims(engine)
    file = Path(engine.url.database or "")
    kept = open_store(Settings(home=file.parent) if database.startswith("sqlite") else Settings(database_url=database))
    notes = NoteWriter(faq, settings.faq, settings.mail_note_language)
    drafting = Drafting(MailHandler(settings, faq, WordBot(), Customers({CONTACT: ["FI-2001"]})), claims, notes)
    service = MailService(
        settings,
        drafting,
        Callers(settings.mail_serve_secret, UsedIds(kept)),
        Laying(drafting, claims, notes),
        helpdesks_of(os.environ, engine),
    )
    mail_application(service).run(host="127.0.0.1", port=int(port), access_log=False, motd=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
