"""The line among the workers of one machine: kept by the process that started them, asked over a socket of its own.

The parent hands a conversation to one turn after the other in the order in which they asked. A worker that dies closes
its end, and what it had or waited for is free at once. So `saldo serve --workers` needs no service beside it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import itertools
import logging
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from pathlib import Path

from saldo.locks.turns import Hold, Line, TurnRefused

log = logging.getLogger(__name__)
Place = tuple[asyncio.StreamWriter, bytes]
"""Who stands in line, and the number that it gave its place."""


@dataclass
class LineKeeper:
    """The parent's side: who stands in which line."""

    lines: dict[bytes, deque[Place]] = field(default_factory=lambda: defaultdict(deque))

    async def serve(self, reader: asyncio.StreamReader, worker: asyncio.StreamWriter) -> None:
        """One worker, until it goes: `join NUMBER CONVERSATION` is answered with the number when it is its turn."""
        try:
            async for line in reader:
                what, number, conversation = line.split()
                if what == b"join":
                    self.lines[conversation].append((worker, number))
                    if len(self.lines[conversation]) == 1:
                        _call(self.lines[conversation][0])
                else:
                    self._take_out(conversation, [(worker, number)])
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            for conversation, places in list(self.lines.items()):
                self._take_out(conversation, [place for place in places if place[0] is worker])
            worker.close()

    def _take_out(self, conversation: bytes, gone: list[Place]) -> None:
        """Take places out of a line; whoever is the first then, and was not before, is called."""
        places = self.lines[conversation]
        first = places[0] if places else None
        for place in gone:
            with contextlib.suppress(ValueError):
                places.remove(place)
        if not places:
            del self.lines[conversation]
        elif places[0] != first:
            _call(places[0])


def _call(place: Place) -> None:
    worker, number = place
    if not worker.is_closing():
        worker.write(number + b"\n")


class WorkerLine(Line):
    """A worker's side. Without its parent it answers no turn: it is about to stop."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket
        self._numbers = itertools.count()
        self._places: dict[str, deque[bytes]] = defaultdict(deque)
        self._called: dict[bytes, asyncio.Future[None]] = {}
        self._holds: dict[str, Hold] = {}
        self._parent: asyncio.StreamWriter | None = None
        self._connecting = asyncio.Lock()

    async def join(self, conversation: str) -> None:
        parent = await self._connected()
        number = b"%d" % next(self._numbers)
        self._places[conversation].append(number)
        self._called[number] = asyncio.get_running_loop().create_future()
        parent.write(b"join %s %s\n" % (number, _name(conversation)))

    async def hold(self, conversation: str, deadline: float) -> Hold | None:
        called = self._called[self._places[conversation][0]]
        try:
            await asyncio.wait_for(asyncio.shield(called), max(0.0, deadline - time.monotonic()))
        except asyncio.TimeoutError:
            return None
        except ConnectionError:
            raise TurnRefused("the process that started this worker is gone") from None
        hold = self._holds[conversation] = Hold(conversation)
        return hold

    async def release(self, hold: Hold) -> None:
        del self._holds[hold.conversation]
        self._leave(hold.conversation, self._places[hold.conversation].popleft())

    async def leave(self, conversation: str) -> None:
        self._leave(conversation, self._places[conversation].pop())

    async def check(self) -> None:
        await self._connected()

    async def close(self) -> None:
        if self._parent is not None:
            self._parent.close()

    def _leave(self, conversation: str, number: bytes) -> None:
        if not self._places[conversation]:
            del self._places[conversation]
        del self._called[number]
        if self._parent is not None:
            self._parent.write(b"leave %s %s\n" % (number, _name(conversation)))

    async def _connected(self) -> asyncio.StreamWriter:
        async with self._connecting:
            if self._parent is None:
                try:
                    reader, self._parent = await asyncio.open_unix_connection(str(self._socket))
                except OSError:
                    raise TurnRefused("the process that started this worker is gone") from None
                self._listening = asyncio.ensure_future(self._listen(reader))
            return self._parent

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        """Wake who is called; when the parent goes, whoever waits hears of it and whoever works has lost its hold."""
        with contextlib.suppress(ConnectionError):
            async for line in reader:
                called = self._called.get(line.strip())
                if called is not None and not called.done():
                    called.set_result(None)
        self._parent = None
        for hold in self._holds.values():
            hold.lost = True
        for called in self._called.values():
            if not called.done():
                called.set_exception(ConnectionError())
                called.exception()


def _name(conversation: str) -> bytes:
    """A conversation's name in the line, which has neither spaces nor an end of line in it."""
    return hashlib.sha256(conversation.encode("utf-8", "replace")).hexdigest().encode()
