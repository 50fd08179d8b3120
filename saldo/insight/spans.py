"""OpenTelemetry spans of a turn and its stages, if a collector is named (OTEL_EXPORTER_OTLP_ENDPOINT).

A trace's id is its turn's, so a log line leads to the trace and back. Spans hold names of ours and durations, and of
an error that it was one: what it says may be what a customer wrote.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from saldo.errors import SaldoError
from saldo.insight import turn

if TYPE_CHECKING:
    from opentelemetry.trace import Tracer

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
LEAVE_MILLISECONDS = 2000
"""How long a collector may take for the last spans when a process ends."""
_tracer: Tracer | None = None


class NoTracing(SaldoError):
    """A collector is named, and what sends to it is not installed."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} names a collector, and its packages are missing; run `pip install 'saldo[tracing]'`.")


def trace() -> None:
    """From now on, in this process, if a collector is named. SaldoError if its packages are missing."""
    global _tracer
    named = next((name for name in ENDPOINTS if os.environ.get(name)), None)
    if named is None or _tracer is not None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
        from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    except ImportError:
        raise NoTracing(named) from None

    class Ids(RandomIdGenerator):
        """The turn's id for a trace, chance for a span."""

        def generate_trace_id(self) -> int:
            return int(turn.current() or "0", 16) or int(super().generate_trace_id())

    named_by_operator = os.environ.get("OTEL_SERVICE_NAME")
    resource = Resource.create({} if named_by_operator else {SERVICE_NAME: "saldo"})
    provider = TracerProvider(resource=resource, id_generator=Ids(), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    atexit.register(provider.force_flush, LEAVE_MILLISECONDS)  # not `shutdown`, which waits as long as it takes
    _tracer = provider.get_tracer("saldo")


@contextmanager
def span(name: str) -> Iterator[None]:
    """A span around what is done inside, where spans are sent."""
    if _tracer is None:
        yield
        return
    from opentelemetry.trace import StatusCode

    with _tracer.start_as_current_span(name, record_exception=False, set_status_on_exception=False) as current:
        try:
            yield
        except BaseException:
            current.set_status(StatusCode.ERROR)
            raise


def note(**told: str | list[str]) -> None:
    """Tell something of the span at hand: names of ours, nothing of a customer's."""
    if _tracer is not None:
        from opentelemetry.trace import get_current_span

        get_current_span().set_attributes({f"saldo.{name}": value for name, value in told.items()})
