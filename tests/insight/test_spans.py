"""Spans are sent where a collector is named; what an error says stays here."""

from __future__ import annotations

import subprocess
import sys

import pytest

from saldo.insight import spans
from tests.collector import collecting
from tests.serving import clean_environment

CODE = """
from saldo.insight import spans, turn
spans.trace()
turn.go_on("ab" * 16)
try:
    with spans.span("turn"):
        spans.note(kind="answer", topics=["seat_count"])
        raise ValueError("Kraanvogel")
except ValueError:
    pass
"""


def test_without_a_collector_nothing_is_loaded() -> None:
    code = f"import sys\n{CODE}\nassert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_of_an_error_only_that_it_was_one_is_sent() -> None:
    with collecting() as collector:
        subprocess.run([sys.executable, "-c", CODE], env=clean_environment(**collector.environment), check=True)
        (span,) = collector.spans("ab" * 16).values()  # sent before the process ended
        assert span.status.code == 2 and not span.status.message and not span.events
        assert {each.key for each in span.attributes} == {"saldo.kind", "saldo.topics"}
        assert b"Kraanvogel" not in b"".join(collector.bodies)


def test_a_collector_without_the_packages_is_told_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry.sdk.trace", None)
    with pytest.raises(spans.NoTracing, match=r"^OTEL_EXPORTER_OTLP_ENDPOINT names .*`pip install 'saldo\[tracing\]'`"):
        spans.trace()
