"""Who opened a set of questions, and when: a figure claims something once, on a set that nobody has seen.

Beside the files lies `opened.jsonl`, a line for each of them. What is not measured with `--fresh`, or for a second
time, is a development set: whoever mends something has its mistakes in mind.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from saldo.errors import SaldoError

LOG = "opened.jsonl"


class AlreadyOpened(SaldoError):
    """A set that claims nothing new any more."""

    def __init__(self, path: Path, by: str, on: str) -> None:
        super().__init__(f"{path} was opened by {by} on {on}: it is a development set now, measure it without --fresh.")


def open_fresh(paths: Iterable[Path], by: str, on: date) -> None:
    """Logs that somebody opens these files today; AlreadyOpened if one of them was opened before."""
    files = [path.resolve() for path in paths]
    for path in files:
        for line in _log(path.parent):
            if line["file"] == path.name:
                raise AlreadyOpened(path, line["by"], line["on"])
    for path in files:
        with (path.parent / LOG).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"file": path.name, "by": by, "on": on.isoformat()}, ensure_ascii=False) + "\n")


def _log(folder: Path) -> list[dict[str, str]]:
    path = folder / LOG
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
