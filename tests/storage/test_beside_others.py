"""What another program does with a store's file takes nothing from us: it may open it, read it and leave."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from saldo.insight.store import FeedbackBook, open_store
from saldo.settings import Settings

COUNT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
print(connection.execute("SELECT count(*) FROM feedback").fetchone()[0])
connection.close()
"""


def test_what_is_written_after_it_left_is_in_the_file(tmp_path: Path) -> None:
    """The last to leave a database removes its write-ahead log; we are still there."""
    book = FeedbackBook(open_store(Settings(home=tmp_path)))
    for said in (1, 2, 3):
        book.take("c", f"m{said}", True, None, [], "nl")
        ran = subprocess.run(
            [sys.executable, "-c", COUNT, str(tmp_path / "var" / "widget.db")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert ran.stdout.strip() == str(said)
