"""A set claims something once; then it is a development set."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from saldo.evaluation.opened import AlreadyOpened, open_fresh


def test_a_set_is_fresh_once_and_its_opening_is_logged(tmp_path: Path) -> None:
    one, other = tmp_path / "nl.jsonl", tmp_path / "fi.jsonl"
    open_fresh([one], "Anna", date(2026, 11, 26))
    assert json.loads((tmp_path / "opened.jsonl").read_text()) == {"file": "nl.jsonl", "by": "Anna", "on": "2026-11-26"}
    with pytest.raises(AlreadyOpened, match="Anna on 2026-11-26"):
        open_fresh([other, one], "Bert", date(2026, 11, 27))
    assert len((tmp_path / "opened.jsonl").read_text().splitlines()) == 1  # nothing is logged of what was refused
