"""What a turn costs as its conversation grows, on a real server: `python -m benchmarks.turns [--turns 500]`.

Starts `saldo serve` on a home of its own (in PostgreSQL with `--database URL`), holds one conversation, and prints the
medians of turns 1-10, around the 5th, the 100th and the last, and of a replay of nothing new after them.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent
QUESTIONS = (
    "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?",
    "Hoe zeg ik op?",
    "Ik heb de factuur dubbel betaald.",
    "Wat is er nodig voor een terugbetaling?",
    "Kan ik later betalen?",
    "Hoe wijzig ik mijn pakket?",
)
START_SECONDS = 180


class Line:
    """One connection to the server, kept open."""

    def __init__(self, port: int) -> None:
        self._connection, self.token = HTTPConnection("127.0.0.1", port, timeout=60), ""

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        headers = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
        }
        self._connection.request(
            method, f"/webhooks/widget{path}", json.dumps(body) if body is not None else None, headers
        )
        reply = self._connection.getresponse()
        return reply.status, json.loads(reply.read() or b"null")

    def milliseconds(self, method: str, path: str, body: Any = None) -> float:
        began = time.perf_counter()
        status, said = self.call(method, path, body)
        took = (time.perf_counter() - began) * 1000
        if status != 200:
            sys.exit(f"{method} {path} was answered {status}: {said}")
        return took


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--turns", type=int, default=500)
    parser.add_argument("--database", default="", help="a PostgreSQL database made for this, instead of files")
    parser.add_argument("--port", type=int, default=25_505)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for name in ("config.yml", "domain.yml", "data", "faq", "models"):
            (home / name).symlink_to(CHECKOUT / name)
        environment = {
            **os.environ, "SALDO_HOME": folder, "SALDO_MESSAGES_PER_MINUTE": "999999",
            **({"SALDO_DATABASE_URL": given.database} if given.database else {}),
        }  # fmt: skip
        saldo = str(Path(sys.executable).with_name("saldo"))
        subprocess.run([saldo, "billing", "sample"], env=environment, check=True, capture_output=True)
        server = subprocess.Popen(
            [saldo, "serve", "--port", str(given.port)], env=environment, stderr=subprocess.DEVNULL
        )
        try:
            print(json.dumps(measured(ready(given.port), given.turns)))
        finally:
            server.terminate()
            server.wait()


def ready(port: int) -> Line:
    """A connection to the server, in a session, once it answers."""
    end = time.monotonic() + START_SECONDS
    while True:
        line = Line(port)
        try:
            if line.call("GET", "/health")[0] == 200:
                line.token = line.call("POST", "/session", {"language": "nl"})[1]["session"]
                return line
        except OSError:
            pass
        if time.monotonic() > end:
            sys.exit("The server did not start.")
        time.sleep(0.2)


def measured(line: Line, turns: int) -> dict[str, Any]:
    """Milliseconds of turns and of a replay, by how long the conversation was."""
    took, cursor = [], 0
    for number in range(turns):
        body = {"text": QUESTIONS[number % len(QUESTIONS)], "id": uuid.uuid4().hex}
        took.append(line.milliseconds("POST", "/messages", body))
        cursor += 2
    nothing_new = [line.milliseconds("GET", f"/messages?after={cursor}") for _ in range(20)]
    everything = [line.milliseconds("GET", "/messages?after=0") for _ in range(5)]

    def around(number: int) -> float:
        return round(statistics.median(took[max(0, number - 6) : number + 4]), 1)

    first, last = around(6), round(statistics.median(took[-10:]), 1)
    return {
        "turns": turns,
        "first ten": first,
        "100th": around(100),
        "last ten": last,
        "last/first": round(last / first, 2),
        "replay of nothing new": round(statistics.median(nothing_new), 1),
        "replay of everything": round(statistics.median(everything), 1),
    }


if __name__ == "__main__":
    main()
