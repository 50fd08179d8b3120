"""What Prometheus reads: how many, how fast, and what went wrong; docs/monitoring.md explains each.

Nothing personal: labels are names of ours (kinds, topics, acts, stages, routes, modules), never what somebody wrote.
Each process counts for itself and listens on a port of its own; a worker on the port its number further.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from prometheus_client import REGISTRY, Counter, Gauge, Histogram, start_http_server
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from saldo.errors import SaldoError
from saldo.settings import Settings

UP_TO = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds: a turn takes 25 ms, and is given up after 10 s."""

turns = Counter("saldo_turns", "Turns by what they were answered with; failed where nothing could be", ["kind"])
topics = Counter("saldo_topics", "Topics that were answered", ["topic", "language"])
acts = Counter("saldo_acts", "What messages did beside asking", ["act"])
seconds = Histogram("saldo_stage_seconds", "How long a stage of a turn took", ["stage"], buckets=UP_TO)
in_flight = Gauge("saldo_turns_in_flight", "Turns begun and not yet answered")
feedback = Counter("saldo_feedback", "Verdicts of readers on answers", ["helpful", "language"])
handovers = Counter("saldo_handovers", "Conversations laid before a person", ["reason", "language"])
mails = Counter("saldo_mails", "Mails handled, by what came of them", ["outcome"])
requests = Counter("saldo_requests", "Requests over HTTP", ["route", "method", "status"])
refused = Counter("saldo_refused", "Requests turned away", ["reason"])
faults = Counter("saldo_faults", "Errors logged, by the module that logged them", ["place"])

for _counter, _values in (
    (turns, "answer clarify small_talk handover out_of_scope unsupported_language failed"),
    (refused, "rate_limit overload"),
    (mails, "draft person none skipped"),
):
    for _value in _values.split():  # a rate is known from the first one on only if there was a 0 before it
        _counter.labels(_value)

Check = Callable[[], object]
"""Raises whatever is wrong with a store."""
PATIENCE = 2.0
"""Seconds that a store may take to show that it is there."""


class PortTaken(SaldoError):
    """Nothing can listen where the metrics should be."""

    def __init__(self, host: str, port: int, why: str) -> None:
        super().__init__(f"SALDO_METRICS_PORT: port {port} on {host} cannot be listened on ({why}); choose another.")


class Stores(Collector):
    """Looks at the stores whenever the metrics are read, in threads that a store which hangs cannot hold up."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        self._checks = checks
        self._looking: dict[str, threading.Thread] = {}

    def describe(self) -> Iterator[Metric]:
        """Its name, without a look."""
        yield self._family()

    def collect(self) -> Iterator[Metric]:
        """1 for each store that is there, 0 for others."""
        family = self._family()
        for name, check in self._checks.items():
            family.add_metric([name.removeprefix("The ")], float(self._is_up(name, check)))
        yield family

    def _family(self) -> GaugeMetricFamily:
        return GaugeMetricFamily("saldo_store_up", "Whether a store can be read: 1 or 0", labels=["store"])

    def _is_up(self, name: str, check: Check) -> bool:
        up = []
        if (looking := self._looking.get(name)) and looking.is_alive():
            return False  # it hangs since the last look

        def look() -> None:
            try:
                check()
                up.append(True)
            except Exception:  # whatever it is, the health check and the log say it better
                up.append(False)

        thread = self._looking[name] = threading.Thread(target=look, name=f"look at {name}", daemon=True)
        thread.start()
        thread.join(PATIENCE)
        return up == [True]


class Faults(logging.Handler):
    """Counts what is logged as an error, of ours and of libraries."""

    def emit(self, record: logging.LogRecord) -> None:
        faults.labels(record.name).inc()


def answered(content: Mapping[str, Any]) -> None:
    """Count a turn by its answer, in the shape that actions give it."""
    turns.labels(content["kind"]).inc()
    for part in content.get("parts", ()):
        topics.labels(part["topic"], part["language"]).inc()
    for act in content.get("acts", ()):
        acts.labels(act).inc()


def watch(checks: Mapping[str, Check]) -> None:
    """Look at these stores whenever the metrics are read."""
    REGISTRY.register(Stores(checks))


def serve_metrics(settings: Settings) -> None:
    """Let Prometheus read them, if a port is set for it. SaldoError if nothing can listen there."""
    if not settings.metrics_port:
        return
    port = settings.metrics_port + settings.worker
    try:
        start_http_server(port, addr=settings.metrics_host)
    except (OSError, OverflowError) as error:  # the latter for a worker beyond the last port
        raise PortTaken(settings.metrics_host, port, getattr(error, "strerror", None) or str(error)) from None
    logging.getLogger().addHandler(Faults(logging.ERROR))
