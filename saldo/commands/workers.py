"""`saldo serve --workers N`: N processes behind one port, started, restarted and stopped by this one.

They share one listening socket, so that what waits to be accepted is lost with no worker. This process answers nobody;
it keeps the workers' line (`saldo.locks.workers`), and they stop when it is gone. It does not load Rasa.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from saldo.commands.terminal import terminal
from saldo.locks.workers import LineKeeper

READY = b"ready\n"
"""What a worker says on its standard output once it can answer."""
STOPS_WITHIN = 30.0
"""Seconds after which a worker that was asked to stop is ended."""
SOON = 5.0
"""Seconds between two starts of one worker at the least: one that cannot live does not keep the machine busy."""
WAITING = 1024
"""Connections that wait to be accepted."""


def listening(host: str, port: int) -> socket.socket:
    """The socket that all workers accept from."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    shared = socket.socket(family, socket.SOCK_STREAM)
    shared.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    shared.bind((host, port))
    shared.listen(WAITING)
    return shared


def run_workers(count: int, shared: socket.socket, ready: Callable[[], None]) -> int:
    """Run so many workers until this process is told to stop; `ready` is called once all can answer. Its exit code."""
    return asyncio.run(_Workers(count, shared, ready).run())


@dataclass
class _Workers:
    count: int
    shared: socket.socket
    ready: Callable[[], None]
    stopping: asyncio.Event = field(init=False)
    code: int = 0

    async def run(self) -> int:
        self.stopping = asyncio.Event()
        loop = asyncio.get_running_loop()
        for told in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(told, self.stopping.set)
        with tempfile.TemporaryDirectory(prefix="saldo-") as folder:  # open to its owner alone; of a short name
            path = Path(folder) / "workers"
            keeper = await asyncio.start_unix_server(LineKeeper().serve, path)
            first: list[asyncio.Future[None]] = [loop.create_future() for _ in range(self.count)]
            living = [asyncio.ensure_future(self._keep(number, path, can)) for number, can in enumerate(first, 1)]
            telling = asyncio.ensure_future(self._tell(first))
            await self.stopping.wait()
            telling.cancel()
            await asyncio.gather(*living)
            keeper.close()
        return self.code

    async def _tell(self, first: list[asyncio.Future[None]]) -> None:
        await asyncio.gather(*first)
        self.ready()

    async def _keep(self, number: int, path: Path, first: asyncio.Future[None]) -> None:
        """Run one worker, and another in its place if it dies; one that cannot even start stops all."""
        while not self.stopping.is_set():
            began = time.monotonic()
            worker = await self._start(number, path)
            watching = asyncio.ensure_future(self._watch(worker, first))
            stopping = asyncio.ensure_future(self.stopping.wait())
            await asyncio.wait([watching, stopping], return_when=asyncio.FIRST_COMPLETED)
            if self.stopping.is_set():
                await _stopped(worker)
            stopping.cancel()
            await watching
            if self.stopping.is_set():
                return
            if not first.done():
                self.code = worker.returncode or 3  # it has said why
                self.stopping.set()
                return
            terminal(stderr=True).print(f"Worker {number} has died ({worker.returncode}); another takes its place.")
            await asyncio.sleep(max(0.0, began + SOON - time.monotonic()))

    async def _start(self, number: int, path: Path) -> Process:
        own = {"SALDO_WORKER": str(number), "SALDO_WORKERS_SOCKET": str(path)}
        command = ["-c", "from saldo.commands.main import run; run()", "serve", "--socket", str(self.shared.fileno())]
        return await asyncio.create_subprocess_exec(
            sys.executable, *command, env={**os.environ, **own}, pass_fds=[self.shared.fileno()],
            stdin=PIPE, stdout=PIPE, start_new_session=True,  # Ctrl-C reaches this process alone
        )  # fmt: skip

    async def _watch(self, worker: Process, first: asyncio.Future[None]) -> None:
        assert worker.stdout is not None
        async for line in worker.stdout:
            if line == READY and not first.done():
                first.set_result(None)
        await worker.wait()


async def _stopped(worker: Process) -> None:
    """Ask a worker to end its turns and stop; end it if it does not."""
    try:
        worker.terminate()
        await asyncio.wait_for(worker.wait(), STOPS_WITHIN)
    except ProcessLookupError:
        return
    except asyncio.TimeoutError:
        worker.kill()
