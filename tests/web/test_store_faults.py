"""Stores that fail under a running server: nothing acknowledged is lost, nobody else waits, and it goes on again."""

from __future__ import annotations

import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from functools import partial
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from saldo.billing import Repository, create_database, sample_accounts
from tests.conftest import POSTGRESQL, environment_of, make_home
from tests.databases import database_of
from tests.fault_table import Seen
from tests.serving import Server, free_port
from tests.storage.proxy import Proxy
from tests.support import TODAY, Caller, Reply
from tests.waiting import until

QUESTION = "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?"
MANY = {"SALDO_SESSIONS_PER_MINUTE": "999999", "SALDO_MESSAGES_PER_MINUTE": "999999"}
SOON = 3.0
"""Seconds in which static words come, whatever waits for a store; most of them are for a machine that is busy."""
DEADLINE = 12.0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Server]:
    """A server whose stores are files."""
    home = make_home(tmp_path_factory.mktemp("files"))
    yield from serving(home, f"sqlite:///{home}/var/saldo.db")


@pytest.fixture(scope="module")
def shared_url(needs_service: Callable[[str], NoReturn]) -> Iterator[str]:
    """A PostgreSQL database of this module's own."""
    yield from database_of(f"{POSTGRESQL}/postgres", "DROP DATABASE {} WITH (FORCE)", needs_service)


@pytest.fixture(scope="module")
def proxy(shared_url: str) -> Iterator[Proxy]:
    """What stands between the server and PostgreSQL."""
    between = Proxy(make_url(shared_url).port or 5432)
    yield between
    between.close()


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory, model: Path, shared_url: str, proxy: Proxy) -> Iterator[Server]:
    """A server whose stores are in PostgreSQL, behind the proxy."""
    home = make_home(tmp_path_factory.mktemp("shared"))
    through = make_url(shared_url).set(port=proxy.port).render_as_string(hide_password=False)
    (home / "var").mkdir()
    yield from serving(home, shared_url, SALDO_DATABASE_URL=through)


def serving(home: Path, records: str, **environment: str) -> Iterator[Server]:
    Repository(create_database(records)).add(sample_accounts(date.fromisoformat(TODAY))[:1])
    server = Server(free_port(), {**environment_of(home), **MANY, **environment}, home / "server.log")
    server.start()
    yield server
    server.stop(signal.SIGKILL)


def caller_of(server: Server) -> Caller:
    return Caller(server.port, "127.0.0.1")


def ask(server: Server, session: str, name: str | None = None) -> Reply:
    return caller_of(server).post("/messages", {"text": QUESTION, "id": name or uuid4().hex}, session)


def utterances(server: Server, session: str) -> list[str]:
    return [message["id"] for message in caller_of(server).get("/messages", session).json()["messages"]]


def is_refused(reply: Reply) -> bool:
    """As the widget takes it for a passing failure, and as a customer reads it."""
    return reply.is_problem(503) and "severa.invoicing@visma.com" in reply.json()["detail"]


def recovers(server: Server, session: str, name: str) -> bool:
    return ask(server, session, name).status == 200 and caller_of(server).get("/health").status == 200


def others_while(server: Server, waiting: Callable[[], Reply]) -> tuple[Reply, float, float]:
    """The reply of what waits, its seconds, and the longest that static words took meanwhile."""
    slowest, began = 0.0, time.monotonic()
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(waiting)
        while not asked.done():
            at = time.monotonic()
            assert caller_of(server).get("/words/fi").status == 200
            assert caller_of(server).get("/live").status == 200
            slowest = max(slowest, (time.monotonic() - at) / 2)
            time.sleep(0.1)
    return asked.result(), time.monotonic() - began, slowest


def store_of(server: Server) -> Path:
    return Path(server.environment["SALDO_HOME"]) / "var" / "conversations.db"


