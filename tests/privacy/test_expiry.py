"""What nobody has touched for 90 days goes, by hand or once a day; the rest stays, and no mail is drafted twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.engine import Engine

from saldo.billing import create_database
from saldo.mail.parse.incoming import read
from saldo.mail.store.claims import Claims
from saldo.mail.store.followed_drafts import FollowedDrafts
from saldo.privacy import expiry
from saldo.privacy.erasing import Line
from saldo.privacy.expiry import Daily, is_due, purge
from saldo.privacy.stores import open_stores
from saldo.settings import Settings
from tests.privacy.filling import BOX, FILLED, Person, age, fill, holding, url_of
from tests.waiting import DEADLINE, until

OLD = Person("older7kq2xw", "NL-1001", "administratie@nl-1001.example")
NEW = Person("newer9zt4v8", "FI-2001", "pekka@elsewhere.example")


@pytest.fixture
def filled(stored: Settings) -> Settings:
    """Somebody of 91 days ago and somebody of today."""
    fill(stored, OLD)
    age(stored, 91)
    fill(stored, NEW)
    return stored


def gone(lines: list[Line]) -> dict[str, int]:
    return {line.what: line.count for line in lines}


ALL = {**FILLED, "lines of logs": 2}


def test_what_is_old_goes_from_every_place_and_what_is_new_stays(filled: Settings) -> None:
    assert gone(purge(filled, 90, dry_run=True)) == ALL
    assert gone(purge(filled, 90)) == ALL
    assert set(gone(purge(filled, 90)).values()) == {0}
    assert holding(filled.state / "mail", OLD.mark) == []
    assert gone(purge(filled, 0, dry_run=True)) == ALL


def test_nothing_is_that_old(filled: Settings) -> None:
    assert set(gone(purge(filled, 92)).values()) == {0}


def test_an_old_mail_is_not_drafted_again_and_is_counted_still(filled: Settings) -> None:
    engine = create_database(url_of(filled))
    counted = FollowedDrafts(engine).counts()
    purge(filled, 90)
    text = f"From: {OLD.mark} <{OLD.email}>\nMessage-ID: <{OLD.mark}@x>\nSubject: {OLD.mark}\n\nGroet, {OLD.mark}"
    claim = Claims(engine).claim(BOX, read(text.encode()).key, "again")
    assert (claim.state, claim.forgotten) == ("done", True)
    assert FollowedDrafts(engine).counts() == counted


def test_a_long_purge_is_taken_in_steps_and_goes_on_where_it_was_stopped(
    filled: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(filled, replace(OLD, mark="again7kq2xw"))
    age(filled, 91)
    monkeypatch.setattr("saldo.privacy.rows.STEP", 1)
    goes_on = iter([True, False])
    before = gone(purge(filled, 90, dry_run=True))["words of conversations"]
    assert gone(purge(filled, 90, pause=lambda: next(goes_on, False)))["words of conversations"] == 2
    assert gone(purge(filled, 90))["words of conversations"] == before - 2 == 4


@pytest.fixture
def store(stored: Settings) -> Iterator[Engine]:
    with open_stores(stored) as stores:
        yield stores.insight


def test_one_of_several_processes_does_it_once_a_day(store: Engine) -> None:
    for day in (1_000_000.0, 1_000_000.0 + expiry.DAY):
        told = []
        workers = [threading.Thread(target=lambda: told.append(is_due(store, day))) for _ in range(8)]  # noqa: B023
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert sorted(told) == [False] * 7 + [True]
        assert not is_due(store, day + expiry.DAY - 1)


def test_a_server_does_it_by_itself_and_lets_turns_go_first(filled: Settings) -> None:
    asked, answered = threading.Semaphore(0), threading.Event()

    def is_busy() -> bool:
        asked.release()
        return not answered.is_set()

    daily = Daily(filled, is_busy)
    threading.Thread(target=daily.look, daemon=True).start()
    for _ in range(3):
        assert asked.acquire(timeout=DEADLINE)
    assert gone(purge(filled, 90, dry_run=True)) == ALL
    answered.set()
    until(lambda: set(gone(purge(filled, 90, dry_run=True)).values()) == {0}, "it was not purged")
    fill(filled, replace(OLD, mark="again7kq2xw"))
    age(filled, 91)
    daily.look()
    assert gone(purge(filled, 90, dry_run=True))["words of conversations"] > 0, "twice on one day"


def test_a_failure_is_told_without_anybodys_words(stored: Settings, caplog: pytest.LogCaptureFixture) -> None:
    fill(stored, OLD)
    (stored.state / "widget.db").unlink(missing_ok=True)
    Daily(replace(stored, database_url="postgresql://127.0.0.1:1/none")).look()
    assert "was not removed" in caplog.text and OLD.mark not in caplog.text
