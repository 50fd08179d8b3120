"""`saldo serve --workers 2` on SQLite: two processes behind one port are one server, and stop and start as one."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from benchmarks.load.visitors import Kept
from tests.conftest import environment_of
from tests.crowds import QUESTIONS, crowd, run
from tests.fault_table import Seen
from tests.serving import Server, free_port
from tests.support import Caller
from tests.waiting import START, until

pytestmark = [pytest.mark.slow, pytest.mark.long]
MANY = {"SALDO_SESSIONS_PER_MINUTE": "999999", "SALDO_MESSAGES_PER_MINUTE": "999999"}


@pytest.fixture(scope="module")
def two(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of two processes; the last test stops it."""
    log = tmp_path_factory.mktemp("workers") / "server.log"
    server = Server(free_port(), {**environment_of(home), **MANY}, log, options=("--workers", "2"))
    server.start()
    until(lambda: "ready" in server.said(), "it never said that it is ready", seconds=START)
    yield server
    assert server.process is not None
    server.process.kill()


def workers(server: Server) -> list[int]:
    """The ids of its processes."""
    assert server.process is not None
    path = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return [int(pid) for pid in path.read_text().split()]


def number_of(worker: int) -> str:
    """What a worker knows itself by, for whoever listens at a port of each."""
    environment = Path(f"/proc/{worker}/environ").read_text().split("\0")
    return next(one.partition("=")[2] for one in environment if one.startswith("SALDO_WORKER="))


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z"
    except OSError:
        return True


def test_it_is_ready_once_when_all_are(two: Server) -> None:
    assert two.said().count("Saldo is ready") == 1
    assert sorted(number_of(worker) for worker in workers(two)) == ["1", "2"]


@pytest.mark.fault("100 turns of 10 conversations at the same moment on two processes with SQLite and nothing else",
                   expected="each answered once")  # fmt: skip
def test_a_crowd_on_two_processes_loses_and_doubles_nothing(two: Server, seen: Seen) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        found = await crowd(http, [f"http://127.0.0.1:{two.port}"], 10, 10)
        assert found.kept == Kept()
        seen(f"{found.sent} sent, 0 lost, 0 doubled; {found.refused} times refused and answered when sent again")

    run(test)


@pytest.mark.fault("one of two workers is killed (-9) under load",
                   expected="nothing acknowledged is lost; another takes its place")  # fmt: skip
def test_a_worker_that_dies_is_replaced(two: Server, seen: Seen) -> None:
    before = workers(two)

    async def test(http: aiohttp.ClientSession) -> None:
        working = asyncio.ensure_future(crowd(http, [f"http://127.0.0.1:{two.port}"], 5, 8))
        await asyncio.sleep(0.5)
        os.kill(before[0], signal.SIGKILL)
        found = await working
        assert found.kept == Kept()
        seen(f"{found.sent} turns: 0 lost, 0 doubled; sent again {found.refused} times; replaced")

    run(test)
    until(lambda: len(set(workers(two)) - set(before)) == 1, "no other took its place", seconds=START)
    assert "Worker" in two.said()


@pytest.mark.fault("the process that started the workers is killed (-9)", expected="they stop by themselves")
def test_workers_do_not_outlive_who_started_them(two: Server, seen: Seen) -> None:
    left = workers(two)
    assert two.process is not None
    two.process.kill()
    until(lambda: all(map(is_gone, left)), "workers are left", seconds=START)
    seen("both stopped")
    two.start()


def test_ctrl_c_stops_all_of_them(two: Server) -> None:
    until(lambda: len(workers(two)) == 2, "there are not two workers", seconds=START)
    left, said = workers(two), two.said()
    caller = Caller(two.port, "127.0.0.1")
    caller.ask(caller.begin(language="nl"), QUESTIONS[0])
    assert two.stop(signal.SIGINT) == 0
    assert all(map(is_gone, left))
    assert "Traceback" not in two.said()[len(said) :]
