"""What was used once is refused, also after a restart and by another server; on SQLite and PostgreSQL alike."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from saldo.insight.store import open_store
from saldo.settings import Settings
from saldo.web.auth.revocation import MARGIN, UsedIds
from tests.fault_table import Seen


def test_a_name_is_good_once_and_a_restart_changes_nothing(stored: Settings) -> None:
    later = time.time() + 60
    spent = UsedIds(open_store(stored))
    assert (spent.spend("jti:1", later), spent.spend("jti:1", later)) == (True, False)
    again = UsedIds(open_store(stored))
    assert again.has("jti:1")
    assert not again.has("jti:2")
    assert not again.spend("jti:1", later)


def test_of_many_who_show_a_name_at_once_one_is_believed(stored: Settings) -> None:
    servers = [UsedIds(open_store(stored)) for _ in range(2)]
    with ThreadPoolExecutor(8) as callers:
        believed = list(callers.map(lambda at: servers[at % 2].spend("jti:1", time.time() + 60), range(16)))
    assert sum(believed) == 1


def test_what_has_expired_is_forgotten(stored: Settings) -> None:
    spent = UsedIds(open_store(stored))
    now = time.time()
    for name, until in (("old", now - MARGIN - 60), ("past", now - 60), ("new", now + 60)):
        spent.spend(name, until)
    assert [spent.has(name) for name in ("old", "past", "new")] == [False, True, True]


@pytest.mark.fault("the clock goes a day forward and back", expected="what was used before is refused all the same")
def test_a_clock_that_goes_forward_and_back_makes_nothing_good_again(stored: Settings, seen: Seen) -> None:
    now, store = time.time(), open_store(stored)
    later = UsedIds(store, clock=lambda: now + 24 * 3600)
    assert UsedIds(store).spend("jti:1", now + 60)
    assert later.spend("jti:2", now + 24 * 3600 + 60)
    assert not UsedIds(store).spend("jti:1", now + 60)
    seen("refused again")


@pytest.mark.fault(
    "one server's clock is ten years ahead", expected="tokens by a right clock are used once all the same"
)
def test_what_a_right_clock_signed_is_kept_by_that_clock(stored: Settings, seen: Seen) -> None:
    now, store = time.time(), open_store(stored)
    ahead = UsedIds(store, clock=lambda: now + 10 * 365 * 24 * 3600)
    assert ahead.spend("jti:1", now + 60)
    assert ahead.spend("jti:2", now + 61)
    assert not ahead.spend("jti:1", now + 60)
    seen("refused again")


def test_any_name_is_kept_as_a_hash(stored: Settings) -> None:
    store = open_store(stored)
    spent = UsedIds(store)
    for name in ("", "\ud800", "x" * 100_000, "anna@voorbeeld.example"):
        assert spent.spend(name, time.time() + 60)
        assert spent.has(name)
    with store.connect() as connection:
        assert "anna" not in str(connection.exec_driver_sql("SELECT name FROM spent").all())
