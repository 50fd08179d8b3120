"""The stages of a turn, each timed for Prometheus, for a collector of spans, and for the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from saldo.insight import metrics, spans

log = logging.getLogger(__name__)
Stage = Literal["turn", "understand", "choose", "explain", "read_conversation", "write_conversation"]
"""The whole, and its parts: the message understood, the action chosen, a topic explained, the conversation's store."""


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """What is done inside is a stage of the turn."""
    begun = time.perf_counter()
    with spans.span(name):
        try:
            yield
        finally:
            took = time.perf_counter() - begun
            metrics.seconds.labels(name).observe(took)
            log.debug("stage", extra={"stage": name, "milliseconds": round(took * 1000, 1)})
