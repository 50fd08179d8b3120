"""What becomes of turns when what keeps the line fails, or a server that has a conversation does."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from saldo.locks import Line, TurnLocks, TurnRefused
from saldo.locks.postgresql import PostgresqlLine
from saldo.locks.redis import RedisLine
from tests.fault_table import Seen
from tests.own_redis import OwnRedis
from tests.support import CHECKOUT
from tests.waiting import DEADLINE, until

HOLDER = """
import asyncio, sys
from saldo.locks import TurnLocks
from saldo.locks.postgresql import PostgresqlLine
from saldo.locks.redis import RedisLine
async def hold():
    line = RedisLine(sys.argv[1], lease=2.0) if sys.argv[1].startswith("redis") else PostgresqlLine(sys.argv[1])
    async with TurnLocks(line).hold("c"):
        print("held", flush=True)
        await asyncio.sleep(600)
asyncio.run(hold())
"""


@contextlib.contextmanager
def another_server(url: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has the conversation `c` and does not let go of it."""
    command = [sys.executable, "-c", HOLDER, url]
    with subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"held\n"
        yield process
        process.kill()


async def waited(locks: TurnLocks) -> float:
    """Seconds until `c` could be had."""
    began = time.monotonic()
    async with locks.hold("c"):
        return time.monotonic() - began


async def refused(locks: TurnLocks, turns: int) -> float:
    """Seconds that it took to refuse so many turns of as many conversations, begun at the same moment."""

    async def turn(number: int) -> None:
        with pytest.raises(TurnRefused):
            async with locks.hold(f"c{number}"):
                pass

    began = time.monotonic()
    await asyncio.gather(*map(turn, range(turns)))
    return time.monotonic() - began


async def answered_again(locks: TurnLocks) -> None:
    end = time.monotonic() + DEADLINE
    while True:
        try:
            async with locks.hold("c"):
                return
        except TurnRefused:
            assert time.monotonic() < end
            await asyncio.sleep(0.05)


@pytest.mark.fault("a server is killed (-9) while it has a conversation's lock in Redis",
                   expected="another takes over when the lock has expired")  # fmt: skip
def test_a_killed_servers_conversation_is_free_after_its_lease(redis: OwnRedis, seen: Seen) -> None:
    with another_server(redis.url) as server:
        server.kill()
        seconds = asyncio.run(waited(TurnLocks(RedisLine(redis.url, lease=2.0))))
    assert 0.5 < seconds < 4
    seen(f"with a lock of 2 s, the next turn began {seconds:.1f} s later")


@pytest.mark.fault("a server is killed (-9) while it has a conversation's lock in PostgreSQL",
                   expected="another takes over at once")  # fmt: skip
def test_a_killed_servers_conversation_is_free_at_once_in_postgresql(postgresql_url: str, seen: Seen) -> None:
    with another_server(postgresql_url) as server:
        server.kill()
        seconds = asyncio.run(waited(TurnLocks(PostgresqlLine(postgresql_url))))
    assert seconds < 2
    seen(f"the next turn began {seconds * 1000:.0f} ms later")


@pytest.mark.fault("a server is frozen in the midst of a turn for longer than its lock lasts",
                   expected="another takes over; the frozen one writes nothing when it goes on")  # fmt: skip
def test_who_was_frozen_knows_that_its_turn_is_no_longer_its_own(redis: OwnRedis, seen: Seen) -> None:
    async def test() -> float:
        frozen = TurnLocks(RedisLine(redis.url, lease=1.0))
        async with frozen.hold("c") as hold:
            assert hold.is_ours()
            time.sleep(1.5)  # nothing runs in this process meanwhile, its renewing neither
            seconds = await asyncio.ensure_future(_in_a_thread(redis.url))
            assert not hold.is_ours()
        return seconds

    seconds = asyncio.run(test())
    seen(f"the other had it after {seconds * 1000:.0f} ms; the frozen one knew")


async def _in_a_thread(url: str) -> float:
    return await asyncio.to_thread(lambda: asyncio.run(waited(TurnLocks(RedisLine(url, lease=1.0)))))


@pytest.mark.fault("Redis hangs (SIGSTOP)", expected="turns are refused within a second and can be sent again")
def test_a_redis_that_hangs_has_turns_refused_quickly(redis: OwnRedis, seen: Seen) -> None:
    async def test() -> float:
        locks = TurnLocks(RedisLine(redis.url))
        async with locks.hold("c"):
            pass
        redis.hang()
        seconds = await refused(locks, 20)
        redis.go_on()
        await answered_again(locks)
        return seconds

    seconds = asyncio.run(test())
    assert seconds < 4
    seen(f"20 turns refused in {seconds:.1f} s, answered again when Redis was back")


@pytest.mark.fault("Redis is killed in the midst of a turn",
                   expected="the turn ends; others are refused until Redis is back")  # fmt: skip
