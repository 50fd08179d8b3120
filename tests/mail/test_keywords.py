"""In a mailbox the outcome stands on the mail itself, and what lies in Drafts can be sent as it is; a real Dovecot."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from saldo.billing import create_database
from saldo.mail.handler import MailHandler
from saldo.mail.imap.server import Secret, server_of
from saldo.mail.imap_worker import ImapWorker
from saldo.mail.inbox import Inbox
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder
from tests.mail.dovecot import PASSWORD, Dovecot
from tests.mail.mails import mail_bytes

MAILS = {
    "Saldo-Draft": mail_bytes(),
    "Saldo-Person": mail_bytes("Is er een app?", message_id="<2@x.example>"),
    "Saldo-Urgent": mail_bytes("Onze boekhouder is overleden.", message_id="<3@x.example>"),
    "Saldo-None": mail_bytes(message_id="<4@x.example>", auto_submitted="auto-replied"),
}


def test_the_outcome_is_a_keyword(dovecot: Dovecot, make_clerk: Callable[..., MailHandler], tmp_path: Path) -> None:
    for name, data in MAILS.items():
        dovecot.deliver(name, data)
    server, engine = server_of(dovecot.url), create_database(f"sqlite:///{tmp_path}/saldo.db")
    folder = DraftFolder(tmp_path / "out")
    worker = ImapWorker(make_clerk(), Claims(engine), engine, folder, str(server), lambda line: None, "all")
    asyncio.run(worker.watch(lambda: Inbox(server, Secret(PASSWORD, False)), once=True))
    with Inbox(server, Secret(PASSWORD, False)) as inbox:
        found = {len(inbox._box.uids(f"KEYWORD {name}")) for name in ("Saldo-Draft", "Saldo-Urgent", "Saldo-None")}
        assert found == {1}
        assert len(inbox._box.uids("KEYWORD Saldo-Person")) == 2  # the urgent one, too
    [draft] = dovecot.drafts()
    assert b"X-Unsent" not in draft
    assert all(b"X-Unsent: 1" in path.read_bytes() for path in (tmp_path / "out").glob("*.eml"))
