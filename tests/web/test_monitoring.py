"""A server that is watched: its logs, metrics and spans tell of each turn, by one id, and nothing of who said what."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.collector import Collector, collecting
from tests.conftest import make_home
from tests.fault_table import Seen
from tests.serving import Server, free_port
from tests.support import TODAY, Caller, Reply
from tests.waiting import until

CUSTOMER = "NL-1001"
PERSONAL = ("NL91ABNA0417164300", "anna@voorbeeld.example", "Annabel Verschuren", "06-12345678", "Kraanvogel", CUSTOMER)
SAID = f"Waarom staan er 60 licenties op mijn factuur? Ik ben {', '.join(PERSONAL)}."
STAGES = {"turn", "understand", "choose", "explain", "read_conversation", "write_conversation"}
RENAME = "UPDATE customers SET id = '{new}' WHERE id = '{old}'"
FULL = "CREATE TRIGGER full BEFORE INSERT ON {} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"


@pytest.fixture(scope="module")
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        yield collector


@pytest.fixture(scope="module")
def metrics_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def watched_home(tmp_path_factory: pytest.TempPathFactory, model: Path, home: Path) -> Path:
    """A home whose stores these tests may spoil."""
    own = make_home(tmp_path_factory.mktemp("watched"))
    (own / "var").mkdir(mode=0o700)
    with sqlite3.connect(home / "var" / "saldo.db") as records, sqlite3.connect(own / "var" / "saldo.db") as copy:
        records.backup(copy)
    return own


@pytest.fixture(scope="module")
def watched(watched_home: Path, collector: Collector, metrics_port: int) -> Iterator[Server]:
    logged = {"SALDO_LOG": "json", "SALDO_LOG_LEVEL": "debug", "SALDO_METRICS_PORT": str(metrics_port)}
    loud = {"LOG_LEVEL": "DEBUG", "LOG_LEVEL_LIBRARIES": "DEBUG"}  # as somebody sets who wants to hear all of Rasa
    where = {"SALDO_HOME": str(watched_home), "SALDO_TODAY": TODAY}
    server = Server(free_port(), {**where, **logged, **loud, **collector.environment}, watched_home / "server.log")
    server.start()
    yield server
    server.stop(signal.SIGKILL)


@pytest.fixture
def customer(watched: Server) -> Caller:
    return Caller(watched.port, "127.0.0.1")


def begin(customer: Caller) -> str:
    """A session of the customer."""
    identity = customer.post("/demo/identity", {"customer": CUSTOMER}).json()["identity"]
    return customer.begin(identity=identity)


def ask(customer: Caller, session: str, name: str | None = None, text: str = SAID) -> Reply:
    return customer.post("/messages", {"text": text, **({"id": name} if name else {})}, session)


def lines(server: Server) -> list[dict[str, Any]]:
    return [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]


def metric(port: int, name: str) -> float:
    """The value of a metric with its labels; 0 if it was never counted."""
    with urlopen(f"http://127.0.0.1:{port}/metrics") as page:
        found = re.findall(rf"^{re.escape(name)} (\S+)$", page.read().decode(), re.MULTILINE)
    return float(found[0]) if found else 0.0


def test_the_id_of_a_turn_leads_to_its_lines_and_its_spans(
    customer: Caller, watched: Server, collector: Collector
) -> None:
    reply = ask(customer, begin(customer))
    turn = reply.headers["x-turn-id"]
    assert reply.status == 200 and re.fullmatch("[0-9a-f]{32}", turn)
    told = [line for line in lines(watched) if line.get("turn") == turn]
    assert {line["logger"] for line in told} >= {
        "saldo.web.measured", "saldo.rasa_runtime.channel", "saldo.rasa_runtime.actions", "saldo.insight.stages"
    }  # fmt: skip
    assert {line["stage"] for line in told if line["event"] == "stage"} == STAGES
    (line,) = (line for line in told if line["event"] == "turn")
    assert (line["kind"], line["language"]) == ("answer", "nl") and "invoice_quantity" in line["topics"]
    until(lambda: {*collector.spans(turn)} == STAGES, lambda: f"spans: {[*collector.spans(turn)]}")
    spans = collector.spans(turn)
    assert all(spans[name].parent_span_id == spans["turn"].span_id for name in ("understand", "explain", "choose"))
    told_of = {each.key.removeprefix("saldo.") for each in spans["turn"].attributes}
    assert told_of == {"kind", "language", "topics", "acts"}
    assert collector.services() == {"saldo"}


def test_a_message_sent_again_has_the_same_id(customer: Caller) -> None:
    session = begin(customer)
    first, again = (ask(customer, session, "m-1732-abcdef").headers["x-turn-id"] for _ in range(2))
    assert first == again != ask(customer, session, "m-1733-abcdef").headers["x-turn-id"]


def test_a_page_elsewhere_may_read_the_id(watched: Server, customer: Caller) -> None:
    reply = customer.call("POST", "/session", {}, headers={"Origin": f"http://127.0.0.1:{watched.port}"})
    assert "X-Turn-Id" in reply.headers["access-control-expose-headers"]


def test_what_happens_is_counted(customer: Caller, metrics_port: int) -> None:
    counted = (
        'saldo_turns_total{kind="answer"}',
        'saldo_requests_total{method="POST",route="webhooks/widget/messages",status="200"}',
        'saldo_feedback_total{helpful="no",language="nl"}',
        'saldo_stage_seconds_count{stage="write_conversation"}',
    )
    before = [metric(metrics_port, name) for name in counted]
    session = begin(customer)
    answer = ask(customer, session).json()["messages"][0]
    customer.post("/feedback", {"message": answer["id"], "helpful": False, "comment": SAID}, session)
    assert all(metric(metrics_port, name) > was for name, was in zip(counted, before, strict=True))


def test_whoever_asks_too_often_is_counted(customer: Caller, metrics_port: int) -> None:
    session = begin(customer)
    statuses = [customer.get("/messages", session).status for _ in range(121)]
    assert statuses.count(429) >= 1
    assert metric(metrics_port, 'saldo_refused_total{reason="rate_limit"}') == statuses.count(429)


def test_a_strange_request_makes_no_name_of_its_own(customer: Caller, metrics_port: int) -> None:
    """Names that callers choose would fill the memory, and might be anybody's."""
    customer.call("POST", "/nothing/Kraanvogel?klant=Kraanvogel")
    customer.call("KRAANVOGEL", "/health")
    assert metric(metrics_port, 'saldo_requests_total{method="POST",route="none",status="404"}') >= 1


