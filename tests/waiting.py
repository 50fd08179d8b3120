"""How tests wait: for a state, by a deadline of a minute, never by a number of tries or by a sleep."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE = 60.0
"""Seconds: what takes milliseconds on an idle machine may take many on one that is busy with something else."""
START = 180.0
"""Seconds that a server with a model may take to start."""


def until(done: Callable[[], object], what: str | Callable[[], str], *, seconds: float = DEADLINE) -> None:
    """Wait until `done()` holds; a refused connection is no yes. Fails with what was awaited."""
    end = time.monotonic() + seconds
    while True:
        try:
            if done():
                return
        except OSError:
            pass
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds:.0f} s: {what if isinstance(what, str) else what()}")
        time.sleep(0.05)
