"""Conversations of a real server are laid into the team's real mailbox, as mails to the team."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailBoxUnencrypted

from tests.conftest import SALDO, environment_of
from tests.mail.dovecot import PASSWORD, USER, Dovecot
from tests.serving import Server, clean_environment, free_port
from tests.support import Caller

pytestmark = pytest.mark.long

SIXTY = "Miksi laskulla on 60 lisenssiä, vaikka meillä on 10?"
ANGRY = "Tämä on jo kolmas kerta, kun lasku on väärin. Tämä ei käy."
SEATS = "Waarom betaal ik voor meer licenties dan er gebruikers zijn?"


@pytest.fixture
def serve(home: Path, dovecot: Dovecot) -> Iterator[Callable[..., Server]]:
    """Starts a server that has the mailbox."""
    servers = []

    def start(**environment: str) -> Server:
        mailbox = {"SALDO_HANDOVER_MAILBOX": dovecot.url, "SALDO_MAIL_PASSWORD": PASSWORD}
        log = home / "var" / "handover-server.log"
        log.unlink(missing_ok=True)
        server = Server(free_port(), {**environment_of(home), **mailbox, **environment}, log)
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        if server.process and server.process.poll() is None:
            server.stop(signal.SIGKILL)


def mails(dovecot: Dovecot) -> list[EmailMessage]:
    """All that lies in the mailbox itself, oldest first."""
    paths = [path for part in ("cur", "new") for path in (dovecot.folder / "mail" / part).glob("*")]
    read = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(paths))
    return [each for each in read if isinstance(each, EmailMessage)]


def keywords(dovecot: Dovecot) -> list[set[str]]:
    with MailBoxUnencrypted("127.0.0.1", dovecot.port).login(USER, PASSWORD) as box:
        return [set(each.flags) for each in box.fetch(mark_seen=False)]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def hand_over(caller: Caller, session: str, **body: Any) -> dict[str, Any]:
    reply = caller.post("/handover", body, session)
    assert reply.status == 202, reply.body
    return dict(reply.json())


def test_the_team_finds_the_conversation_in_its_mailbox(dovecot: Dovecot, serve: Callable[..., Server]) -> None:
    caller = Caller(serve().port, "127.0.0.1")
    identity = caller.post("/demo/identity", {"customer": "FI-2001"}).json()["identity"]
    session = caller.begin(identity=identity)
    caller.ask(session, SIXTY)
    caller.ask(session, ANGRY)
    first, again = (hand_over(caller, session, email="aino@kurki.example") for _ in range(2))
    assert first == again == {"reference": first["reference"]}
    (mail,) = mails(dovecot)
    assert first["reference"] in mail["Subject"]
    assert mail["From"].addresses[0].addr_spec == mail["To"].addresses[0].addr_spec == "severa.support@visma.com"
    assert mail["Reply-To"].addresses[0].addr_spec == "aino@kurki.example"
    assert (mail["Auto-Submitted"], mail["Importance"]) == ("auto-generated", "high")
    text = text_of(mail)
    assert all(part in text for part in (SIXTY, ANGRY, "Kurkiaura Konsultointi Oy (FI-2001)", "10 lisenssiä × 6"))
    assert keywords(dovecot) == [{"SaldoHandled", "Saldo-Person", "Saldo-Urgent"}]
    hand_over(caller, session, email="aino.ahovaara@kurki.example")
    assert [each["Reply-To"] for each in mails(dovecot)] == ["aino@kurki.example", "aino.ahovaara@kurki.example"]


@pytest.mark.fault(
    "the team's mailbox is away", expected="the customer has a reference at once; the next try lays it there"
)
def test_a_mailbox_that_is_away_keeps_nobody_waiting_and_gets_it_at_the_next_try(
    dovecot: Dovecot, serve: Callable[..., Server]
) -> None:
    server = serve()
    caller = Caller(server.port, "127.0.0.1")
    session = caller.begin()
    caller.ask(session, SEATS)
    dovecot.stop()
    given = hand_over(caller, session, email="piet@klant.example")
    assert given["mailto"].startswith("mailto:")
    assert "a handover is in the review alone" in server.said()
    assert "piet" not in server.said() and "licenties" not in server.said()
    dovecot.start()
    assert hand_over(caller, session, email="piet@klant.example") == {"reference": given["reference"]}
    assert len(mails(dovecot)) == 1


@pytest.mark.parametrize("dovecot", [{"prefix": "INBOX."}], indirect=True)
def test_a_folder_of_the_mailbox(dovecot: Dovecot, serve: Callable[..., Server]) -> None:
    with MailBoxUnencrypted("127.0.0.1", dovecot.port).login(USER, PASSWORD) as box:
        box.folder.create("INBOX.Saldo")
    caller = Caller(serve(SALDO_HANDOVER_MAILBOX=dovecot.url.replace("INBOX", "Saldo")).port, "127.0.0.1")
    session = caller.begin()
    caller.ask(session, SEATS)
    hand_over(caller, session, email="piet@klant.example")
    (laid,) = (dovecot.folder / "mail" / ".Saldo").glob("*/*:2,*")
    assert b"Reply-To: piet@klant.example" in laid.read_bytes()


@pytest.mark.parametrize(
    ("mailbox", "password", "said"),
    [
        ("imaps://piet:hunter2@mail.example/INBOX", "x", "SALDO_HANDOVER_MAILBOX is '…'; allowed: the address"),
        ("smtp-like nonsense", "x", "SALDO_HANDOVER_MAILBOX is '…'; allowed: the address"),
        ("imaps://piet@mail.example/INBOX", "", "There is no password; set SALDO_MAIL_PASSWORD"),
    ],
)
def test_a_mailbox_that_makes_no_sense_stops_the_start(home: Path, mailbox: str, password: str, said: str) -> None:
    settings = {"SALDO_HANDOVER_MAILBOX": mailbox, "SALDO_MAIL_PASSWORD": password}
    command = [str(SALDO), "serve", "--port", str(free_port())]
    environment = clean_environment(**environment_of(home), **settings)
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 2, ran.stderr
    assert said in re.sub(r"\s+", " ", ran.stderr)
    assert "hunter2" not in ran.stderr and "Traceback" not in ran.stderr
