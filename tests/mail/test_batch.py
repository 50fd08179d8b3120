"""Stored mails into a folder of drafts: every kind of store, once each, whatever is run again or killed."""

from __future__ import annotations

import asyncio
import json
import mailbox
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from saldo.billing import create_database
from saldo.errors import SaldoError, UnusableFile
from saldo.mail.batch import Batch, stored_mails
from saldo.mail.handler import MailHandler
from saldo.mail.store.claims import Claims
from saldo.mail.store.draft_folder import DraftFolder, reviews_in
from tests.mail.mails import mail_bytes

Run = Callable[..., Counter[str]]


@pytest.fixture
def run(make_clerk: Callable[..., MailHandler], tmp_path: Path) -> Run:
    claims = Claims(create_database(f"sqlite:///{tmp_path}/saldo.db"))

    def run(*paths: Path) -> Counter[str]:
        batch = Batch(make_clerk(), claims, DraftFolder(tmp_path / "out"))
        return asyncio.run(batch.run(stored_mails(paths), lambda: None))  # type: ignore[arg-type]

    return run


def put(folder: Path, name: str, **headers: str) -> Path:
    folder.mkdir(exist_ok=True, parents=True)
    identifier = {"message_id": f"<{name}@x.example>", **headers}
    (folder / f"{name}.eml").write_bytes(mail_bytes(**identifier))  # type: ignore[arg-type]
    return folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_becomes_drafts_and_reviews(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    put(folder, "002", auto_submitted="auto-replied")
    assert run(folder) == {"drafted": 1, "skipped": 1}
    assert names(tmp_path / "out") == ["001.eml", "001.review.json", "002.review.json"]
    first, second = (review for _, review in reviews_in(tmp_path / "out"))
    assert (first["draft"], first["skipped"]) == ("001.eml", None)
    assert second["draft"] is None and "Auto-Submitted" in second["skipped"]


def test_a_second_run_does_nothing_twice(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    run(folder)
    before = (tmp_path / "out" / "001.eml").stat().st_mtime_ns
    assert run(folder) == {"before": 1}
    assert (tmp_path / "out" / "001.eml").stat().st_mtime_ns == before


def test_drafts_that_were_deleted_are_made_again(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    run(folder)
    for path in (tmp_path / "out").iterdir():
        path.unlink()
    assert run(folder) == {"drafted": 1}


def test_the_same_mail_in_two_files_gets_one_draft(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    put(folder, "002", message_id="<001@x.example>")
    assert run(folder) == {"drafted": 1, "skipped": 1}
    assert json.loads((tmp_path / "out" / "002.review.json").read_text())["skipped"] == "the same mail as 001"


def test_mbox_and_maildir(run: Run, tmp_path: Path) -> None:
    box, maildir = mailbox.mbox(tmp_path / "post.mbox"), mailbox.Maildir(tmp_path / "Maildir")
    for number in range(2):
        box.add(mail_bytes(message_id=f"<b{number}@x.example>"))
        maildir.add(mail_bytes(message_id=f"<m{number}@x.example>"))
    box.close()
    assert run(tmp_path / "post.mbox", tmp_path / "Maildir") == {"drafted": 4}
    assert {"post-0001.eml", "post-0002.eml"} < set(names(tmp_path / "out"))


def test_names_that_come_twice_are_told_apart(run: Run, tmp_path: Path) -> None:
    run(put(tmp_path / "a", "1"), put(tmp_path / "b", "1", message_id="<other@x.example>"))
    assert names(tmp_path / "out") == ["1-2.eml", "1-2.review.json", "1.eml", "1.review.json"]


def test_what_is_no_mail_is_recorded(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(b"\0\0")
    assert run(tmp_path / "x.eml") == {"skipped": 1}
    assert "unreadable" in json.loads((tmp_path / "out" / "x.review.json").read_text())["skipped"]


def test_ten_drafts_a_day_for_one_sender(run: Run, tmp_path: Path) -> None:
    for number in range(12):
        put(tmp_path / "in", f"{number:02}")
    assert run(tmp_path / "in") == {"drafted": 10, "skipped": 2}


@pytest.mark.parametrize("missing", ["nowhere", "empty"])
def test_nothing_there_is_a_sentence(tmp_path: Path, missing: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnusableFile):
        stored_mails([tmp_path / missing])


def test_a_disk_that_is_full_loses_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = put(tmp_path / "in", "001")
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", no_space)
        with pytest.raises(SaldoError, match="No space left"):
            run(folder)
    assert names(tmp_path / "out") == []
    assert run(folder) == {"drafted": 1}


def no_space(_: int) -> None:
    raise OSError(28, "No space left on device")