def test_a_redis_killed_in_the_midst_of_a_turn(redis: OwnRedis, seen: Seen) -> None:
    async def test() -> float:
        locks = TurnLocks(RedisLine(redis.url))
        async with locks.hold("c") as hold:
            redis.kill()
            seconds = await refused(locks, 20)
            assert hold.is_ours()
        redis.start()
        await answered_again(locks)
        return seconds

    seconds = asyncio.run(test())
    assert seconds < 4
    seen(f"the turn ended, 20 others were refused in {seconds:.1f} s, then turns were answered again")


@pytest.mark.fault("PostgreSQL ends the connection that holds the locks, in the midst of a turn",
                   expected="the turn knows that its lock is gone; the next turn is answered")  # fmt: skip
def test_a_connection_that_ends_takes_its_locks_along(postgresql_url: str, seen: Seen) -> None:
    async def test() -> None:
        locks = TurnLocks(PostgresqlLine(postgresql_url))
        async with locks.hold("c") as hold:
            for_backends(postgresql_url, "pg_terminate_backend(pid)")
            async with locks.hold("another") as next_one:
                assert next_one.is_ours()
            assert not hold.is_ours()
        await answered_again(locks)

    asyncio.run(test())
    seen("known at the next question, which is answered on a new connection")


@pytest.mark.fault("PostgreSQL hangs (SIGSTOP of the process behind the locks)",
                   expected="turns are refused within two seconds; the event loop goes on")  # fmt: skip
def test_a_postgresql_that_hangs_has_turns_refused_quickly(postgresql_url: str, seen: Seen) -> None:
    async def test() -> tuple[float, float]:
        locks = TurnLocks(PostgresqlLine(postgresql_url))
        async with locks.hold("c"):
            pass
        (pid,) = for_backends(postgresql_url, "pid")
        subprocess.run(["kill", "-STOP", str(pid)], check=True)
        try:
            began, slowest = time.monotonic(), 0.0
            refusing = asyncio.ensure_future(refused(locks, 50))
            while not refusing.done():
                tick = time.monotonic()
                await asyncio.sleep(0.01)
                slowest = max(slowest, time.monotonic() - tick)
            assert await refusing < 5
            return time.monotonic() - began, slowest
        finally:
            subprocess.run(["kill", "-CONT", str(pid)], check=True)
            await answered_again(locks)

    seconds, slowest = asyncio.run(test())
    assert slowest < 1
    seen(f"50 turns refused in {seconds:.1f} s; the event loop was never kept longer than {slowest * 1000:.0f} ms")


def for_backends(url: str, what: str) -> list[int]:
    """Something about the connections that hold locks in that database."""
    engine = create_engine(url, future=True)
    with engine.connect() as connection:
        own = "application_name = 'saldo turns' AND datname = current_database()"
        found = list(connection.exec_driver_sql(f"SELECT {what} FROM pg_stat_activity WHERE {own}").scalars())
    engine.dispose()
    return found


@pytest.mark.parametrize("line", [RedisLine("redis://127.0.0.1:1/0"), PostgresqlLine("postgresql://x@127.0.0.1:1/x")])
def test_what_was_never_there_has_every_turn_refused_at_once(line: Line) -> None:
    assert asyncio.run(refused(TurnLocks(line), 100)) < 2


def test_the_holder_is_really_another_process(redis: OwnRedis) -> None:
    """Else the tests above would prove nothing: while it lives, and even while it is being waited for, it has `c`."""
    with another_server(redis.url) as server:
        with pytest.raises(TurnRefused):
            asyncio.run(waited(TurnLocks(RedisLine(redis.url, lease=2.0), patience=3)))
        server.send_signal(signal.SIGTERM)
        until(lambda: server.poll() is not None, "the holder did not end")


@pytest.mark.fault("our own process is busy for longer than Redis or PostgreSQL may take to answer",
                   expected="what had been answered meanwhile counts; no turn is refused")  # fmt: skip
@pytest.mark.parametrize("where", ["redis", "postgresql"])
def test_a_busy_process_takes_nobody_for_silent(where: str, request: pytest.FixtureRequest, seen: Seen) -> None:
    """The load of 200 conversations had turns refused while PostgreSQL was well and four processes shared two cores."""
    line: Line
    if where == "redis":
        line = RedisLine(request.getfixturevalue("redis").url, lease=30.0)
    else:
        line = PostgresqlLine(request.getfixturevalue("postgresql_url"))

    async def busy() -> None:
        for _ in range(8):
            time.sleep(1.6)
            await asyncio.sleep(0)

    async def test() -> None:
        locks = TurnLocks(line, patience=60.0)
        async with locks.hold("c"):
            pass
        await asyncio.gather(waited(locks), busy())
        await line.close()

    asyncio.run(test())
    seen("answered at the first try")
