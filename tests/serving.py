"""A server that a test may stop and start again, and another application's page that embeds the widget."""

from __future__ import annotations

import http.server
import os
import re
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.support import Caller
from tests.waiting import DEADLINE, START, until

SALDO = Path(sys.executable).with_name("saldo")
STOP_SECONDS = DEADLINE
POLICY = "default-src 'none'; script-src {0}; connect-src {0}; style-src 'self'; base-uri 'none'; form-action 'none'"
PAGE = '<!doctype html><html lang="nl"><title>Host</title><main><h1>Host</h1></main>{0}'


@dataclass
class Server:
    """A `saldo serve`, with the page that picks sample customers unless told otherwise."""

    port: int
    environment: dict[str, str]
    log: Path
    """Where all that it says goes, on both streams."""
    demo: bool = True
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/webhooks/widget/"

    def start(self) -> None:
        """Start it and wait until a turn can be answered."""
        command = [str(SALDO), "serve", *(["--demo"] if self.demo else []), "--port", str(self.port)]
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


def host_of(bot: Server) -> type[http.server.BaseHTTPRequestHandler]:
    """An application of another origin: its one page, under a policy that allows the least."""

    class Host(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", POLICY.format(f"http://localhost:{bot.port}"))
            self.end_headers()
            self.wfile.write(PAGE.format(bot.embedding()).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Host


def clean_environment(**added: str) -> dict[str, str]:
    """This process's environment without settings of the developer's own."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("SALDO_")}, **added}


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
