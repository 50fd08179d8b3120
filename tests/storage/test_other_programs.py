"""A store's file that another program opens and closes meanwhile, as a backup or a person with `sqlite3` does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from saldo.settings import Settings
from saldo.storage.conversations import ConversationBook, Standing
from tests.fault_table import Seen

SAID = [{"event": "user", "text": "Hallo", "message_id": "m"}]


def run(store: Path, statement: str) -> str:
    """What another program gets for a statement."""
    used = f"with sqlite3.connect({str(store)!r}) as it: print(it.execute({statement!r}).fetchall())"
    code = f"import sqlite3\n{used}\nit.close()"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.fault("another program opens and closes a store's file", expected="neither misses what the other writes")
def test_neither_misses_what_the_other_writes(tmp_path: Path, seen: Seen) -> None:
    """A log that went with the other program would leave us alone with what nobody else sees."""
    book, store = ConversationBook(Settings(home=tmp_path)), tmp_path / "var" / "conversations.db"
    for number in range(3):
        book.write(f"ours-{number}", Standing(), SAID, {})
        assert run(store, "SELECT count(*) FROM conversations") == f"[({2 * number + 1},)]"
        run(store, f"INSERT INTO conversations VALUES ('theirs-{number}', 1, 0, '{{}}', 0)")
        assert book.read(f"theirs-{number}")[0].version == 1
    assert run(store, "SELECT count(*) FROM conversations") == "[(6,)]"
    seen("6 of 6 writes seen by both")
