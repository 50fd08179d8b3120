"""Watching a real Dovecot: every mail gets its one draft, whoever is killed, restarted or out of room meanwhile."""

from __future__ import annotations

import json
import os
import random
import re
import time
from pathlib import Path

import pytest

from saldo.mail.imap.server import Secret, server_of
from saldo.mail.inbox import Inbox
from saldo.mail.store.beginnings import Beginning
from tests.mail.dovecot import PASSWORD, Dovecot
from tests.mail.mails import mail_bytes
from tests.mail.watching import STANDSTILL, Start, answered, deliver, wait_until

pytestmark = pytest.mark.long

MAILS = int(os.environ.get("SALDO_TEST_MAILS", "60"))
"""Set it to 1000 for the long version; SALDO_TEST_DATABASE_URL puts the ledger into an empty PostgreSQL database."""
ROUNDS = max(6, MAILS // 12)


def test_mail_that_waits_and_mail_that_arrives(dovecot: Dovecot, start: Start) -> None:
    deliver(dovecot, 0, 3)
    start("all")
    wait_until(lambda: len(answered(dovecot)) == 3)
    deliver(dovecot, 3, 5)
    wait_until(lambda: len(answered(dovecot)) == 5)
    with Inbox(server_of(dovecot.url), Secret(PASSWORD, False)) as inbox:
        everything = Beginning(inbox.validity, 1, 0.0)
        wait_until(lambda: inbox.news(everything) == [])


@pytest.mark.fault(
    "workers on a mailbox are killed at any moment, and the mail server's process too",
    expected="each mail gets one draft",
)
def test_none_is_lost_and_none_doubled_whatever_is_killed(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    """Each round brings new mail, and kills a worker once that moves: at whatever it is doing just then."""
    workers, dice = [start("all"), start("all")], random.Random(5)
    for number in range(ROUNDS):
        first, last = MAILS * number // ROUNDS, MAILS * (number + 1) // ROUNDS
        deliver(dovecot, first, last)
        wait_until(lambda first=first: any(each >= f"{first:05}" for each in answered(dovecot)))  # type: ignore[misc]
        time.sleep(dice.uniform(0.0, 0.3))
        victim = dice.randrange(2)
        workers[victim].kill()
        workers[victim] = start("all")
        if number % 3 == 1:
            dovecot.restart()
    wait_until(lambda: len(set(answered(dovecot))) == MAILS, lambda: len(answered(dovecot)))
    for each in workers:
        each.kill()
        each.wait()
    assert start("once", "all").wait(STANDSTILL) == 0
    found, log = answered(dovecot), (tmp_path / "log").read_text()
    reviews = [json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.review.json")]
    ports = set(re.findall(r"connects to port (\d+)", log))
    lost, doubled = MAILS - len(set(found)), len(found) - len(set(found))
    print(f"{len(set(found))} mails handled, {lost} lost, {doubled} doubled, {ROUNDS} workers killed, ports {ports}")
    assert found == [f"{number:05}" for number in range(MAILS)]
    assert sorted(each["message_id"][1:6] for each in reviews) == found
    assert ports == {str(dovecot.port)}


@pytest.mark.fault("a mail that Saldo itself fails on", expected="it is met once and left to a person")
def test_a_fault_of_ours_is_met_once_and_two_mails_with_one_message_id_are_two(
    dovecot: Dovecot, start: Start, tmp_path: Path
) -> None:
    dovecot.deliver("1", mail_bytes("struikel", message_id="<1@x.example>"))
    for subject in ("Scan 1", "Scan 2"):
        dovecot.deliver(subject, mail_bytes(message_id="<00002@x.example>", subject=subject))
    for _ in range(2):
        assert start("once", "all").wait(STANDSTILL) == 0
        assert answered(dovecot) == ["00002", "00002"]
        reviews = [json.loads(path.read_text()) for path in (tmp_path / "out").glob("*.review.json")]
        reasons = [each["outcome_reason"] for each in reviews if each["message_id"] == "<1@x.example>"]
        assert len(reviews) == 3
        assert len(reasons) == 1 and reasons[0].startswith("could not be drafted")
    assert len(re.findall(r"^(?:drafted|skipped): ", (tmp_path / "log").read_text(), re.MULTILINE)) == 3
    with Inbox(server_of(dovecot.url), Secret(PASSWORD, False)) as inbox:
        assert inbox.news(Beginning(inbox.validity, 1, 0.0)) == []


@pytest.mark.fault("the mail server's disk is full", expected="drafts wait; none is lost when there is room again")
def test_a_full_disk_holds_drafts_up_and_loses_none(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    mails = max(3, MAILS // 20)
    dovecot.restart(quota=f"messages={mails + 1}")  # room for all mails and one draft
    deliver(dovecot, 0, mails)
    start("all")
    wait_until(
        lambda: "does not take the draft into Luonnokset: the mailbox is full." in (tmp_path / "log").read_text()
    )
    wait_until(lambda: len(answered(dovecot)) == 1)
    dovecot.restart()
    wait_until(lambda: len(set(answered(dovecot))) == mails, lambda: len(answered(dovecot)))
    assert answered(dovecot) == [f"{number:05}" for number in range(mails)]


@pytest.mark.fault("the mailbox counts its mails anew (UIDVALIDITY)", expected="no mail gets a second draft")
def test_a_new_numbering_makes_no_second_draft(dovecot: Dovecot, start: Start) -> None:
    deliver(dovecot, 0, 3)
    assert start("once", "all").wait(STANDSTILL) == 0
    dovecot.stop()
    for path in (dovecot.folder / "mail").glob("dovecot*"):
        path.unlink()
    dovecot.start()
    assert start("once", "all").wait(STANDSTILL) == 0
    assert answered(dovecot) == ["00000", "00001", "00002"]
