"""How many requests are worked on at once and for how long, and that none is begun when the server is about to end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import async_timeout
from sanic import Sanic

from saldo.errors import SaldoError

DEADLINE = 10.0
"""Seconds until a customer is told that there is no answer now; the widget waits twice as long."""


class Full(SaldoError):
    """No more requests are let in at the moment."""


class TooSlow(SaldoError):
    """A request was not answered in time; what was asked may be asked again, by the same id."""


def gate_of(app: Sanic) -> Gate:
    """The gate of a server; one that was given none has a wide one."""
    if not hasattr(app.ctx, "gate"):
        app.ctx.gate = Gate()
    return app.ctx.gate  # type: ignore[no-any-return]


class Gate:
    """Lets in so many at once."""

    def __init__(self, most: int = 200) -> None:
        self._most = most
        self.inside = 0
        """How many requests are being worked on."""
        self.is_closing = False
        """Whether the server will end: health says so, and connections end with their answers."""
        self.is_shut = False
        """Whether nothing is let in any more."""

    @asynccontextmanager
    async def work(self, seconds: float = DEADLINE) -> AsyncIterator[None]:
        """Full if there is no room; TooSlow if it is not done in time, and it is given up."""
        if self.is_shut:
            raise Full("The server is about to end.")
        if self.inside >= self._most:
            raise Full(f"{self.inside} requests are being worked on.")
        self.inside += 1
        try:
            async with async_timeout.timeout(seconds):
                yield
        except asyncio.TimeoutError:
            raise TooSlow(f"not answered in {seconds:.0f} s") from None
        finally:
            self.inside -= 1
