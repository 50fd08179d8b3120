"""The rate limits: in memory for one server, in Redis for several, and in memory again while Redis is away."""

from __future__ import annotations

import logging
import time
from uuid import uuid4

import pytest

from saldo.settings import Settings
from saldo.web import limits
from saldo.web.limits import Limits
from saldo.web.requests import Problem
from tests.own_redis import OwnRedis
from tests.serving import free_port
from tests.waiting import DEADLINE, until


def limits_of(url: str = "", messages: int = 3) -> Limits:
    return Limits(Settings(redis_url=url, messages_per_minute=messages))


def passed(*servers: Limits, times: int = 5) -> int:
    """How many messages of one conversation are let through when each of the servers is asked in turn."""
    who, through = uuid4().hex, 0
    for at in range(times):
        try:
            servers[at % len(servers)].message(who)
            through += 1
        except Problem as problem:
            assert 1 <= int(problem.headers["Retry-After"]) <= 60
    return through


def test_each_server_counts_in_its_memory() -> None:
    assert passed(limits_of()) == 3
    assert passed(limits_of(), limits_of(), times=10) == 6


def test_several_servers_count_together_in_redis(redis: OwnRedis) -> None:
    assert passed(limits_of(redis.url), limits_of(redis.url), times=10) == 3


def test_a_socket_of_the_system_is_a_way_to_redis(redis: OwnRedis) -> None:
    assert passed(limits_of(f"unix://{redis.socket}"), limits_of(redis.url), times=10) == 3


@pytest.mark.fault(
    "Redis, which counts the limits, is away", expected="each server counts alone and says so once; nobody is stopped"
)
def test_while_redis_is_away_each_counts_alone_and_says_so_once(
    redis: OwnRedis, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "APART", 0.2)
    one, other = limits_of(redis.url), limits_of(redis.url)
    assert passed(one, other) == 3
    redis.kill()
    with caplog.at_level(logging.ERROR):
        assert passed(one, times=10) == 3
        assert passed(other, times=10) == 3
    assert [record.getMessage().partition(" (")[0] for record in caplog.records] == ["Redis is away"] * 2
    redis.start()
    until(lambda: time.monotonic() > max(one._alone_until, other._alone_until), "the pause before Redis is tried again")
    caplog.clear()
    assert passed(one, other, times=10) == 3
    assert [record.getMessage().partition(";")[0] for record in caplog.records] == ["Redis is back"] * 2


@pytest.mark.fault("Redis was never there", expected="the limits are counted in memory")
def test_a_redis_that_was_never_there_stops_nobody(caplog: pytest.LogCaptureFixture) -> None:
    began = time.monotonic()
    assert passed(limits_of(f"redis://:hush@127.0.0.1:{free_port()}/0"), times=100) == 3
    assert time.monotonic() - began < DEADLINE / 2
    assert "hush" not in caplog.text


@pytest.mark.fault("Redis hangs", expected="a request waits for it briefly, then counts alone")
def test_a_redis_that_hangs_holds_nobody_up_for_long(redis: OwnRedis, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is waited for once, not for each of the ten calls."""
    monkeypatch.setattr(limits, "PATIENCE", 4)
    asked, began = limits_of(redis.url), time.monotonic()
    redis.hang()
    assert passed(asked, times=10) == 3
    assert time.monotonic() - began < 5 * 4
