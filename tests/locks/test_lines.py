"""A conversation's turns, one at a time and in order, whichever line the servers stand in."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from saldo.locks import Line, TurnLocks, TurnRefused
from saldo.locks.postgresql import PostgresqlLine
from saldo.locks.redis import RedisLine
from saldo.locks.turns import Alone
from saldo.locks.workers import LineKeeper, WorkerLine
from tests.own_redis import OwnRedis

Test = Callable[[Callable[[], Line]], Coroutine[Any, Any, None]]
Run = Callable[[Test], None]
QUICK = 0.3


@pytest.fixture(params=["redis", "postgresql", "workers"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Run:
    """Runs a test that is given a maker of servers' ends of one line."""

    def run_test(test: Test) -> None:
        asyncio.run(_run(test))

    async def _run(test: Test) -> None:
        made: list[Line] = []

        def make() -> Line:
            made.append(new())
            return made[-1]

        async with _line_maker(request, tmp_path) as new:
            await test(make)
            for line in made:
                await line.close()

    return run_test


@asynccontextmanager
async def _line_maker(request: pytest.FixtureRequest, folder: Path) -> AsyncIterator[Callable[[], Line]]:
    if request.param == "redis":
        url = request.getfixturevalue("redis").url
        yield lambda: RedisLine(url, lease=1.0)
    elif request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        yield lambda: PostgresqlLine(url)
    else:
        parent = await asyncio.start_unix_server(LineKeeper().serve, folder / "workers.sock")
        async with parent:
            yield lambda: WorkerLine(folder / "workers.sock")


async def turn(server: TurnLocks, conversation: str, what: object, done: list[Any], lasts: float = 0.01) -> None:
    async with server.hold(conversation):
        done.append(("begin", what))
        await asyncio.sleep(lasts)
        done.append(("end", what))


def in_order(count: int) -> list[Any]:
    return [(what, number) for number in range(count) for what in ("begin", "end")]


def test_turns_on_two_servers_are_done_one_by_one_in_the_order_they_came(run: Run) -> None:
    async def test(make: Callable[[], Line]) -> None:
        servers = [TurnLocks(make()) for _ in range(2)]
        for server in servers:
            await server.line.check()
        done: list[Any] = []
        turns = []
        for number, at in enumerate((0, 0, 1, 0, 1, 1, 0, 1)):
            turns.append(asyncio.ensure_future(turn(servers[at], "c", number, done, lasts=0.05)))
            await asyncio.sleep(0.01)
        await asyncio.gather(*turns)
        assert done == in_order(8)

    run(test)


def test_a_crowd_is_served_without_two_at_once(run: Run) -> None:
    async def test(make: Callable[[], Line]) -> None:
        servers = [TurnLocks(make(), patience=30) for _ in range(3)]
        done: dict[str, list[Any]] = {f"c{number}": [] for number in range(10)}
        crowd = [
            turn(servers[number % 3], f"c{number % 10}", number, done[f"c{number % 10}"], lasts=0.001)
            for number in range(200)
        ]
        await asyncio.gather(*crowd)
        for each in done.values():
            assert len(each) == 40
            assert all(begin[1] == end[1] for begin, end in zip(each[::2], each[1::2], strict=True))

    run(test)


def test_other_conversations_do_not_wait(run: Run) -> None:
    async def test(make: Callable[[], Line]) -> None:
        one, other = TurnLocks(make()), TurnLocks(make())
        async with one.hold("a"), one.hold("b"), other.hold("c"):
            pass

    run(test)


def test_who_waits_too_long_is_refused_and_stands_in_nobodys_way(run: Run) -> None:
    async def test(make: Callable[[], Line]) -> None:
        one, other = TurnLocks(make()), TurnLocks(make(), patience=QUICK)
        done: list[Any] = []
        async with one.hold("c"):
            began = time.monotonic()
            refused = await asyncio.gather(
                *(turn(other, "c", number, done) for number in range(3)), return_exceptions=True
            )
            assert [type(each) for each in refused] == [TurnRefused] * 3
            assert time.monotonic() - began < QUICK + 1
        await turn(one, "c", 0, done)
        await turn(other, "c", 1, done)
        assert done == in_order(2)

    run(test)


def test_a_caller_who_went_away_leaves_nothing_behind(run: Run) -> None:
    async def test(make: Callable[[], Line]) -> None:
        one, other = TurnLocks(make()), TurnLocks(make())
        done: list[Any] = []
        working = [asyncio.ensure_future(turn(one, each, "broken off", [], lasts=60)) for each in ("c", "d")]
        await asyncio.sleep(0.1)
        waiting = [asyncio.ensure_future(turn(server, "c", "never", done)) for server in (one, other)]
        await asyncio.sleep(0.1)
        for each in (*waiting, *working):
            each.cancel()
        await asyncio.wait([*waiting, *working])
        for number, server in enumerate((one, other)):
            await turn(server, "c", number, done)
            await turn(server, "d", number, [])
        assert done == in_order(2)

    run(test)


def test_rasas_own_lock_inside_of_ours_is_the_same() -> None:
    async def test() -> None:
        locks = TurnLocks(Alone(), patience=QUICK)
        async with locks.hold("c"):
            async with locks.hold("c") as hold:
                assert hold.is_ours()
            with pytest.raises(TurnRefused):
                await contextvars.Context().run(asyncio.ensure_future, turn(locks, "c", 0, []))  # another turn's

    asyncio.run(test())


def test_a_turn_longer_than_the_lease_keeps_its_conversation(redis: OwnRedis) -> None:
    async def test() -> None:
        one, other = (TurnLocks(RedisLine(redis.url, lease=0.4)) for _ in range(2))
        done: list[Any] = []
        await asyncio.gather(turn(one, "c", 0, done, lasts=1.5), _later(turn(other, "c", 1, done)))
        assert done == in_order(2)

    asyncio.run(test())


async def _later(turn: Coroutine[Any, Any, None]) -> None:
    await asyncio.sleep(0.1)
    await turn
