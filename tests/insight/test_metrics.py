"""What Prometheus reads, and where: each figure is counted once, and a store that hangs does not hold the others up."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable
from urllib.request import urlopen

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from saldo.errors import DatabaseUnusable
from saldo.insight import metrics
from saldo.insight.store import FeedbackBook, open_store
from saldo.settings import Settings
from tests.fault_table import Seen
from tests.insight.figures import Figures, figures
from tests.serving import free_port
from tests.support import Conversation, Ran


def test_a_turn_is_counted_by_kind_topic_act_and_stage(talk: Conversation) -> None:
    before = figures()
    talk.say("Waarom staan er 60 licenties op mijn factuur?", "NL-1001")
    added = figures().since(before)
    assert added["saldo_turns_total", "answer"] == 1
    assert added["saldo_topics_total", "invoice_quantity", "nl"] == 1
    assert added["saldo_acts_total", "ask"] == 1
    stages = {labels[1] for labels in added if labels[0] == "saldo_stage_seconds_count"}
    assert {"turn", "understand", "choose", "explain"} <= stages
    assert added["saldo_stage_seconds_count", "turn"] == 1
    assert figures()["saldo_turns_in_flight",] == 0


@pytest.mark.parametrize(
    ("text", "kind"), [("Mag ik een mens spreken?", "handover"), ("Hoe is het weer in Utrecht?", "out_of_scope")]
)
def test_what_is_handed_over_or_refused_is_a_kind(talk: Conversation, text: str, kind: str) -> None:
    before = figures()
    assert talk.say(text)["kind"] == kind
    assert figures().since(before)["saldo_turns_total", kind] == 1


def test_verdicts_are_counted(stored: Settings) -> None:
    store = open_store(stored)
    before = figures()
    FeedbackBook(store).take("c", "m", False, "te lang", ["seat_count"], "nl")
    assert figures().since(before)["saldo_feedback_total", "no", "nl"] == 1


def test_errors_are_counted_by_the_module_that_logs_them() -> None:
    counting, log = metrics.Faults(logging.ERROR), logging.getLogger("saldo.test_metrics")
    log.addHandler(counting)
    before = figures()
    log.error("one")
    log.warning("none")
    log.removeHandler(counting)
    assert figures().since(before) == Figures({("saldo_faults_total", "saldo.test_metrics"): 1.0})


def up(stores: metrics.Stores) -> dict[str, float]:
    (family,) = stores.collect()
    return {sample.labels["store"]: sample.value for sample in family.samples}


@pytest.mark.fault("a store that never answers", expected="metrics in seconds all the same; the store is 0")
def test_a_store_that_hangs_holds_nothing_up(seen: Seen) -> None:
    def refuse() -> None:
        raise DatabaseUnusable("gone")

    let_go = threading.Event()
    stores = metrics.Stores({"billing": lambda: None, "insight": refuse, "conversations": let_go.wait})
    begun = time.perf_counter()
    expected = {"billing": 1.0, "insight": 0.0, "conversations": 0.0}
    assert up(stores) == expected
    first = time.perf_counter() - begun
    assert first < 2 * metrics.PATIENCE
    assert up(stores) == expected
    assert sum(thread.name == "look at conversations" for thread in threading.enumerate()) == 1
    let_go.set()
    seen(f"{first:.1f} s; the two other stores as they are")


def test_they_are_read_on_a_port_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's is that many further."""
    registry, port = CollectorRegistry(), free_port()
    monkeypatch.setattr(metrics, "REGISTRY", registry)
    metrics.serve_metrics(Settings(metrics_port=port - 2, worker=2))
    metrics.watch({"billing": lambda: None})
    with urlopen(f"http://127.0.0.1:{port}/metrics") as page:
        assert b'saldo_turns_total{kind="answer"}' in page.read()
    assert b'saldo_store_up{store="billing"} 1.0' in generate_latest(registry)


@pytest.mark.fault("the port for metrics is taken", expected="no start, exit code 2, the setting named")
def test_a_port_that_is_taken_stops_the_start(saldo: Callable[..., Ran], seen: Seen) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = saldo("serve", "--port", str(free_port()), SALDO_METRICS_PORT=str(port))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"SALDO_METRICS_PORT: port {port} on 127.0.0.1 cannot be listened on")
    seen(f"exit code {ran.code}: {ran.err.strip().replace(str(port), '…')}")
