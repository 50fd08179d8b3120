"""The first start begins now: what lay there before is the team's, and is drafted only where that is asked for."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from saldo.billing import create_database
from saldo.mail.imap.server import Secret, server_of
from saldo.mail.inbox import Inbox
from saldo.mail.store.beginnings import Beginning, beginning_of
from saldo.mail.store.claims import Claims
from tests.mail.dovecot import PASSWORD, Dovecot
from tests.mail.watching import STANDSTILL, Start, answered, deliver, in_order, wait_until

pytestmark = pytest.mark.long


def age(dovecot: Dovecot, number: int, day: str) -> None:
    """Make a mail one that came on that day."""
    moment = datetime.fromisoformat(f"{day}T12:00").timestamp()
    os.utime(next((dovecot.folder / "mail").glob(f"*/{number:05}*")), (moment, moment))


def test_the_first_start_begins_now_and_later_ones_go_on_from_there(
    dovecot: Dovecot, start: Start, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    deliver(dovecot, 0, 3)
    first = start()
    wait_until(lambda: "3 older mails wait" in log.read_text())
    assert "it begins now" in log.read_text()
    deliver(dovecot, 3, 5)
    wait_until(lambda: len(answered(dovecot)) == 2)
    first.kill()
    first.wait()
    deliver(dovecot, 5, 6)  # while nobody watches
    assert start("once").wait(STANDSTILL) == 0
    assert answered(dovecot) == ["00003", "00004", "00005"]
    assert log.read_text().count("it begins now") == 1
    assert log.read_text().count("3 older mails wait") == 2


def test_older_mails_are_taken_since_a_day_or_all_the_newest_first(
    dovecot: Dovecot, start: Start, tmp_path: Path
) -> None:
    deliver(dovecot, 0, 4)
    for number, day in enumerate(("2026-03-01", "2026-05-01", "2026-07-01", "2026-07-02")):
        age(dovecot, number, day)
    assert start("once", "2026-07-01").wait(STANDSTILL) == 0
    assert in_order(dovecot) == ["00003", "00002"]
    assert "2 older mails wait" in (tmp_path / "log").read_text()
    assert start("once", "all").wait(STANDSTILL) == 0
    assert in_order(dovecot) == ["00003", "00002", "00001", "00000"]


def test_news_comes_in_between(dovecot: Dovecot, start: Start) -> None:
    """A customer who writes now does not wait until the past is worked off."""
    deliver(dovecot, 0, 200)
    start("all")
    wait_until(lambda: len(answered(dovecot)) >= 3)
    deliver(dovecot, 500, 501)
    wait_until(lambda: "00500" in answered(dovecot))
    assert in_order(dovecot).index("00500") < 150


def test_an_older_mail_that_is_moved_here_is_news(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    """Somebody moves a mail out of the junk: it is as old as before, and has just come."""
    log = tmp_path / "log"
    start()
    wait_until(lambda: "it begins now" in log.read_text())
    deliver(dovecot, 0, 1)
    age(dovecot, 0, "2026-03-01")
    wait_until(lambda: answered(dovecot) == ["00000"])


def test_a_new_numbering_leaves_older_mails_alone(dovecot: Dovecot, start: Start) -> None:
    """When the numbers of a mailbox are new, the time decides what came since the beginning."""
    deliver(dovecot, 0, 2)
    age(dovecot, 0, "2026-03-01")
    age(dovecot, 1, "2026-03-02")
    assert start("once").wait(STANDSTILL) == 0
    deliver(dovecot, 2, 3)
    dovecot.stop()
    for path in (dovecot.folder / "mail").glob("dovecot*"):
        path.unlink()
    dovecot.start()
    assert start("once").wait(STANDSTILL) == 0
    assert answered(dovecot) == ["00002"]


@pytest.mark.parametrize(("later", "news"), [(0.9, ["1"]), (1.5, [])])
def test_a_mail_of_the_very_second_is_new_though_servers_tell_no_fractions(
    dovecot: Dovecot, later: float, news: list[str]
) -> None:
    deliver(dovecot, 0, 1)
    age(dovecot, 0, "2026-11-20")
    arrived = datetime.fromisoformat("2026-11-20T12:00").timestamp()
    with Inbox(server_of(dovecot.url), Secret(PASSWORD, False)) as inbox:
        assert inbox.news(Beginning("another numbering", 9, arrived + later)) == news


@pytest.mark.parametrize("moment", ["now", "before"])
def test_where_the_server_names_no_next_number_it_is_counted(dovecot: Dovecot, moment: str) -> None:
    deliver(dovecot, 0, 2)
    with Inbox(server_of(dovecot.url), Secret(PASSWORD, False)) as inbox:
        beginning = Beginning(inbox.validity, inbox.next_number if moment == "now" else 1, 0.0)
        found = inbox.news(beginning), inbox.older(beginning, "all")
    assert found == (([], ["2", "1"]) if moment == "now" else (["1", "2"], []))


def test_the_first_of_several_workers_sets_the_beginning(tmp_path: Path) -> None:
    engine = create_database(f"sqlite:///{tmp_path}/saldo.db")
    Claims(engine)
    begun, is_now = beginning_of(engine, "imap:x", "7", 5)
    again, is_now_again = beginning_of(engine, "imap:x", "8", 90)
    assert (begun.validity, begun.number, is_now) == ("7", 5, True)
    assert (again, is_now_again) == (begun, False)
    assert beginning_of(engine, "imap:y", "8", 90)[0].number == 90
