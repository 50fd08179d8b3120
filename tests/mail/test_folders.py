"""Where drafts go: the folder the server marks, one of the usual names, or the one that is asked for by name."""

from __future__ import annotations

import pytest

from saldo.mail.imap.connection import Folders
from saldo.mail.imap.server import Secret, server_of
from saldo.mail.inbox import Inbox
from tests.mail.dovecot import PASSWORD, Dovecot
from tests.mail.mails import mail_bytes
from tests.mail.watching import Start, answered, deliver, wait_until


def lay(dovecot: Dovecot, drafts: str | None = None, folder: str = "INBOX") -> None:
    server = server_of(dovecot.url.replace("INBOX", folder))
    with Inbox(server, Secret(PASSWORD, False), drafts) as inbox:
        inbox.lay(mail_bytes())


@pytest.mark.parametrize("dovecot", [{"prefix": "INBOX."}], indirect=True)
def test_a_mailbox_whose_folders_lie_under_inbox(dovecot: Dovecot, start: Start) -> None:
    """As Courier, Cyrus and many a hosting company have it: `CREATE Drafts` is refused there."""
    deliver(dovecot, 0, 1)
    start("all")
    wait_until(lambda: answered(dovecot) == ["00000"])


@pytest.mark.parametrize(
    ("dovecot", "place"),
    [({"marked": False}, "Drafts"), ({"marked": False, "prefix": "INBOX."}, "INBOX.Drafts")],
    indirect=["dovecot"],
)
def test_a_folder_that_is_made_is_subscribed_to(dovecot: Dovecot, place: str) -> None:
    """Thunderbird shows only folders that are subscribed to: nobody would find the drafts."""
    lay(dovecot)
    assert len(dovecot.drafts("Drafts")) == 1
    assert place in dovecot.subscriptions()


@pytest.mark.parametrize(
    ("dovecot", "wanted", "on_disk"),
    [
        ({}, "Saldo", "Saldo"),
        ({}, "Luonnokset", "Luonnokset"),
        ({}, "Tuki/Luonnokset: ä", "Tuki.Luonnokset: &AOQ-"),
        ({"prefix": "INBOX."}, "Saldo", "Saldo"),
        ({"prefix": "INBOX."}, "INBOX.Saldo", "Saldo"),
        ({"prefix": "INBOX."}, "Tuki/Saldo", "Tuki.Saldo"),
    ],
    indirect=["dovecot"],
)
def test_drafts_go_where_they_are_wanted(dovecot: Dovecot, wanted: str, on_disk: str) -> None:
    lay(dovecot, wanted)
    lay(dovecot, wanted)  # it is there now
    assert len(dovecot.drafts(on_disk)) == 2
    assert (dovecot.drafts() == []) or on_disk == "Luonnokset"


@pytest.mark.parametrize("dovecot", [{"prefix": "INBOX."}], indirect=True)
def test_a_folder_under_inbox_is_watched_by_its_own_name(dovecot: Dovecot) -> None:
    lay(dovecot, "Laskut")
    with Inbox(server_of(dovecot.url.replace("INBOX", "Laskut")), Secret(PASSWORD, False)) as inbox:
        assert inbox.next_number == 2


@pytest.mark.parametrize(
    ("folders", "name", "named"),
    [
        (Folders(("INBOX", "Drafts"), "", "/", None), "Drafts", "Drafts"),
        (Folders(("INBOX",), "", "/", None), "a/b", "a/b"),
        (Folders(("INBOX",), "", ".", None), "a/b", "a.b"),
        (Folders(("INBOX",), "INBOX/", "/", None), "a/b", "INBOX/a/b"),
        (Folders(("INBOX", "Public/a"), "INBOX.", ".", None), "Public/a", "Public/a"),
        (Folders(("INBOX",), "INBOX.", ".", None), "inbox", "inbox"),
        (Folders(("INBOX",), "INBOX.", ".", None), "INBOX/Laskut", "INBOX.Laskut"),
    ],
)
def test_a_name_becomes_the_servers(folders: Folders, name: str, named: str) -> None:
    assert folders.named(name) == named


def test_the_usual_names_are_looked_for() -> None:
    folders = Folders(("INBOX", "INBOX.Concepten"), "INBOX.", ".", None)
    assert folders.drafts_folder(None) == "INBOX.Concepten"
    assert Folders(("INBOX", "X"), "", "/", "X").drafts_folder(None) == "X"
    assert Folders(("INBOX",), "", "/", None).drafts_folder(None) == "Drafts"
