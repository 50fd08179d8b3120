"""What Redis and PostgreSQL share: how long one waits for them, and what becomes of turns while one is away."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

from saldo.locks.turns import TurnRefused

log = logging.getLogger(__name__)
T = TypeVar("T")
APART = 1.0
"""Seconds in which turns are refused without asking, after what keeps the line has failed."""
TURNS = 20
"""Turns of the event loop in which all that had arrived when the time was up is read."""


async def within(seconds: float, asked: Coroutine[Any, Any, T]) -> T:
    """What is asked, if it is answered in time; else `asyncio.TimeoutError`, and it is given up.

    A process that worked on something else for seconds learns of the time and of the answer at the same moment; of the
    two `asyncio.wait_for` believes the time. Here the answer counts.
    """
    task = asyncio.ensure_future(asked)
    try:
        await asyncio.wait([task], timeout=seconds)
        for _ in range(TURNS):
            if task.done():
                return task.result()
            await asyncio.sleep(0)
    finally:
        task.cancel()
    await asyncio.wait([task])
    raise asyncio.TimeoutError


class Presence:
    """Whether a server answers; that it does not, and that it does again, is told once and not with each message."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._away_until = 0.0

    def must_be_there(self) -> None:
        """TurnRefused for a moment after it failed."""
        if time.monotonic() < self._away_until:
            raise TurnRefused(f"{self._name} is away")

    def failed(self, error: Exception) -> TurnRefused:
        """What to raise."""
        if not self._away_until:
            log.error("%s is away (%s); turns are refused until it is back.", self._name, type(error).__name__)
        self._away_until = time.monotonic() + APART
        return TurnRefused(f"{self._name} is away")

    def answered(self) -> None:
        """It is there, or back."""
        if self._away_until:
            self._away_until = 0.0
            log.error("%s is back; turns are answered again.", self._name)
