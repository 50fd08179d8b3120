"""What the README says is true: its commands run and say what it shows, its targets and files are there."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support import CHECKOUT, Ran

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def shown() -> list[tuple[str, str]]:
    """The commands in console blocks, each with the line that is shown below it or an empty one."""
    blocks = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    lines = [line for block in blocks for line in [*block.splitlines(), "$ "]]
    return [
        (line[2:], "" if after.startswith("$ ") else after)
        for line, after in pairwise(lines)
        if line.startswith("$ saldo ")
    ]


def test_the_commands_run_and_say_what_is_shown(
    saldo: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tests").symlink_to(CHECKOUT / "tests")
    monkeypatch.chdir(tmp_path)
    commands = shown()
    assert len(commands) >= 8
    for command, said in commands:
        ran = saldo(*shlex.split(command)[1:])
        assert ran.code == 0, f"{command}: {ran.err}"
        assert ran.out.startswith(said), command


def test_its_targets_are_in_the_makefile() -> None:
    named = set(re.findall(r"`?make ([a-z-]+)", README)) - {"alone"}
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert named <= targets


def test_its_links_lead_somewhere() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert all((CHECKOUT / link).exists() for link in links if not link.startswith("https://"))


def test_its_settings_are_the_ones_that_are_read() -> None:
    read = set(re.findall(r"SALDO_[A-Z_]*[A-Z]\b", (CHECKOUT / "saldo/settings.py").read_text(encoding="utf-8")))
    page = (CHECKOUT / "docs/settings.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(SALDO_[A-Z_]+)`", page, re.MULTILINE))
    assert told == read
