"""The desk's letters go into a real Dovecot's Drafts, in place of what the watch laid there, if nobody touched it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted

from saldo.mail.desk.letter import letter_of, parsed
from tests.mail.desk.hands import DeskServer
from tests.mail.dovecot import PASSWORD, USER, Dovecot
from tests.mail.mails import mail_bytes
from tests.mail.watching import Start

pytestmark = pytest.mark.long

Desk = Callable[[], DeskServer]


@pytest.fixture
def desk(dovecot: Dovecot, start: Start, tmp_path: Path) -> Iterator[Desk]:
    """Opens the desk on what a watch made of two mails: one with a draft, one for a person."""
    begun: list[DeskServer] = []

    def open_desk() -> DeskServer:
        dovecot.deliver("1", mail_bytes("Hoe kan ik opzeggen?", message_id="<1@x.example>"))
        dovecot.deliver(
            "2", mail_bytes("Hebben jullie een koppeling?", message_id="<2@x.example>", subject="Koppeling")
        )
        assert start("once", "all").wait(60) == 0
        begun.append(DeskServer(tmp_path / "out", url=dovecot.url).start())
        return begun[-1]

    yield open_desk
    for server in begun:
        server.stop()


def letters(dovecot: Dovecot) -> list[str]:
    return [letter_of(parsed(each)).text for each in dovecot.drafts()]


def subject_of(server: DeskServer, subject: str) -> str:
    rows = [*server.ask("queue")["rows"], *server.ask("queue", show="done")["rows"]]
    return next(str(row["stem"]) for row in rows if row["subject"] == subject)


def test_an_edited_letter_takes_the_place_of_the_untouched_draft(desk: Desk, dovecot: Dovecot) -> None:
    server = desk()
    assert len(dovecot.drafts()) == 1
    mail = server.ask("mail", mail=subject_of(server, "Lasku"))
    for text in ("Beste Aino,\n\nDat kan per e-mail.", "Beste Aino,\n\nDat kan alleen per e-mail."):
        edited = server.tell("letter", mail=mail["stem"], text=text, revision=mail["revision"])
        mail = server.tell("drafts", mail=edited["stem"], revision=edited["revision"])
        assert (letters(dovecot), mail["state"], mail["folder"]) == ([text], "in_drafts", "Luonnokset")
    (draft,) = (message_from_bytes(each, policy=policy.default) for each in dovecot.drafts())
    assert draft["X-Unsent"] is None and draft["In-Reply-To"] == "<1@x.example>"
    again = server.tell("drafts", mail=mail["stem"], revision=mail["revision"])
    assert letters(dovecot) == [again["letter"]]


def test_a_letter_on_picked_topics_is_laid_there_once(desk: Desk, dovecot: Dovecot) -> None:
    server = desk()
    stem = subject_of(server, "Koppeling")
    drafted = server.tell("topics", mail=stem, topics=["paid_twice"], revision="")
    server.tell("drafts", mail=stem, revision=drafted["revision"])
    drafted = server.tell("topics", mail=stem, topics=["seat_count"], revision=drafted["revision"])
    server.tell("drafts", mail=stem, revision=drafted["revision"])
    found = letters(dovecot)
    assert len(found) == 2 and "Over seat_count." in found[1] and "Over paid_twice." not in "".join(found)


def test_a_draft_that_somebody_went_on_with_is_left_alone(desk: Desk, dovecot: Dovecot) -> None:
    server = desk()
    changed = dovecot.drafts()[0].replace(b"Per e-mail.", b"Bel ons even.")
    with MailBoxUnencrypted("127.0.0.1", dovecot.port).login(USER, PASSWORD, "Luonnokset") as box:
        box.delete([str(uid) for uid in box.uids()])
        box.append(changed, "Luonnokset")
    mail = server.ask("mail", mail=subject_of(server, "Lasku"))
    edited = server.tell("letter", mail=mail["stem"], text="Beste Aino", revision=mail["revision"])
    reply = server.tried("drafts", mail=edited["stem"], revision=edited["revision"])
    assert reply.status == 422 and b"Somebody has changed this draft" in reply.body
    assert dovecot.drafts() == [changed]
    assert server.ask("mail", mail=mail["stem"])["state"] == "open"


def test_other_drafts_and_what_is_marked_as_deleted_stay(desk: Desk, dovecot: Dovecot) -> None:
    server = desk()
    with MailBoxUnencrypted("127.0.0.1", dovecot.port).login(USER, PASSWORD, "Luonnokset") as box:
        box.append(mail_bytes("Van een collega", message_id="<own@x.example>"), "Luonnokset")
        (own,) = box.uids('HEADER Message-ID "<own@x.example>"')
        box.client.uid("store", own, "+FLAGS", "(\\Deleted)")
    mail = server.ask("mail", mail=subject_of(server, "Lasku"))
    edited = server.tell("letter", mail=mail["stem"], text="Beste Aino", revision=mail["revision"])
    server.tell("drafts", mail=edited["stem"], revision=edited["revision"])
    assert sorted("Van een collega" in each.decode() for each in dovecot.drafts()) == [False, True]


def test_a_server_that_is_gone_is_told_and_nothing_changes(desk: Desk, dovecot: Dovecot) -> None:
    server = desk()
    mail = server.ask("mail", mail=subject_of(server, "Lasku"))
    dovecot.stop()
    reply = server.tried("drafts", mail=mail["stem"], revision=mail["revision"])
    assert reply.status == 422 and b"127.0.0.1" in reply.body
    assert server.ask("mail", mail=mail["stem"])["state"] == "open"
