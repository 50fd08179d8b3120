"""A server that a test may stop and start again."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import Caller
from tests.waiting import DEADLINE, START, until

SALDO = Path(sys.executable).with_name("saldo")
STOP_SECONDS = DEADLINE


@dataclass
class Server:
    """A `saldo serve`, with the page that picks sample customers unless told otherwise."""

    port: int
    environment: dict[str, str]
    log: Path
    """Where all that it says goes, on both streams."""
    demo: bool = True
    options: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/webhooks/widget/"

    def start(self) -> None:
        """Start it and wait until a turn can be answered."""
        command = [str(SALDO), "serve", *(["--demo"] if self.demo else []), "--port", str(self.port), *self.options]
        environment = clean_environment(**self.environment)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        self._wait()

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Stop it, as a service manager does or as Ctrl-C (SIGINT) does; its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(STOP_SECONDS)

    def said(self) -> str:
        """All that it has said since the first start."""
        return self.log.read_text(encoding="utf-8")

    def embedding(self) -> str:
        """The two lines for other people's pages, as it prints them when it is ready."""
        return re.findall(r"<script .*</script>\n<saldo-chat></saldo-chat>", self.said())[-1]  # type: ignore[no-any-return]

    def _wait(self) -> None:
        until(self._ready, lambda: f"the server did not start: {self.said()}", seconds=START)

    def _ready(self) -> bool:
        assert self.process and self.process.poll() is None, f"the server stopped: {self.said()}"
        return Caller(self.port, "127.0.0.1").get("/health").status == 200


def clean_environment(**added: str) -> dict[str, str]:
    """This process's environment without settings of the developer's own."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("SALDO_")}, **added}


PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections: one that knocks at such a port may get it for itself, and
then it reads its own request as the answer, and the server that was to listen there finds it taken."""


def free_port() -> int:
    """A port that nothing listens on."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port := random.choice(PORTS)))
            return port


def connected(port: int, stack: ExitStack) -> socket.socket:
    """A connection to a server here that says nothing yet."""
    return stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))


def is_closed(connection: socket.socket) -> bool:
    """Whether the other side has ended it."""
    connection.settimeout(0.01)
    try:
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True
