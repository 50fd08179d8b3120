"""Claims: one worker has a mail, whatever dies; on SQLite, and on PostgreSQL where one runs."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select, update

from saldo.billing import create_database
from saldo.billing.store.database import transaction
from saldo.errors import SaldoError
from saldo.mail.store import claims as module
from saldo.mail.store.claims import Claims, entries
from tests.waiting import DEADLINE, until

DAY = date(2026, 11, 2)


def test_the_first_has_it_and_the_others_do_not(database_url: str) -> None:
    one, two = Claims(create_database(database_url)), Claims(create_database(database_url))
    claim = one.claim("box", "<1@x>", "001")
    assert claim.state == "mine" and not claim.again
    assert two.claim("box", "<1@x>", "002").state == "busy"
    assert two.claim("other box", "<1@x>", "002").state == "mine"
    assert one.finish(claim, "drafted", "a@x", DAY)
    again = two.claim("box", "<1@x>", "002")
    assert (again.state, again.name) == ("done", "001")


def test_what_is_given_back_is_tried_again(database_url: str) -> None:
    one, two = Claims(create_database(database_url)), Claims(create_database(database_url))
    claim = one.claim("box", "<1@x>", "001")
    one.release(claim)
    taken = two.claim("box", "<1@x>", "001")
    assert taken.state == "mine" and taken.again
    assert not one.holds(claim)
    assert not one.finish(claim, "drafted", "a@x", DAY)


def test_a_dead_workers_claim_is_taken_over_after_a_moment(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = create_database(database_url)
    code = (
        "import sys; from saldo.billing import create_database; from saldo.mail.store.claims import Claims;"
        "Claims(create_database(sys.argv[1])).claim('box', '<1@x>', '001')"
    )
    subprocess.run([sys.executable, "-c", code, database_url], check=True)
    assert Claims(engine).claim("box", "<1@x>", "001").state == "busy"
    monkeypatch.setattr(module, "GRACE", -1.0)
    assert Claims(engine).claim("box", "<1@x>", "001").again


def test_a_zombie_is_dead() -> None:
    with subprocess.Popen(["true"]) as process:
        until(lambda: module._started(process.pid) == "", "a process that ended is not taken for dead")
    assert module._started(os.getpid())


def test_a_claim_from_elsewhere_runs_out(database_url: str) -> None:
    engine = create_database(database_url)
    claims = Claims(engine)
    claims.claim("box", "<1@x>", "001")
    for age, state in ((module.LEASE - 60, "busy"), (module.LEASE + 1, "mine")):
        values = {"worker": "elsewhere:1:1:x", "claimed_at": time.time() - age}
        with transaction(engine) as connection:
            connection.execute(update(entries).values(values))
        assert claims.claim("box", "<1@x>", "001").state == state


def test_drafts_are_counted_by_sender_and_day(database_url: str) -> None:
    claims = Claims(create_database(database_url))
    for number, outcome in enumerate(("drafted", "drafted", "skipped")):
        claims.finish(claims.claim("box", f"<{number}@x>", str(number)), outcome, "a@x", DAY)  # type: ignore[arg-type]
    assert claims.drafts_for("box", "a@x", DAY) == 2
    assert claims.drafts_for("box", "a@x", DAY, but="<1@x>") == 1
    assert claims.drafts_for("box", "a@x", date(2026, 11, 3)) == 0


def test_a_row_that_another_worker_is_looking_at_is_passed_over(postgresql_url: str) -> None:
    engine = create_database(postgresql_url)
    Claims(engine).claim("box", "<1@x>", "001")
    with transaction(engine) as connection:
        connection.execute(select(entries).with_for_update()).all()
        began = time.monotonic()
        assert Claims(create_database(postgresql_url)).claim("box", "<1@x>", "001").state == "busy"
        assert time.monotonic() - began < DEADLINE / 2


def test_many_workers_share_one_mailbox(database_url: str) -> None:
    create_database(database_url)
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        claimed = pool.map(claim_all, [database_url] * 4)
    count = Counter(identifier for each in claimed for identifier in each)
    assert len(count) == 50
    assert set(count.values()) == {1}


def claim_all(url: str) -> list[str]:
    claims = Claims(create_database(url))
    names = [f"<{number}@x>" for number in range(50)]
    mine = []
    for name in names:
        try:
            claim = claims.claim("box", name, name)
        except SaldoError:
            continue
        if claim.state == "mine":
            mine.append(name)
    return mine


def test_a_forgotten_claim_says_only_that_its_mail_is_done(database_url: str) -> None:
    engine = create_database(database_url)
    claims = Claims(engine)
    for box in ("imap:box", "folder:/box"):
        claims.finish(claims.claim(box, "<piet@x> 1", "piet"), "drafted", "piet@x", DAY)
    with transaction(engine) as connection:
        assert module.forget(connection, entries.c.sender == "piet@x") == 2
        assert module.forget(connection, entries.c.finished.is_not(None)) == 0
        left = [str(tuple(row)) for row in connection.execute(select(entries))]
    assert len(left) == 1 and "piet" not in left[0]
    watched = Claims(engine).claim("imap:box", "<piet@x> 1", "piet")
    assert (watched.state, watched.forgotten) == ("done", True)
    assert Claims(engine).claim("imap:box", "<piet@x> 2", "piet").state == "mine"
    assert Claims(engine).claim("folder:/box", "<piet@x> 1", "piet").state == "mine"
