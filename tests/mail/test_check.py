"""`saldo mail check`: what would be proven in a mailbox, and where drafts would go; it changes nothing there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from saldo.mail.check import MAILS, Check, report
from saldo.mail.imap.server import Secret, server_of
from tests.mail.dovecot import PASSWORD, USER, Dovecot
from tests.mail.mails import PROVEN, mail_bytes


def deliver(dovecot: Dovecot, count: int, results: str | None) -> None:
    for _ in range(count):
        name = f"{len(list((dovecot.folder / 'mail').glob('*/0*'))):05}"
        dovecot.deliver(name, mail_bytes(message_id=f"<{name}@x.example>", authentication_results=results))


def lines(dovecot: Dovecot, *own: str) -> list[str]:
    with Check(server_of(dovecot.url), Secret(PASSWORD, False)) as found:
        return list(report(found, own))


def state(dovecot: Dovecot) -> tuple[list[tuple[str | None, tuple[str, ...]]], list[str], list[str]]:
    """All that another program sees of the mailbox: flags of each mail, \\Recent too, folders, subscriptions."""
    with MailBoxUnencrypted("127.0.0.1", dovecot.port).login(USER, PASSWORD, initial_folder=None) as box:
        box.folder.set("INBOX", readonly=True)
        flags = [(each.uid, each.flags) for each in box.fetch(mark_seen=False, headers_only=True)]
        return flags, [each.name for each in box.folder.list()], dovecot.subscriptions()


@pytest.mark.parametrize("dovecot", [{"marked": False}], indirect=True)
def test_it_changes_nothing(dovecot: Dovecot) -> None:
    deliver(dovecot, 3, PROVEN)
    before = state(dovecot)
    asked = len(dovecot.commands())
    assert lines(dovecot)
    commands = dovecot.commands()[asked:]
    assert state(dovecot) == before
    assert len(before[0]) == 3 and all("\\Recent" in flags for _, flags in before[0])
    words = {each.removeprefix("UID ").split()[0] for each in commands}
    assert words <= {"CAPABILITY", "NAMESPACE", "LIST", "EXAMINE", "SEARCH", "FETCH", "LOGOUT"}
    assert all("PEEK" in each for each in commands if "FETCH" in each)


def test_it_tells_who_vouches_and_what_would_be_proven(dovecot: Dovecot) -> None:
    deliver(dovecot, 20, "mx.old.example; dmarc=fail header.from=x.example")  # too old to be looked at
    deliver(dovecot, 45, PROVEN)
    deliver(dovecot, 3, None)
    deliver(dovecot, 2, "mx.evil.example; dmarc=pass header.from=kurkiaura-konsultointi.example")
    found = lines(dovecot)
    assert found[0] == (f"{USER}@127.0.0.1/INBOX: 70 mails, 70 of them not answered; nothing was changed.")
    assert found[1:5] == [
        "Folders: INBOX, Luonnokset",
        "Drafts go to Luonnokset (marked so by the server)",
        "Sent mail: no folder is known for it; --sent NAME tells",
        "News: the server tells (IDLE)",
    ]
    text = "\n".join(found)
    assert f"The last {MAILS} mails have on top:\n   45 mx.saldo.example\n    3 no Authentication-Results" in text
    assert "mx.old.example" not in text
    assert "SALDO_MAIL_AUTHSERV_ID=(not set): 0 of 50 senders\n   50 not: no mail server of ours" in text
    assert found[-1] == (
        "mx.saldo.example stands on most of them. If that is what your own mail server calls itself, "
        "SALDO_MAIL_AUTHSERV_ID=mx.saldo.example would prove 45 of 50 senders."
    )
    assert "=mx.evil.example" not in text  # a server of ours would stand on every mail

    configured = "\n".join(lines(dovecot, "mx.saldo.example"))
    assert "   45 mx.saldo.example (yours)" in configured
    assert "SALDO_MAIL_AUTHSERV_ID=mx.saldo.example: 45 of 50 senders\n    3 not: our mail server did not" in configured


@pytest.mark.parametrize("dovecot", [{"marked": False, "prefix": "INBOX.", "idle": "no"}], indirect=True)
def test_a_bare_mailbox(dovecot: Dovecot) -> None:
    assert lines(dovecot)[1:] == [
        "Folders: INBOX",
        "Drafts go to INBOX.Drafts (which would be made)",
        "Sent mail: no folder is known for it; --sent NAME tells",
        "News: asked for every 20 s (no IDLE)",
        "There is no mail yet to tell from how senders are proven.",
    ]


def test_the_command_needs_neither_a_model_nor_records(dovecot: Dovecot, tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    deliver(dovecot, 1, PROVEN)
    environment = {**os.environ, "SALDO_HOME": str(tmp_path), "SALDO_MAIL_PASSWORD": PASSWORD}
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("saldo")), "mail", "check", dovecot.url],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "would prove 1 of 1 senders" in ran.stdout
    assert sorted(each.name for each in tmp_path.iterdir()) == ["faq"]
