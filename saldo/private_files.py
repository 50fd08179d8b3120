"""The folder of state, `var/`, is its owner's alone, whatever the system's umask: 0700, and every file in it 0600."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TextIO

FOLDER, FILE = 0o700, 0o600
OTHERS = 0o077
"""What nobody but the owner may do; the umask with which everything is made."""
STALE = 600.0
"""Seconds after which a half-written file is a killed process's: writing one takes far less."""
PARTS = (".part", ".tmp")


def keep_private(folder: Path) -> None:
    """Close what is in the folder, as an older Saldo or another program made it, and remove what was half written."""
    mend(folder)
    remove_leftovers(folder)


def is_open(folder: Path) -> bool:
    """Whether others can look into it."""
    with suppress(OSError):
        return bool(folder.stat().st_mode & OTHERS)
    return False


def mend(folder: Path) -> None:
    """Take from others what they may do in a folder and all below it; what is somebody else's is left to them."""
    if folder.is_dir():
        _close(folder, FOLDER)
        for entry in _below(folder):
            if not entry.is_symlink():
                _close(Path(entry.path), FOLDER if entry.is_dir() else FILE)


def remove_leftovers(folder: Path) -> None:
    """Remove what processes that were killed had half written, in a folder and all below it."""
    for entry in _below(folder):
        if entry.name.startswith(".") and entry.name.endswith(PARTS) and entry.is_file(follow_symlinks=False):
            with suppress(OSError):
                if entry.stat().st_mtime < time.time() - STALE:
                    Path(entry.path).unlink()


def private_file(path: Path, flag: int) -> TextIO:
    """A file opened for writing that only its owner can read; `flag` is os.O_APPEND or os.O_TRUNC."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | flag, FILE)
    return os.fdopen(handle, "a" if flag == os.O_APPEND else "w", encoding="utf-8")


def _below(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from _below(Path(entry.path))


def _close(path: Path, wanted: int) -> None:
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & OTHERS:
            path.chmod(mode & (wanted | stat.S_IXUSR))  # what its owner runs stays a program
