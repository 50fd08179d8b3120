"""`saldo serve` for a measurement: a home of its own with the sample's companies, no records of anybody's."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from benchmarks.load.visitors import ISSUER, KEY, KID, PATH
from saldo.billing import Repository, create_database, sample_accounts
from saldo.errors import SaldoError
from saldo.settings import Settings

DAY = "2026-11-22"
STARTED_WITHIN = 120
MANY = "999999"


def make_home(folder: Path, database_url: str | None) -> dict[str, str]:
    """A home made of links to the checkout's content and model, with the sample's records; its settings."""
    checkout = Settings().home
    for name in ("config.yml", "domain.yml", "data", "faq", "models"):
        (folder / name).symlink_to(checkout / name)
    (folder / "var").mkdir()
    url = database_url or f"sqlite:///{folder}/var/saldo.db"
    Repository(create_database(url)).add(sample_accounts(date.fromisoformat(DAY)))
    keys = folder / "keys.json"
    keys.write_text(json.dumps({KID: {"algorithm": "HS256", "key": KEY}}))
    return {
        "SALDO_HOME": str(folder),
        "SALDO_TODAY": DAY,
        "SALDO_DATABASE_URL": url,
        "SALDO_IDENTITY_KEYS": str(keys),
        "SALDO_IDENTITY_ISSUER": ISSUER,
        "SALDO_SESSIONS_PER_MINUTE": MANY,  # all come from one address
        "SALDO_MESSAGES_PER_MINUTE": MANY,
    }


@contextmanager
def serving(settings: dict[str, str], *options: str) -> Iterator[Serving]:
    """A server of that home on a free port, stopped afterwards; SaldoError if it does not come up."""
    port = _free_port()
    saldo = Path(sys.executable).with_name("saldo")
    log = Path(settings["SALDO_HOME"]) / "var" / f"server-{port}.log"
    environment = {**os.environ, **settings}
    with (
        log.open("wb") as said,
        subprocess.Popen(
            [saldo, "serve", "--port", str(port), *options],
            env=environment,
            stdout=said,
            stderr=said,
            start_new_session=True,
        ) as process,
    ):
        try:
            _wait(port, process, log)
            yield Serving(f"http://127.0.0.1:{port}", process.pid)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


class Serving:
    """A server that runs."""

    def __init__(self, address: str, pid: int) -> None:
        self.address = address
        self._pid = pid

    def megabytes(self) -> float:
        """What it and its workers hold in memory now."""
        return sum(_resident(pid) for pid in (self._pid, *_children(self._pid))) / 2**20


def _resident(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _children(pid: int) -> list[int]:
    direct = [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]
    return [*direct, *(below for child in direct for below in _children(child))]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < until and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}{PATH}/health", timeout=5) as reply:
            if reply.status == 200:
                return
        time.sleep(0.2)
    said = log.read_text(encoding="utf-8", errors="replace")
    raise SaldoError(f"The server did not start; its log says:\n{said[-2000:]}")
