"""A draft is edited and sent with a real mail program: neomutt in a terminal, Dovecot, a sendmail that only keeps."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn

import pytest

from saldo.billing import create_database
from saldo.mail.handler import MailHandler
from saldo.mail.imap.server import Secret, server_of
from saldo.mail.imap_worker import ImapWorker
from saldo.mail.inbox import Inbox
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder
from tests.mail.dovecot import PASSWORD, USER, Dovecot
from tests.mail.mails import CONTACT, mail_bytes
from tests.waiting import until

WRITTEN, EDITED = "Kiitos viestistä.", "Kiitos kirjeestänne, Aino."
SETUP = """
set folder = "imap://{user}@127.0.0.1:{port}"
set imap_pass = "{password}"
set spool_file = "+INBOX"
set postponed = "+Luonnokset"
set record = ""
set ssl_starttls = no
set ssl_force_tls = no
set sendmail = "{folder}/sendmail"
set editor = "{folder}/editor"
set charset = "utf-8"
set send_charset = "utf-8"
set abort_unmodified = no
set abort_noattach = no
set fast_reply = yes
set use_from = yes
set envelope_from = no
set header_cache = ""
set message_cachedir = ""
set crypt_use_gpgme = no
set pgp_auto_decode = no
set recall = yes
set sleep_time = 0
"""
Send = Callable[[str], EmailMessage]


@pytest.fixture
def terminal(needs_service: Callable[[str], NoReturn]) -> Iterator[Callable[..., str]]:
    """tmux with a server of its own; ended at the end."""
    for program in ("neomutt", "tmux"):
        if shutil.which(program) is None:
            needs_service(f"there is no {program}; install Debian's package {program}")
    name = f"saldo-{uuid.uuid4().hex[:8]}"

    def tmux(*words: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", name, "-f", "/dev/null", *words], capture_output=True, text=True, check=True
        )
        return done.stdout

    yield tmux
    subprocess.run(["tmux", "-L", name, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def send(
    dovecot: Dovecot, terminal: Callable[..., str], make_clerk: Callable[..., MailHandler], tmp_path: Path
) -> Send:
    """What goes out where a draft of that form is opened, edited and sent."""

    def send(form: str) -> EmailMessage:
        dovecot.deliver("1", mail_bytes())
        server, engine = server_of(dovecot.url), create_database(f"sqlite:///{tmp_path}/saldo.db")
        folder = DraftFolder(tmp_path / "out")
        clerk = make_clerk(mail_form=form)
        worker = ImapWorker(clerk, Claims(engine), engine, folder, str(server), lambda line: None, "all")
        asyncio.run(worker.watch(lambda: Inbox(server, Secret(PASSWORD, False)), once=True))
        sent = tmp_path / "sent.eml"
        _program(tmp_path / "sendmail", f"cat > {sent}.part && mv {sent}.part {sent}")
        _program(tmp_path / "editor", f"sed -i 's/{WRITTEN}/{EDITED}/' \"$1\"")
        setup = SETUP.format(user=USER, password=PASSWORD, port=dovecot.port, folder=tmp_path)
        (tmp_path / "muttrc").write_text(setup)
        command = f"env HOME={tmp_path} LC_ALL=C.UTF-8 neomutt -n -F {tmp_path}/muttrc -p"
        terminal("new-session", "-d", "-x", "120", "-y", "40", command)
        until(lambda: "y:Send" in terminal("capture-pane", "-p"), lambda: terminal("capture-pane", "-p"))
        terminal("send-keys", "y")
        until(sent.exists, lambda: terminal("capture-pane", "-p"))
        message = message_from_bytes(sent.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message

    return send


def _program(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)


def _texts(message: EmailMessage, kind: str) -> str:
    return "".join(str(part.get_content()) for part in message.walk() if part.get_content_type() == kind)


def test_an_edited_draft_that_is_plain_goes_out_as_it_was_edited(send: Send) -> None:
    sent = send("plain")
    assert EDITED in _texts(sent, "text/plain") and WRITTEN not in sent.as_string()
    assert not _texts(sent, "text/html")
    assert (sent["X-Unsent"], sent["In-Reply-To"]) == (None, "<1@kurkiaura-konsultointi.example>")
    assert CONTACT in str(sent["To"])


def test_beside_an_edited_text_the_html_of_both_forms_goes_out_unedited(send: Send) -> None:
    """Why `SALDO_MAIL_FORM=plain` is for such mail programs: this is what happens without it."""
    sent = send("both")
    assert EDITED in _texts(sent, "text/plain")
    assert WRITTEN in _texts(sent, "text/html")
    assert sent["X-Unsent"] is None
