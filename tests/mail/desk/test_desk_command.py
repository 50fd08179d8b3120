"""`saldo mail desk`, the command itself: with the real model, and with what a user may get wrong."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from saldo.billing import Repository, open_database
from saldo.errors import SaldoError
from saldo.mail.desk.desk import Office
from saldo.mail.handler import MailHandler
from tests.conftest import SALDO, environment_of
from tests.mail.desk.hands import DeskServer, drafted
from tests.mail.mails import CONTACT, PROVEN, mail_bytes
from tests.serving import clean_environment, free_port
from tests.support import Ran
from tests.waiting import START, until


def test_other_topics_are_drafted_with_the_customers_figures_and_an_edit_is_kept(home: Path, tmp_path: Path) -> None:
    asked = mail_bytes("Mitä tapahtuu?", authentication_results=PROVEN, subject="Kysymys")
    server = DeskServer(drafted(tmp_path, {"1": asked}), "fi")
    environment = {**environment_of(home), "SALDO_MAIL_AUTHSERV_ID": "mx.saldo.example"}
    command = [str(SALDO), "mail", "desk", str(server.folder), "--port", str(server.port), "--language", "fi"]
    log = tmp_path / "log"
    with log.open("w") as file:
        process = subprocess.Popen(command, env=clean_environment(**environment), stderr=file, stdout=file)
    try:
        until(lambda: "#" in log.read_text() or process.poll() is not None, log.read_text, seconds=START)
        found = re.search(r"http://127\.0\.0\.1:(\d+)/#([\w-]{43})\s", log.read_text())
        assert found and int(found[1]) == server.port, log.read_text()
        server.token = found[2]
        stem = server.mail("1")["stem"]
        shown = server.tell("topics", mail=stem, topics=["seat_count"], revision="")
        assert "Hei Aino," in shown["letter"] and "lisenssi" in shown["letter"]
        labels = {fact["label"] for fact in shown["facts"]}
        assert "Lisenssejä tilauksessa" in labels and shown["identity"].startswith("Lähettäjä on varmistettu")
        licences = next(fact["value"] for fact in shown["facts"] if fact["name"] == "licences")
        assert f"{licences} lisenssiä" in shown["letter"]
        server.tell("letter", mail=stem, text="Hei Aino,\n\nOma teksti.", revision=shown["revision"])
        assert b"Oma teksti." in (server.folder / f"{stem}.eml").read_bytes()
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
    assert "Traceback" not in log.read_text()
    records = Repository(open_database(f"sqlite:///{home}/var/saldo.db"))
    assert records.customers_of_contact(CONTACT) == ["FI-2001"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere"], "there is no such folder"),
        ([".", "--language", "sv"], "--language must be one of nl, fi, en"),
        ([".", "--mailbox", "https://x"], "The mailbox's address must begin with imaps://"),
        ([".", "--mailbox", "imaps://a:b@x/INBOX"], "holds a password"),
        ([".", "--mailbox", "imaps://a@x/INBOX"], "There is no password"),
    ],
)
def test_a_users_mistake_is_one_line(
    saldo: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = saldo("mail", "desk", *arguments, "--port", str(free_port()))
    assert ran.code == 2 and told in ran.err and ran.err.count("\n") == 1


def test_a_port_that_is_taken_is_told(saldo: Callable[..., Ran], tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = saldo("mail", "desk", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert ran.code == 2 and "is taken" in ran.err


def test_a_model_that_is_made_meanwhile_is_loaded_at_the_next_try() -> None:
    tries: list[int] = []

    def make() -> MailHandler:
        tries.append(1)
        raise SaldoError("There is no model yet; run `saldo train`.")

    async def ask_twice() -> None:
        office = Office(make)
        for _ in range(2):
            with pytest.raises(SaldoError, match="no model"):
                await office.handler()

    asyncio.run(ask_twice())
    assert len(tries) == 2


def test_the_desk_loads_no_rasa_until_it_drafts() -> None:
    code = "import sys, saldo.mail.desk.server; sys.exit(bool({'rasa', 'smtplib'} & {*sys.modules}))"
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ})
