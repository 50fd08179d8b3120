"""A conversation's turns, one after the other: first in this process, then among all servers.

In this process turns wait in the order they came. Among servers they stand in a `Line`: Redis, PostgreSQL, or the
process that started several workers; each turn takes its place there the moment it arrives. A turn that cannot be had
alone is refused and can be sent again: it is never done twice.
"""

from __future__ import annotations

import asyncio
import logging
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakValueDictionary

from saldo.errors import SaldoError
from saldo.settings import Settings, from_environment
from saldo.storage.store import is_shared

log = logging.getLogger(__name__)
PATIENCE = 8.0
"""Seconds that a turn waits for those before it; longer than a server that died keeps its conversations."""


class TurnRefused(SaldoError):
    """A turn that cannot be had alone now; nothing was done, and it can be sent again."""


@dataclass
class Hold:
    """A conversation that this server alone works on."""

    conversation: str
    until: float | None = None
    """By the monotonic clock, which goes on while a process is frozen; None for as long as the process lives."""
    lost: bool = False
    """Whether another server may have it already."""
    here: asyncio.Lock | None = None
    """What this process's turns wait for."""

    def is_ours(self) -> bool:
        """Whether nobody else can have it."""
        return not self.lost and (self.until is None or time.monotonic() < self.until)


class Line(ABC):
    """Where the turns of a conversation stand in line among servers.

    Places of one server in one line are alike: which of its turns goes first is decided in its own process.
    """

    shared = True
    """Whether other processes stand in the same line."""

    @abstractmethod
    async def join(self, conversation: str) -> None:
        """Take the last place."""

    @abstractmethod
    async def hold(self, conversation: str, deadline: float) -> Hold | None:
        """Wait until a place of ours is the first and nobody has the conversation; None when time is up."""

    @abstractmethod
    async def release(self, hold: Hold) -> None:
        """Let the next have it, and leave our first place."""

    @abstractmethod
    async def leave(self, conversation: str) -> None:
        """Give up our last place."""

    @abstractmethod
    async def check(self) -> None:
        """Raise `TurnRefused` if turns cannot be had now."""

    async def close(self) -> None:  # noqa: B027  # most have something to close, one has not
        """Let go of connections."""


class Alone(Line):
    """The line of a process that shares its conversations with no other."""

    shared = False

    async def join(self, conversation: str) -> None:
        pass

    async def hold(self, conversation: str, deadline: float) -> Hold | None:
        return Hold(conversation)

    async def release(self, hold: Hold) -> None:
        pass

    async def leave(self, conversation: str) -> None:
        pass

    async def check(self) -> None:
        pass


_held: ContextVar[Hold | None] = ContextVar("held", default=None)


class TurnLocks:
    """Gives conversations to turns, one at a time."""

    def __init__(self, line: Line, patience: float = PATIENCE) -> None:
        self.line = line
        self._patience = patience
        self._here: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def hold(self, conversation: str) -> AsyncIterator[Hold]:
        """Have a conversation alone; `TurnRefused` if that takes too long or cannot be made sure of.

        Asked again inside, as Rasa does whose lock is this one too, it is had already.
        """
        hold = _held.get()
        if hold is not None and hold.here is not None and hold.here is self._here.get(conversation):
            yield hold
            return
        entering = asyncio.ensure_future(self._enter(conversation))
        try:
            hold = await asyncio.shield(entering)
        except asyncio.CancelledError:  # the caller went away; its place is taken and given up in order all the same
            entering.add_done_callback(self._give_back)
            raise
        mark = _held.set(hold)
        try:
            yield hold
        finally:
            _held.reset(mark)
            await asyncio.shield(asyncio.ensure_future(self._leave(hold)))

    async def _enter(self, conversation: str) -> Hold:
        """Wait for the turns before; never cancelled, so that no place and no lock is left behind."""
        deadline = time.monotonic() + self._patience
        here = self._here.setdefault(conversation, asyncio.Lock())
        joining = asyncio.ensure_future(self.line.join(conversation))  # begins after the place in this process is taken
        try:
            await asyncio.wait_for(here.acquire(), self._patience)
        except asyncio.TimeoutError:
            await joining
            await self.line.leave(conversation)
            raise TurnRefused("the turns before this one take too long") from None
        finally:
            joining.add_done_callback(lambda done: done.exception())  # it may have failed meanwhile, unheard
        try:
            await joining
            hold = await self.line.hold(conversation, deadline)
            if hold is None:
                await self.line.leave(conversation)
                raise TurnRefused("another server works on this conversation for too long")
        except BaseException:
            here.release()
            raise
        hold.here = here
        return hold

    async def _leave(self, hold: Hold) -> None:
        """Let the next have it: of another server, then of this process."""
        try:
            if not hold.is_ours():
                log.error("a turn lasted longer than its lock; another server may have worked on it meanwhile")
            await self.line.release(hold)
        finally:
            here, hold.here, hold.lost = hold.here, None, True  # whoever was called inside of it has it no more
            if here is not None:
                here.release()

    def _give_back(self, entered: asyncio.Future[Hold]) -> None:
        if entered.exception() is None:
            self._leaving = asyncio.ensure_future(self._leave(entered.result()))


def line_of(settings: Settings) -> Line:
    """Redis if there is one, else PostgreSQL if the records are there, else the workers' parent, else this process."""
    if settings.redis_url:
        from saldo.locks.redis import RedisLine

        return RedisLine(settings.redis_url)
    if is_shared(settings):
        from saldo.locks.postgresql import PostgresqlLine

        return PostgresqlLine(settings.database_url)
    if settings.workers_socket:
        from saldo.locks.workers import WorkerLine

        return WorkerLine(settings.workers_socket)
    return Alone()


@lru_cache(maxsize=1)
def turn_locks() -> TurnLocks:
    """This process's locks, of which there must be one: the widget's and Rasa's are the same."""
    return TurnLocks(line_of(from_environment()))
