"""The server's edge, on one real server: how requests are framed and named, slow sockets, crowds, models, the end."""

from __future__ import annotations

import gzip
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from signal import SIGKILL, SIGTERM
from uuid import uuid4

import pytest

from saldo.billing import Repository, create_database, sample_accounts
from saldo.rasa_runtime.model_file import hash_file, intact, write_hash
from saldo.settings import Settings
from saldo.web.edge.drain import MOST_SECONDS
from saldo.web.edge.gate import DEADLINE
from saldo.web.edge.lines import MOST_IDLE, SILENT
from tests.conftest import environment_of, make_home
from tests.fault_table import Seen
from tests.serving import Server, connected, free_port, is_closed
from tests.support import TODAY, Caller, Reply
from tests.waiting import until

ROOM, CROWD, WAITING = 40, 60, 30
QUESTION = "Waarom staan er 60 licenties op mijn factuur?"
POST = b"POST /webhooks/widget/session HTTP/1.1\r\nHost: chat.example.com\r\n"


@pytest.fixture(scope="module")
def edge_home(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Path:
    """A home whose model these tests may spoil."""
    home = make_home(tmp_path_factory.mktemp("edge"), copied=["models"])
    Repository(create_database(f"sqlite:///{home}/var/saldo.db")).add(sample_accounts(date.fromisoformat(TODAY)))
    return home


@pytest.fixture(scope="module")
def edged(edge_home: Path) -> Iterator[Server]:
    """A server with a name, and with room for few."""
    many = {"SALDO_SESSIONS_PER_MINUTE": "999999", "SALDO_HOSTS": "chat.example.com", "SALDO_TURNS_AT_ONCE": str(ROOM)}
    server = Server(free_port(), {**environment_of(edge_home), **many}, edge_home / "server.log", demo=False)
    server.start()
    yield server
    assert server.process
    if server.process.poll() is None:
        server.stop(SIGKILL)


@pytest.fixture
def calls(edged: Server) -> Caller:
    return Caller(edged.port, "127.0.0.1")


def raw(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """All that is answered to these bytes until the server closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.settimeout(pause or 60)
        answered = b""
        for piece in pieces:
            with suppress(ConnectionError, TimeoutError, socket.timeout):
                connection.sendall(piece)
                if pause and not (more := connection.recv(65536)):
                    break
                answered += more if pause else b""
        connection.settimeout(60)
        with suppress(ConnectionError):
            while more := connection.recv(65536):
                answered += more
    return answered


@pytest.mark.fault("a request whose end is in doubt", expected="400 and the connection closed, never a 500")
@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: abc",
        b"Content-Length: -1",
        b"Content-Length: +2",
        b"Content-Length: 2\r\nContent-Length: 3",
        b"Content-Length: 2\r\nTransfer-Encoding: chunked",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: Chunked",
        b"Transfer-Encoding : chunked",
        b"Host: other.example",
        b"X: a\nContent-Length: 2",
        b"no colon",
    ],
)
def test_a_request_must_be_framed_beyond_doubt(edged: Server, header: bytes, seen: Seen) -> None:
    """What follows such a head is never read as a second request."""
    answered = raw(edged.port, POST + header + b"\r\n\r\n{}GET /webhooks/widget/live HTTP/1.1\r\n\r\n")
    assert answered.startswith(b"HTTP/1.1 400 "), answered
    assert answered.count(b"HTTP/1.1") == 1
    assert b"application/problem+json" in answered
    assert b"connection: close" in answered.lower()
    assert "Traceback" not in edged.said()
    seen("400, closed, no traceback")


@pytest.mark.fault("a server is called by another's name", expected="421, whatever is asked but health")
def test_a_server_goes_by_its_own_names(calls: Caller, seen: Seen) -> None:
    for name, status in (("chat.example.com:8443", 201), ("localhost", 201), ("evil.example", 421), ("", 421)):
        assert calls.call("POST", "/session", {}, headers={"Host": name}).status == status, name
    assert calls.call("GET", "/live", headers={"Host": "10.0.0.7"}).status == 200
    seen("its own and this machine's names 201, others 421, live 200")


@pytest.mark.fault("DNS rebinding: a page makes its own name lead to a demonstration", expected="421, no figure")
def test_a_demonstration_goes_by_this_machines_names_alone(caller: Caller, seen: Seen) -> None:
    for path in ("/demo/customers", "/", "/words/nl"):
        assert caller.get(path, headers={"Host": "evil.example"}).is_problem(421)
    assert caller.get("/demo/customers", headers={"Host": "localhost:80"}).status == 200
    seen("421 three times of three")


def test_nothing_tells_what_runs_here(edged: Server, server: int) -> None:
    told = raw(edged.port, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert told.startswith(b"HTTP/1.1 404 ")
    led = raw(server, b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
    assert led.startswith(b"HTTP/1.1 302 ")
    assert b"/webhooks/widget/" in led
    for answered in (told, led):
        assert not [name for name in (b"rasa", b"sanic", b"python", b"server:") if name in answered.lower()]


@pytest.mark.fault("sockets that send a byte a second, in a head and in a body", expected="408 in 15 s, and closed")
def test_a_request_that_trickles_in_is_given_up(edged: Server, calls: Caller, seen: Seen) -> None:
    heads = (POST, POST + b"Content-Type: application/json\r\nContent-Length: 500\r\n\r\n")
    began = time.monotonic()
    with ThreadPoolExecutor() as trickling:
        answered = list(trickling.map(lambda head: raw(edged.port, head, *[b" "] * 40, pause=1.0), heads))
    took = time.monotonic() - began
    assert [reply[:13] for reply in answered] == [b"HTTP/1.1 408 "] * 2
    assert took < 25
    assert calls.get("/live").status == 200
    seen(f"408 twice, the later after {took:.0f} s")


@pytest.mark.fault("an address opens connections and says nothing", expected="the oldest give way, others are served")
def test_an_address_has_so_many_silent_connections(edged: Server, calls: Caller, seen: Seen) -> None:
    with ExitStack() as stack:
        silent = [connected(edged.port, stack) for _ in range(MOST_IDLE + 20)]
        time.sleep(SILENT + 0.1)
        latest = connected(edged.port, stack)
        until(lambda: is_closed(silent[0]), "the oldest connection stays open")
        assert calls.get("/live").status == 200
        assert not is_closed(silent[-1]) and not is_closed(latest)
        seen(f"{sum(map(is_closed, silent))} of {len(silent)} gave way")


def test_more_connections_than_that_at_once_are_all_answered(edged: Server) -> None:
    """Whoever asks something the moment it is connected has nothing to fear from those who come after it."""
    with ExitStack() as stack:
        asking = []
        for _ in range(2 * MOST_IDLE):
            asking.append(connected(edged.port, stack))
            asking[-1].sendall(b"GET /webhooks/widget/live HTTP/1.1\r\nHost: chat.example.com\r\n\r\n")
        assert {each.recv(15) for each in asking} == {b"HTTP/1.1 200 OK"}


@dataclass(frozen=True)
class Crowd:
    """What became of more messages at once than there is room for, while the store was locked."""

    replies: list[tuple[Reply, float]]
    health: tuple[Reply, float]
    live: tuple[Reply, float]
    again: list[Reply]

    def late(self) -> list[tuple[Reply, float]]:
        return [(reply, took) for reply, took in self.replies if took >= DEADLINE - 0.5]

    def early(self) -> list[tuple[Reply, float]]:
        return [(reply, took) for reply, took in self.replies if took < 2]


def timed(call: Callable[[], Reply]) -> tuple[Reply, float]:
    began = time.monotonic()
    return call(), time.monotonic() - began


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """No other program can write to it meanwhile."""
    with closing(sqlite3.connect(store, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


@pytest.fixture(scope="module")
def crowd(edged: Server, edge_home: Path) -> Crowd:
    calls = Caller(edged.port, "127.0.0.1")
    first = calls.begin()
    until(lambda: calls.post("/messages", {"text": QUESTION}, first).status == 200, "the store is not there")
    said = [(calls.begin(), {"text": QUESTION, "id": uuid4().hex}) for _ in range(CROWD)]

    def say(one: tuple[str, dict[str, str]]) -> Reply:
        return calls.post("/messages", one[1], one[0])

    with ThreadPoolExecutor(CROWD) as customers, locked(edge_home / "var" / "conversations.db"):
        asked = [customers.submit(timed, lambda one=one: say(one)) for one in said]  # type: ignore[misc]
        time.sleep(4)
        live, health = timed(lambda: calls.get("/live")), timed(lambda: calls.get("/health"))
        replies = [each.result() for each in asked]
    until(lambda: calls.get("/health").status == 200, lambda: f"it does not recover: {edged.said()}")
    return Crowd(replies, health, live, [say(one) for one in said])


@pytest.mark.fault(
    f"{CROWD} messages at once where there is room for {ROOM}, and a store that is locked",
    expected="what there is no room for is turned away at once with Retry-After; live and health answer",
)
def test_a_crowd_is_turned_away_early(crowd: Crowd, seen: Seen) -> None:
    early = crowd.early()
    assert len(early) >= (CROWD - ROOM) // 2  # the machine may be slow to ask, and then there is room again
    assert all(reply.is_problem(503) and int(reply.headers["retry-after"]) > 0 for reply, _ in early)
    assert crowd.live[0].status == 200
    assert crowd.live[1] < 2
    assert crowd.health[0].is_problem(503)
    assert "conversations" in crowd.health[0].json()["detail"]
    assert crowd.health[1] < 5
    slowest = max(took for _, took in early)
    seen(f"{len(early)} turned away, the last after {slowest:.1f} s; live in {crowd.live[1]:.1f} s")


@pytest.mark.fault(
    "turns wait longer than 10 s for a locked store",
    expected="an apology in the customer's language, and the same message answered when it is sent again",
)
def test_a_turn_has_a_deadline(crowd: Crowd, seen: Seen) -> None:
    late = crowd.late()
    assert late
    assert all(reply.is_problem(503) and took < DEADLINE + 5 for reply, took in late)
    assert all("@" in reply.json()["detail"] and int(reply.headers["retry-after"]) > 0 for reply, _ in late)
    assert any(reply.json()["detail"].startswith("Excuses") for reply, _ in late)
    assert Counter(reply.status for reply in crowd.again) == {200: CROWD}
    assert {len(reply.json()["messages"]) for reply in crowd.again} == {1}
    slowest = max(took for _, took in late)
    seen(f"{len(late)} apologies, the latest after {slowest:.1f} s; {CROWD} of {CROWD} answered when sent again")


@pytest.mark.fault("a newer model is put in place while it serves", expected="taken over without a restart")
def test_a_newer_model_is_taken_over(edged: Server, calls: Caller, edge_home: Path, seen: Seen) -> None:
    model = Settings(home=edge_home).model
    newer = model.with_name("newer")
    newer.write_bytes(gzip.compress(gzip.decompress(model.read_bytes()), 1))
    newer.replace(model)
    write_hash(model)
    began = time.monotonic()
    until(lambda: f"taken over: {intact(model)[:12]}" in edged.said(), "the newer model is not taken over")
    took = time.monotonic() - began
    assert calls.ask(calls.begin(), QUESTION)["kind"] == "answer"
    seen(f"taken over after {took:.0f} s, the next question answered by it")


@pytest.mark.fault("a newer model is damaged", expected="refused with a line in the log, the one before goes on")
def test_a_damaged_newer_model_is_refused(edged: Server, calls: Caller, edge_home: Path, seen: Seen) -> None:
    model = Settings(home=edge_home).model
    whole, sum_of_it = model.read_bytes(), hash_file(model).read_text()
    newer = model.with_name("newer")
    newer.write_bytes(whole[: len(whole) // 2])
    newer.replace(model)
    until(lambda: "newer model is refused" in edged.said(), "the damaged model is not refused")
    assert calls.get("/health").status == 200
    assert calls.ask(calls.begin(), QUESTION)["kind"] == "answer"
    assert "Traceback" not in edged.said()
    model.write_bytes(whole)
    hash_file(model).write_text(sum_of_it)
    seen("one line in the log, the next question answered")


@dataclass(frozen=True)
class End:
    """How a server ended with many waiting and one request half sent."""

    code: int
    seconds: float
    statuses: Counter[int]
    half: bytes


@pytest.fixture(scope="module")
def end(edged: Server) -> End:
    calls = Caller(edged.port, "127.0.0.1")
    sessions, statuses = [calls.begin() for _ in range(WAITING)], Counter[int]()
    assert edged.process
    sent = threading.Barrier(WAITING + 1)

    def ask(session: str) -> None:
        sent.wait()
        try:
            statuses[calls.post("/messages", {"text": QUESTION}, session).status] += 1
        except OSError:
            statuses[0] += 1

    with socket.create_connection(("127.0.0.1", edged.port), timeout=60) as half, ThreadPoolExecutor(WAITING) as asking:
        half.sendall(POST + b"Content-Le")
        asked = [asking.submit(ask, session) for session in sessions]
        sent.wait()
        time.sleep(0.1)
        began = time.monotonic()
        edged.process.send_signal(SIGTERM)
        code = edged.process.wait(60)
        took = time.monotonic() - began
        for each in asked:
            each.result()
        with suppress(ConnectionError):
            return End(code, took, statuses, half.recv(4096))
        return End(code, took, statuses, b"")


@pytest.mark.fault(f"SIGTERM while {WAITING} requests wait", expected="all of them answered, none reset")
def test_who_waits_at_the_end_is_answered(end: End, edged: Server, seen: Seen) -> None:
    assert end.statuses == {200: WAITING}
    assert end.code == 0
    assert "Traceback" not in edged.said()
    seen(f"{end.statuses[200]} of {WAITING} answered, ended after {end.seconds:.1f} s")


@pytest.mark.fault("a half-sent request at shutdown", expected="it holds up the end by 10 s at most")
def test_a_half_sent_request_does_not_hold_up_the_end(end: End, seen: Seen) -> None:
    assert not end.half.startswith(b"HTTP/1.1 2")
    assert end.seconds < MOST_SECONDS + 3
    seen(f"ended after {end.seconds:.1f} s")
