"""Watching a real Dovecot: every mail gets its one draft, whoever is killed, restarted or out of room meanwhile."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from saldo.billing import create_database
from saldo.errors import SaldoError
from saldo.mail.inbox import BadMailServer, Inbox, LoginRefused, MailServerFailed, Secret, secret_of, server_of
from tests.mail.dovecot import PASSWORD, Dovecot, token
from tests.mail.mails import mail_bytes
from tests.support import CHECKOUT

MAILS = int(os.environ.get("SALDO_TEST_MAILS", "60"))
"""Set it to 500 for the long version; SALDO_TEST_DATABASE_URL puts the ledger into an empty PostgreSQL database."""
ROUNDS = max(6, MAILS // 12)
STANDSTILL = 120.0
"""Seconds without any progress after which a test fails; a worker starts within two, on a quiet machine."""
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def dovecot(needs_service: Callable[[str], NoReturn]) -> Iterator[Dovecot]:
    if not Dovecot.is_there():
        needs_service("there is no Dovecot; install Debian's package dovecot-imapd")
    server = Dovecot()
    server.start()
    yield server
    server.remove()


@pytest.fixture
def start(dovecot: Dovecot, tmp_path: Path) -> Iterator[Start]:
    database = os.environ.get("SALDO_TEST_DATABASE_URL", f"sqlite:///{tmp_path}/saldo.db")
    create_database(database)
    begun: list[subprocess.Popen[str]] = []

    def start(*once: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.mail.worker", dovecot.url, str(tmp_path / "out"), database, *once]
        with (tmp_path / "log").open("a") as log:
            print(f"a worker begins at {time.monotonic():.1f}", file=log, flush=True)
            begun.append(subprocess.Popen(command, cwd=CHECKOUT, stderr=log, text=True))
        return begun[-1]

    yield start
    for each in begun:
        if each.poll() is None:
            each.send_signal(signal.SIGUSR1)
            time.sleep(0.1)
    for each in begun:
        each.kill()
        each.wait()
    print((tmp_path / "log").read_text())  # shown where a test fails


def deliver(dovecot: Dovecot, first: int, last: int) -> None:
    for number in range(first, last):
        dovecot.deliver(f"{number:05}", mail_bytes(message_id=f"<{number:05}@x.example>", subject=f"Lasku {number}"))


def answered(dovecot: Dovecot) -> list[str]:
    found = (re.search(rb"^In-Reply-To: <(\d+)@", draft, re.MULTILINE) for draft in dovecot.drafts())
    return sorted(each[1].decode() for each in found if each)


def wait_until(done: Callable[[], bool], progress: Callable[[], object] = lambda: None) -> None:
    """Wait as long as anything moves: a slow machine only takes longer, one that stands still fails."""
    seen, until = progress(), time.monotonic() + STANDSTILL
    while not done():
        assert time.monotonic() < until, f"nothing moved for {STANDSTILL:.0f} s"
        time.sleep(0.1)
        if (now := progress()) != seen:
            seen, until = now, time.monotonic() + STANDSTILL


def test_mail_that_waits_and_mail_that_arrives(dovecot: Dovecot, start: Start) -> None:
    deliver(dovecot, 0, 3)
    start()
    wait_until(lambda: len(answered(dovecot)) == 3)
    deliver(dovecot, 3, 5)
    wait_until(lambda: len(answered(dovecot)) == 5)
    with Inbox(server_of(dovecot.url), Secret(PASSWORD, False)) as inbox:
        wait_until(lambda: inbox.waiting() == [])


def test_none_is_lost_and_none_doubled_whatever_is_killed(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    """Each round brings new mail, and kills a worker once that moves: at whatever it is doing just then."""
    workers, dice = [start(), start()], random.Random(5)
    for number in range(ROUNDS):
        first, last = MAILS * number // ROUNDS, MAILS * (number + 1) // ROUNDS
        deliver(dovecot, first, last)
        wait_until(lambda first=first: any(each >= f"{first:05}" for each in answered(dovecot)))  # type: ignore[misc]
        time.sleep(dice.uniform(0.0, 0.3))
        victim = dice.randrange(2)
        workers[victim].kill()
        workers[victim] = start()
        if number % 3 == 1:
            dovecot.restart()
    wait_until(lambda: len(set(answered(dovecot))) == MAILS, lambda: len(answered(dovecot)))
    for each in workers:
        each.kill()
        each.wait()
    assert start("once").wait(STANDSTILL) == 0
    found, log = answered(dovecot), (tmp_path / "log").read_text()
    ports = set(re.findall(r"connects to port (\d+)", log))
    lost, doubled = MAILS - len(set(found)), len(found) - len(set(found))
    print(f"{len(set(found))} mails handled, {lost} lost, {doubled} doubled, {ROUNDS} workers killed, ports {ports}")
    assert found == [f"{number:05}" for number in range(MAILS)]
    assert ports == {str(dovecot.port)}


def test_a_full_disk_holds_drafts_up_and_loses_none(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    mails = max(3, MAILS // 20)
    dovecot.restart(quota=f"messages={mails + 1}")  # room for all mails and one draft
    deliver(dovecot, 0, mails)
    start()
    wait_until(lambda: "does not take the draft" in (tmp_path / "log").read_text())
    wait_until(lambda: len(answered(dovecot)) == 1)
    dovecot.restart()
    wait_until(lambda: len(set(answered(dovecot))) == mails, lambda: len(answered(dovecot)))
    assert answered(dovecot) == [f"{number:05}" for number in range(mails)]


def test_a_new_numbering_makes_no_second_draft(dovecot: Dovecot, start: Start) -> None:
    deliver(dovecot, 0, 3)
    assert start("once").wait(STANDSTILL) == 0
    dovecot.stop()
    for path in (dovecot.folder / "mail").glob("dovecot*"):
        path.unlink()
    dovecot.start()
    assert start("once").wait(STANDSTILL) == 0
    assert answered(dovecot) == ["00000", "00001", "00002"]


def test_a_wrong_password_is_a_sentence(dovecot: Dovecot) -> None:
    with pytest.raises(LoginRefused) as caught, Inbox(server_of(dovecot.url), Secret("wrong one", False)):
        pass
    assert "wrong one" not in str(caught.value)


def test_an_access_token_opens_the_mailbox(dovecot: Dovecot) -> None:
    """By XOAUTH2, as Microsoft's and Google's mailboxes ask for it."""
    deliver(dovecot, 0, 1)
    with Inbox(server_of(dovecot.url), Secret(token(), True)) as inbox:
        assert len(inbox.waiting()) == 1
    with pytest.raises(LoginRefused), Inbox(server_of(dovecot.url), Secret(token(lifetime=-60), True)):
        pass
    with pytest.raises(LoginRefused), Inbox(server_of(dovecot.url), Secret(token("somebody-else"), True)):
        pass


def test_a_token_that_is_refused_is_a_sentence(dovecot: Dovecot) -> None:
    with pytest.raises(LoginRefused) as caught, Inbox(server_of(dovecot.url), Secret("stale token", True)):
        pass
    assert "stale token" not in str(caught.value)


def test_the_secret_comes_from_the_environment_and_is_never_shown() -> None:
    assert secret_of({"SALDO_MAIL_PASSWORD": "a", "SALDO_MAIL_TOKEN": "b"}) == Secret("b", True)
    assert secret_of({"SALDO_MAIL_PASSWORD": "a"}) == Secret("a", False)
    assert "hidden" not in repr(Secret("hidden", False))
    with pytest.raises(SaldoError, match="SALDO_MAIL_PASSWORD"):
        secret_of({})


def test_a_server_that_is_not_there_is_a_sentence() -> None:
    with (
        pytest.raises(MailServerFailed, match=r"127\.0\.0\.1:1 failed"),
        Inbox(server_of("imap://a@127.0.0.1:1"), Secret("x", False)),
    ):
        pass


@pytest.mark.parametrize(
    "url", ["", "http://x", "imaps://imap.example.com", "imaps://a:secret@x.example", "imaps://a@x:99999"]
)
def test_addresses_that_name_no_mailbox(url: str) -> None:
    with pytest.raises(BadMailServer) as caught:
        server_of(url)
    assert "secret" not in str(caught.value)


def test_an_address_says_where_and_who() -> None:
    server = server_of("imaps://support%40saldo.example@imap.saldo.example/INBOX/Laskut")
    assert (server.user, server.port, server.folder, server.encrypted) == (
        "support@saldo.example",
        993,
        "INBOX/Laskut",
        True,
    )
