"""Whether a turn can be answered: all that it needs is looked at, seldom, once at a time, not for long."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

from saldo.errors import SaldoError, place_of

log = logging.getLogger(__name__)
FRESH = 1.0
"""Seconds that what was found holds, however often it is asked for."""
PATIENCE = 2.0
"""Seconds after which what does not answer counts as away; nobody looks at it again until it has answered."""
Check = Callable[[], Awaitable[object]]


class Readiness:
    """Looks at what a turn needs; each check raises while it cannot be used."""

    def __init__(self) -> None:
        self._looking: dict[str, asyncio.Future[object]] = {}
        self._lock = asyncio.Lock()
        self._until = 0.0
        self._found = ""

    async def fault(self, checks: Mapping[str, Check]) -> str:
        """What is wrong, naming it; empty if nothing is."""
        async with self._lock:
            if time.monotonic() > self._until:
                self._found = await self._look(checks)
                self._until = time.monotonic() + FRESH
            return self._found

    async def _look(self, checks: Mapping[str, Check]) -> str:
        for name, check in checks.items():
            if name not in self._looking or self._looking[name].done():
                self._looking[name] = looking = asyncio.ensure_future(check())
                looking.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may ask again
        await asyncio.wait(self._looking.values(), timeout=PATIENCE)
        faults = [fault for name, looking in self._looking.items() if (fault := _fault(name, looking))]
        return " ".join(faults)


def _fault(name: str, looking: asyncio.Future[object]) -> str:
    if not looking.done():
        return f"{name} does not answer."
    error = looking.exception()
    if error is None:
        return ""
    log.error("not ready: %s", error if isinstance(error, SaldoError) else place_of(error))
    return f"{name} cannot be used at the moment."
