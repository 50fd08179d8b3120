"""Logs as a place. Saldo writes nobody's name into them; what another program or an older Saldo wrote is taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from saldo.privacy.kept import Json, Kept, Pause, Who

PATTERN = "*.log*"
DATED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:[+-]\d\d:?\d\d|Z)?")
Keep = Callable[[str], bool]


@dataclass(frozen=True)
class Logs(Kept):
    """The lines of the logs in a folder."""

    folder: Path

    @property
    def files(self) -> tuple[str, ...]:
        return (PATTERN,)

    def count(self, who: Who) -> int:
        return sum(len(_without(path, _not_naming(who))) for path in self._logs())

    def erase(self, who: Who) -> int:
        return sum(_rewritten(path, _not_naming(who)) for path in self._logs())

    def count_before(self, moment: float) -> int:
        return sum(len(_without(path, _Since(moment))) for path in self._logs())

    def purge(self, moment: float, pause: Pause) -> int:
        return sum(_rewritten(path, _Since(moment)) for path in self._logs())

    def export(self, who: Who) -> list[Json]:
        keep = _not_naming(who)
        return [{"log": path.name, "line": line.rstrip()} for path in self._logs() for line in _without(path, keep)]

    def _logs(self) -> Iterator[Path]:
        return (path for path in sorted(self.folder.glob(PATTERN)) if path.is_file())


class _Since:
    """Keeps lines from that moment on; those without a time belong to the line before."""

    def __init__(self, moment: float) -> None:
        self._moment, self._keeps = moment, True

    def __call__(self, line: str) -> bool:
        if found := DATED.match(line.lstrip('{" ')):
            self._keeps = _seconds(found[0]) >= self._moment
        return self._keeps


def _seconds(written: str) -> float:
    iso = written.replace(",", ".").replace("Z", "+00:00")
    for form in ("%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f"):
        try:
            return datetime.strptime(iso.replace("T", " "), form).astimezone().timestamp()
        except ValueError:
            continue
    return float("inf")


def _not_naming(who: Who) -> Keep:
    names = "|".join(re.escape(name) for name in sorted(who.names))
    if not names:
        return lambda line: True
    naming = re.compile(rf"(?<![\w@.-])(?:{names})(?![\w@-])", re.IGNORECASE)
    return lambda line: naming.search(line) is None


def _without(path: Path, keep: Keep) -> list[str]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return [line for line in file if not keep(line)]


def _rewritten(path: Path, keep: Keep) -> int:
    """Leave lines out, in the file itself: whoever is writing into it goes on there."""
    with path.open("r+", encoding="utf-8", errors="surrogateescape", newline="") as file:
        lines = file.readlines()
        kept = [line for line in lines if keep(line)]
        if len(kept) < len(lines):
            file.seek(0)
            file.writelines(kept)
            file.truncate()
    return len(lines) - len(kept)
