"""How much time of the processor something takes, and whether that is no more than it may on this machine."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

ROUNDS = 400_000
IDLE = 0.022
"""Seconds that the yardstick takes on a machine of 2024 with nothing else to do."""
TRIES = 3


def seconds(work: Callable[[], object]) -> float:
    """The median of three runs, in seconds of this process."""
    return statistics.median(_once(work) for _ in range(3))


def is_quick(work: Callable[[], object], bound: float) -> bool:
    """Whether it takes no longer than `bound` seconds of an idle machine; a busy one is looked at again."""
    return any(seconds(work) < allowed(bound) for _ in range(TRIES))


def allowed(bound: float) -> float:
    """What so many seconds of an idle machine are on this one, as busy as it is now."""
    return bound * max(1.0, seconds(_yardstick) / IDLE)


def _yardstick() -> int:
    return sum(number * number for number in range(ROUNDS))


def _once(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
