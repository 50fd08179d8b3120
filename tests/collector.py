"""A collector of spans: takes what OpenTelemetry sends over HTTP, and reads it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass
class Collector:
    """Where it listens, and what it was sent."""

    port: int
    bodies: list[bytes] = field(default_factory=list)
    answers: threading.Event = field(default_factory=threading.Event)
    """Whether it answers; one that does not takes what is sent and keeps the sender waiting."""

    @property
    def environment(self) -> dict[str, str]:
        """What a server is told of it; spans are sent at once."""
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{self.port}", "OTEL_BSP_SCHEDULE_DELAY": "100"}

    def services(self) -> set[str]:
        """Who sent spans."""
        sent = (resource for request in self._requests() for resource in request.resource_spans)
        attributes = (each for one in sent for each in one.resource.attributes)
        return {each.value.string_value for each in attributes if each.key == "service.name"}

    def spans(self, trace: str) -> dict[str, Any]:
        """The spans of a trace by their names."""
        return {
            span.name: span
            for request in self._requests()
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
            if span.trace_id.hex() == trace
        }

    def _requests(self) -> list[Any]:
        return [ExportTraceServiceRequest.FromString(body) for body in list(self.bodies)]


@contextmanager
def collecting() -> Iterator[Collector]:
    """One that listens."""

    class Taker(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.answers.wait()
            if self.path == "/v1/traces":
                collector.bodies.append(body)
            self.send_response(200 if self.path == "/v1/traces" else 404)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Taker) as server:
        server.daemon_threads, collector = True, Collector(server.server_port)
        collector.answers.set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield collector
        collector.answers.set()
        server.shutdown()