@pytest.mark.fault("the billing records are away", expected="answers without figures; metrics say which store")
def test_a_store_that_is_away_is_told(customer: Caller, watched_home: Path, metrics_port: int, seen: Seen) -> None:
    faults = 'saldo_faults_total{place="saldo.rasa_runtime.services"}'
    session, before = begin(customer), metric(metrics_port, faults)
    change(watched_home / "var" / "saldo.db", "ALTER TABLE customers RENAME TO gone")
    asked = ask(customer, session)
    up, counted = (
        metric(metrics_port, 'saldo_store_up{store="billing database"}'),
        metric(metrics_port, faults) - before,
    )
    change(watched_home / "var" / "saldo.db", "ALTER TABLE gone RENAME TO customers")
    assert (asked.status, up) == (200, 0.0) and counted >= 1
    assert metric(metrics_port, 'saldo_store_up{store="billing database"}') == 1.0
    seen(f"{asked.status}; saldo_store_up {up:.0f}, {counted:.0f} faults counted; 1 again when it is back")


def test_nothing_personal_is_in_logs_metrics_and_spans(
    customer: Caller, watched: Server, watched_home: Path, collector: Collector, metrics_port: int
) -> None:
    """Neither of a conversation that goes well nor of one whose stores break in the middle, at the loudest level."""
    session = begin(customer)
    answer = ask(customer, session).json()["messages"][0]
    customer.post("/feedback", {"message": answer["id"], "helpful": False, "comment": SAID}, session)
    customer.post("/handover", {"email": PERSONAL[1], "text": SAID}, session)
    customer.post("/session", {"identity": SAID})
    customer.call("POST", "/messages", f'{{"text": "{SAID}'.encode(), session)
    ask(customer, session, PERSONAL[0])
    for store, spoil, mend in (
        ("widget.db", FULL.format("feedback"), "DROP TRIGGER full"),
        ("conversations.db", FULL.format("events"), "DROP TRIGGER full"),
        ("saldo.db", "ALTER TABLE customers RENAME TO gone", "ALTER TABLE gone RENAME TO customers"),
        ("saldo.db", RENAME.format(old=CUSTOMER, new="gone"), RENAME.format(old="gone", new=CUSTOMER)),
    ):  # fmt: skip
        change(watched_home / "var" / store, "PRAGMA foreign_keys = OFF", spoil)
        last = ask(customer, session)
        customer.post("/feedback", {"message": answer["id"], "helpful": False, "comment": SAID}, session)
        change(watched_home / "var" / store, "PRAGMA foreign_keys = OFF", mend)
    assert last.status == 200
    until(lambda: collector.spans(last.headers["x-turn-id"]).get("turn"), "the last turn has no span")
    with urlopen(f"http://127.0.0.1:{metrics_port}/metrics") as page:
        told = {"log": watched.said(), "metrics": page.read().decode(), "spans": repr(collector.bodies)}
    assert [line for line in lines(watched) if line["level"] == "error"], "what broke is told"
    hidden = (*PERSONAL, "Annabel", session, session.partition(".")[0], "eyJ", "[parameters")
    assert {where: [one for one in hidden if one in text] for where, text in told.items()} == {
        where: [] for where in told
    }


def change(store: Path, *how: str) -> None:
    with sqlite3.connect(store) as database:
        for each in how:
            database.execute(each)
    database.close()


@pytest.mark.fault("the collector of spans does not answer", expected="turns as before; the server ends in seconds")
def test_a_collector_that_hangs_costs_nothing(
    watched: Server, customer: Caller, collector: Collector, seen: Seen
) -> None:
    """The last test of this server."""
    session = begin(customer)
    collector.answers.clear()
    begun = time.monotonic()
    statuses = [ask(customer, session).status for _ in range(3)]
    asked = time.monotonic() - begun
    assert statuses == [200] * 3 and asked < 5
    begun = time.monotonic()
    assert watched.stop() == 0
    ended = time.monotonic() - begun
    assert ended < 10
    seen(f"3 of 3 answered in {asked:.1f} s; ended in {ended:.1f} s")
