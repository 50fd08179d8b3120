"""Two bot servers and two action servers behind nginx, on PostgreSQL, Redis and RabbitMQ: `make cluster`, its faults.

One conversation is one conversation, whatever server it meets. A turn that is refused (503) is sent again, as the
widget does; one that is acknowledged stands in the conversation once, with its own answer.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import aio_pika
import aiohttp
import pytest

from benchmarks.load.visitors import Kept, Visitor
from saldo.rasa_runtime.events import EXCHANGE
from tests.conftest import POSTGRESQL
from tests.crowds import QUESTIONS, crowd, insist, run
from tests.databases import database_of
from tests.fault_table import Seen
from tests.serving import clean_environment, free_port
from tests.support import CHECKOUT, TODAY, Caller
from tests.waiting import DEADLINE, START, until

pytestmark = [pytest.mark.slow, pytest.mark.long]
MANY = {"SALDO_SESSIONS_PER_MINUTE": "999999", "SALDO_MESSAGES_PER_MINUTE": "999999"}


@dataclass(frozen=True)
class Cluster:
    """A running `scripts/cluster`."""

    port: int
    state: Path
    process: subprocess.Popen[str]

    @property
    def front(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def pid(self, name: str) -> int:
        return int(self._running()[name]["pid"])

    def bots(self) -> list[str]:
        return [f"http://127.0.0.1:{self._running()[name]['port']}" for name in ("bot1", "bot2")]

    def callers(self) -> list[Caller]:
        """Callers of both bots, past nginx."""
        return [Caller(self._running()[name]["port"], "127.0.0.1") for name in ("bot1", "bot2")]

    def send(self, name: str, how: signal.Signals) -> None:
        os.kill(self.pid(name), how)

    def is_ready(self) -> bool:
        return all(caller.get("/health").status == 200 for caller in self.callers())

    def _running(self) -> dict[str, dict[str, int]]:
        return json.loads((self.state / "processes.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def database(needs_service: Callable[[str], NoReturn]) -> Iterator[str]:
    yield from database_of(f"{POSTGRESQL}/postgres", "DROP DATABASE {} WITH (FORCE)", needs_service)


@pytest.fixture(scope="module")
def cluster(
    database: str, model: Path, needs_service: Callable[[str], NoReturn], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    if shutil.which("nginx") is None:
        needs_service("no nginx here: apt-get install nginx")
    for name, port in (("Redis", 6379), ("RabbitMQ", 5672)):
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                needs_service(f"no {name} at 127.0.0.1:{port}")
    state, port = tmp_path_factory.mktemp("cluster"), free_port()
    command = [
        sys.executable,
        "scripts/cluster",
        "--port",
        str(port),
        "--state",
        str(state),
        "--database-url",
        database,
    ]
    environment = clean_environment(**MANY, SALDO_TODAY=TODAY, PYTHONPATH=str(CHECKOUT))
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "ready" in said, said + "".join(log.read_text()[-1000:] for log in state.glob("*.log"))
        yield Cluster(port, state, process)
        process.send_signal(signal.SIGINT)
        assert process.wait(DEADLINE) == 0


@pytest.mark.fault("200 turns of 20 conversations at the same moment on two servers, every seventh sent to both",
                   expected="each answered once")  # fmt: skip
def test_a_crowd_on_two_servers_loses_and_doubles_nothing(cluster: Cluster, seen: Seen) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        found = await crowd(http, cluster.bots(), 20, 10)
        assert found.kept == Kept()
        seen(f"{found.sent} sent, 0 lost, 0 doubled; {found.refused} times refused and answered when sent again")

    run(test)


def test_turns_sent_one_after_the_other_without_waiting_keep_their_order(cluster: Cluster) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        visitors = [Visitor(http, cluster.bots()) for _ in range(5)]
        await asyncio.gather(*(visitor.arrive() for visitor in visitors))

        async def hurry(visitor: Visitor) -> None:
            sent = []
            for number in range(6):
                sent.append(asyncio.ensure_future(visitor.say(QUESTIONS[number % 4], number, f"message-{number}")))
                await asyncio.sleep(0.2)  # a server that is busy reads what came to it so much later
            await asyncio.gather(*sent)
            visitor.turns.sort(key=lambda turn: turn.id)
            assert await visitor.kept() == Kept()

        await asyncio.gather(*map(hurry, visitors))

    run(test)


@pytest.mark.fault("a message is sent to two servers at once, under one id", expected="one turn, the same answer twice")
def test_the_same_message_on_two_servers_at_once_is_one_turn(cluster: Cluster, seen: Seen) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        visitor = Visitor(http, cluster.bots())
        await visitor.arrive()
        name = uuid.uuid4().hex
        await asyncio.gather(*(insist(visitor, QUESTIONS[0], number, name) for number in range(8)))
        answers = {turn.answers for turn in visitor.turns if turn.status == 200}
        assert len(answers) == 1
        assert await visitor.kept() == Kept()
        seen("8 at once, 4 to each server: one turn, one answer")

    run(test)


def test_a_conversation_begun_on_one_server_goes_on_on_the_other(cluster: Cluster) -> None:
    one, other = cluster.callers()
    session = one.begin(language="nl")
    answer = one.ask(session, QUESTIONS[0])
    assert [message["id"] for message in other.get("/messages", session).json()["messages"]][1:] == [answer["id"]]
    other.ask(session, QUESTIONS[1])
    assert len(one.get("/messages", session).json()["messages"]) == 4


def test_who_signed_out_on_one_server_is_signed_out_on_the_other(cluster: Cluster) -> None:
    one, other = cluster.callers()
    session = one.begin(language="nl")
    assert other.get("/messages", session).status == 200
    assert one.call("DELETE", "/session", token=session).status == 204
    assert other.get("/messages", session).status == 401
    assert other.post("/messages", {"text": QUESTIONS[0]}, session).status == 401


def test_the_broker_is_told_what_was_answered_and_no_word_of_it(cluster: Cluster) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        async with await aio_pika.connect("amqp://guest:guest@127.0.0.1/") as connection:
            channel = await connection.channel()
            queue = await channel.declare_queue(exclusive=True)
            await queue.bind(EXCHANGE)
            visitor = Visitor(http, [cluster.front])
            await visitor.arrive()
            await insist(visitor, "Kraanvogel wil opzeggen, hoe zeg ik op?", 0, uuid.uuid4().hex)
            async with queue.iterator(timeout=DEADLINE) as messages:
                async for message in messages:
                    told = json.loads(message.body)
                    break
        assert set(told) == {"event", "conversation", "at", "kind", "topics", "language"}
        assert (told["event"], told["language"]) == ("answer", "nl")
        assert "kraanvogel" not in json.dumps(told).lower()

    run(test)


@pytest.mark.fault("a bot server is killed (-9) under load behind nginx",
                   expected="nothing acknowledged is lost; the other answers on; it is started again")  # fmt: skip
def test_a_bot_that_is_killed_under_load_costs_no_acknowledged_turn(cluster: Cluster, seen: Seen) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        working = asyncio.ensure_future(crowd(http, [cluster.front], 10, 8))
        await asyncio.sleep(1)
        cluster.send("bot1", signal.SIGKILL)
        found = await working
        assert found.kept == Kept()
        seen(f"{found.sent} turns: 0 lost, 0 doubled; sent again {found.refused} times")

    run(test)
    until(cluster.is_ready, "the killed bot is not back", seconds=START)


@pytest.mark.fault("one of two action servers is killed (-9)", expected="the other one answers all turns")
def test_one_action_server_is_enough(cluster: Cluster, seen: Seen) -> None:
    async def test(http: aiohttp.ClientSession) -> None:
        cluster.send("actions1", signal.SIGKILL)
        visitor = Visitor(http, [cluster.front])
        await visitor.arrive()
        statuses = [(await visitor.say(QUESTIONS[number % 4])).status for number in range(8)]
        assert statuses == [200] * 8
        assert await visitor.kept() == Kept()
        seen("8 of 8 turns answered")

    run(test)
    until(cluster.is_ready, "the killed action server is not back", seconds=START)


@pytest.mark.fault("both action servers hang (SIGSTOP)",
                   expected="503 within the deadline, and health says so; answered when sent again")  # fmt: skip
def test_a_turn_that_no_action_server_answers_is_refused_and_can_be_sent_again(cluster: Cluster, seen: Seen) -> None:
    one, _ = cluster.callers()
    session = one.begin(language="nl")
    message = {"text": QUESTIONS[0], "id": uuid.uuid4().hex}
    for name in ("actions1", "actions2"):
        cluster.send(name, signal.SIGSTOP)
    try:
        began = time.monotonic()
        refused = one.post("/messages", message, session)
        seconds = time.monotonic() - began
        assert (refused.status, one.get("/health").status) == (503, 503)
        assert seconds < 12
    finally:
        for name in ("actions1", "actions2"):
            cluster.send(name, signal.SIGCONT)
    until(cluster.is_ready, "the action servers are not back")
    again = one.post("/messages", message, session)
    assert again.status == 200
    assert again.json()["messages"]
    seen(f"refused after {seconds:.1f} s, health 503; the same id was answered once they went on")
