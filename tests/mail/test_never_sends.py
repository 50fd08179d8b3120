"""It cannot send: no code for it, and no connection to where mail is handed in."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mail.mails import mail_bytes

ROOT = Path(__file__).parents[2]
SENDERS = {"smtplib", "aiosmtplib", "smtpd", "lmtplib", "sendmail", "sendgrid", "mailgun", "yagmail"}
PORTS = {25, 465, 587, 2525}


def sending(source: str) -> list[str]:
    """What in a module's code sends: imports, by whatever means, and addresses of mail servers."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names += [node.value] if node.value.isidentifier() else []
            found += [word for word in ("smtp://", "smtps://", "sendmail") if word in node.value]
        found += [name for name in names if name.split(".")[0] in SENDERS]
    return found


@pytest.mark.parametrize("path", sorted([*ROOT.glob("saldo/**/*.py"), *ROOT.glob("actions/**/*.py")]), ids=str)
def test_no_module_imports_anything_that_sends(path: Path) -> None:
    assert sending(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "code",
    [
        "import smtplib",
        "from smtplib import SMTP",
        "def f():\n import aiosmtplib as a",
        "__import__('smtplib')",
        "run(['/usr/sbin/sendmail', '-t'])",
        "open('smtp://x')",
    ],
)
def test_the_search_finds_what_it_is_for(code: str) -> None:
    assert sending(code)


def test_reading_and_drafting_load_no_smtp() -> None:
    code = (
        "import sys, saldo.mail.handler, saldo.mail.imap_worker, saldo.mail.batch, saldo.web.mail.application; "
        "sys.exit('smtplib' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


WATCHED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
ports = []
sys.addaudithook(lambda event, args: ports.append(args[1]) if event == "socket.connect" else None)
if sys.argv[3] == "honest":
    import asyncio
    from tests.mail.test_hostile import HANDLER
    from saldo.billing import create_database
    from saldo.mail.batch import stored_mails
    from saldo.mail.batch import Batch
    from saldo.mail.store.claims import Claims
    from saldo.mail.store.draft_folder import DraftFolder
    folder = Path(sys.argv[2])
    drafting = Batch(HANDLER, Claims(create_database(f"sqlite:///{folder}/saldo.db")), DraftFolder(folder / "out"))
    print(asyncio.run(drafting.run(stored_mails([folder / "in"]), lambda: None))["drafted"], "drafted", file=sys.stderr)
else:
    import socket
    socket.socket().connect_ex(("127.0.0.1", 25))
print([each[1] for each in ports if isinstance(each, tuple)])
"""
"""Drafts in a process whose every connection is noted by the interpreter itself, whatever library makes it."""


def connected(folder: Path, how: str) -> set[int]:
    command = [sys.executable, "-c", WATCHED, str(Path(__file__).parent), str(folder), how]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert how != "honest" or "5 drafted" in done.stderr
    found: set[int] = set(ast.literal_eval(done.stdout.splitlines()[-1]))
    return found


def test_drafting_connects_to_nothing_and_least_of_all_to_where_mail_is_handed_in(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for number in range(5):
        (tmp_path / "in" / f"{number}.eml").write_bytes(mail_bytes(message_id=f"<{number}@x.example>"))
    ports = connected(tmp_path, "honest")
    assert not ports & PORTS
    assert ports == set()


def test_the_watch_sees_a_connection_to_a_mail_server(tmp_path: Path) -> None:
    assert connected(tmp_path, "sending") & PORTS == {25}