@pytest.mark.fault("another program locks the store", expected="503 with the contact; static words come meanwhile")
def test_a_locked_store_refuses_the_turn_and_holds_up_nobody(served: Server, seen: Seen) -> None:
    session, name = caller_of(served).begin(), uuid4().hex
    with closing(sqlite3.connect(store_of(served), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        reply, seconds, slowest = others_while(served, lambda: ask(served, session, name))
    assert is_refused(reply)
    assert slowest < SOON and seconds < DEADLINE
    until(lambda: recovers(served, session, name), "it did not go on")
    assert utterances(served, session).count(name) == 1
    seen(f"503 after {seconds:.1f} s, static words in {slowest:.2f} s; the same message was answered once later")


@pytest.mark.fault("the store's file is deleted while we serve", expected="the next turn is kept in a new file")
def test_a_deleted_file_is_made_anew(served: Server, seen: Seen) -> None:
    session = caller_of(served).begin()
    assert ask(served, session).status == 200
    for path in store_of(served).parent.glob("conversations.db*"):
        path.unlink()
    name = uuid4().hex
    until(lambda: recovers(served, session, name), "it did not go on")
    with closing(sqlite3.connect(store_of(served))) as file:
        assert file.execute("SELECT count(*) FROM turns WHERE message = ?", [name]).fetchone() == (1,)
    assert utterances(served, session)[0] == name
    seen("the turn after it is in the new file; no restart")


@pytest.mark.fault(
    "the store's file is overwritten with garbage", expected="503, health names the store; then it goes on"
)
def test_garbage_in_its_place_is_refused(served: Server, seen: Seen) -> None:
    session, name = caller_of(served).begin(), uuid4().hex
    assert ask(served, session).status == 200
    store_of(served).write_bytes(b"this is no database" * 4096)
    replies = [ask(served, session, name) for _ in range(3)]
    assert all(map(is_refused, replies))
    health = partial(caller_of(served).get, "/health")
    until(lambda: health().is_problem(503), "health did not tell")  # it looks once a second
    assert "store of conversations" in health().json()["detail"]
    for path in store_of(served).parent.glob("conversations.db*"):
        path.unlink()
    until(lambda: recovers(served, session, name), "it did not go on")
    seen("3 of 3 turns 503, health 503; answered when the file was moved away")


@pytest.mark.fault("the process is killed (-9) between turns", expected="every acknowledged turn is there, once")
def test_what_was_acknowledged_outlives_the_process(served: Server, seen: Seen) -> None:
    session, names = caller_of(served).begin(), [uuid4().hex for _ in range(12)]
    acknowledged: list[str] = []

    def ask_all() -> None:
        for name in names:
            if ask(served, session, name).status == 200:
                acknowledged.append(name)

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask_all)
        until(lambda: len(acknowledged) > 3, "no turns")
        served.stop(signal.SIGKILL)
        asking.exception()  # the connection that was cut
    before = list(acknowledged)
    served.start()
    kept = utterances(served, session)
    assert [name for name in before if kept.count(name) != 1] == []
    for name in names:
        assert ask(served, session, name).status == 200
    assert sorted(name for name in utterances(served, session) if name in names) == sorted(names)
    seen(f"{len(before)} acknowledged before it, 0 lost; all 12 there once after they were sent again")


@pytest.mark.fault("PostgreSQL falls silent (a connection that passes no bytes)", expected="503 in time; others go on")
def test_a_silent_database_holds_up_nobody(sharing: Server, proxy: Proxy, seen: Seen) -> None:
    session, name = caller_of(sharing).begin(), uuid4().hex
    assert ask(sharing, session).status == 200
    proxy.open.clear()
    try:
        reply, seconds, slowest = others_while(sharing, lambda: ask(sharing, session, name))
    finally:
        proxy.open.set()
    assert reply.status == 503
    assert slowest < SOON and seconds < DEADLINE
    until(lambda: recovers(sharing, session, name), "it did not go on")
    assert utterances(sharing, session).count(name) == 1
    seen(f"503 after {seconds:.1f} s, static words in {slowest:.2f} s; went on by itself")


@pytest.mark.fault("a table of PostgreSQL is locked", expected="503 in time; others go on")
def test_a_locked_table_holds_up_nobody(sharing: Server, shared_url: str, seen: Seen) -> None:
    session, name = caller_of(sharing).begin(), uuid4().hex
    assert ask(sharing, session).status == 200
    engine = create_engine(shared_url, future=True)
    with engine.connect() as other:
        other.execute(text("LOCK TABLE conversations IN ACCESS EXCLUSIVE MODE"))
        reply, seconds, slowest = others_while(sharing, lambda: ask(sharing, session, name))
        other.rollback()
    engine.dispose()
    assert is_refused(reply)
    assert slowest < SOON and seconds < DEADLINE
    until(lambda: recovers(sharing, session, name), "it did not go on")
    seen(f"503 after {seconds:.1f} s, static words in {slowest:.2f} s; went on by itself")


@pytest.mark.fault(
    "PostgreSQL ends all of our connections", expected="refused for a moment at most, then answered on new ones"
)
def test_ended_connections_are_opened_anew(sharing: Server, shared_url: str, seen: Seen) -> None:
    session = caller_of(sharing).begin()
    assert ask(sharing, session).status == 200
    engine = create_engine(shared_url, future=True)
    with engine.connect() as other:
        ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        ended = other.execute(text(f"{ours} AND pid <> pg_backend_pid()")).rowcount
    engine.dispose()
    assert ended
    name, began = uuid4().hex, time.monotonic()
    until(lambda: recovers(sharing, session, name), "it did not go on")
    seconds = time.monotonic() - began
    assert utterances(sharing, session).count(name) == 1
    assert not list(Path(sharing.environment["SALDO_HOME"]).glob("var/conversations.db"))  # one setting for all stores
    seen(f"{ended} connections ended; answered on new ones after {seconds:.1f} s, once")
