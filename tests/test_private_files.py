"""Nobody but its owner can look into the folder of state, whatever the umask and whoever made the files."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from saldo.mail.store.draft_folder import DraftFolder
from saldo.private_files import keep_private, mend
from tests.serving import clean_environment
from tests.support import TODAY, Ran

SALDO = Path(sys.executable).with_name("saldo")


@pytest.fixture(autouse=True)
def open_to_all() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    """What is open to others, in a folder and below it."""
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    return {name: oct(mode) for name, mode in found.items() if mode & 0o077}


def test_what_is_open_is_closed(tmp_path: Path) -> None:
    (tmp_path / "var" / "mail").mkdir(parents=True)
    (tmp_path / "var" / "mail" / "a.eml").write_text("Beste Piet")
    (tmp_path / "var" / "run").write_text("#!/bin/sh")
    (tmp_path / "var" / "run").chmod(0o755)
    (tmp_path / "elsewhere").write_text("somebody else's")
    (tmp_path / "var" / "link").symlink_to(tmp_path / "elsewhere")
    mend(tmp_path / "var")
    assert modes(tmp_path / "var") == {"link": "0o666"}
    assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700


def test_what_a_killed_process_left_goes_and_what_is_being_written_stays(tmp_path: Path) -> None:
    old, new, whole = (tmp_path / name for name in (".a.eml.7.part", ".b.eml.8.part", "c.part"))
    for path in (old, new, whole):
        path.write_text("x")
    an_hour_ago = time.time() - 3600
    for path in (old, whole):
        os.utime(path, (an_hour_ago, an_hour_ago))
    keep_private(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".b.eml.8.part", "c.part"]
    os.utime(new, (an_hour_ago, an_hour_ago))
    DraftFolder(tmp_path)
    assert not new.exists()


MAIL = "From: A <a@b.example>\nTo: support@c.example\nMessage-ID: <1@x>\nSubject: Vraag\n\nHoe kan ik opzeggen?\n"


def test_after_the_main_verbs_everything_is_the_owner_s_alone(saldo: Callable[..., Ran], empty_home: Path) -> None:
    """Also what is made by a process of its own, and what an older Saldo left open."""
    home, state = {"SALDO_HOME": str(empty_home)}, empty_home / "var"
    state.mkdir()
    (state / "conversations.db").touch(mode=0o644)
    verbs = [("billing", "init"), ("billing", "sample"), ("ask", "Hoe zeg ik op?", "--customer", "NL-1001")]
    mail = empty_home / "mail.eml"
    mail.write_text(MAIL)
    verbs += [("mail", "draft", str(mail), "--out", str(state / "mail")), ("report",), ("purge",)]
    verbs += [("erase", "NL-1001", "--yes"), ("export", "a@b.example", "--out", str(state / "export.json"))]
    ran = [saldo(*verb, **home) for verb in verbs]
    assert [each.code for each in ran] == [0] * len(verbs), [each.err for each in ran]
    shell = [str(SALDO), "shell", "--customer", "NL-1001"]
    said = b"Waarom zijn het 60 stuks?\n/person a@b.example\n/quit\n"
    environment = clean_environment(**home, SALDO_TODAY=TODAY)
    subprocess.run(["sh", "-c", 'umask 0; exec "$@"', "sh", *shell], input=said, env=environment, check=True)
    assert len(list(state.rglob("*"))) > 8
    assert modes(state) == {}
