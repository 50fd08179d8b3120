"""Stored mails into a folder of drafts: every kind of store, once each, whatever is run again or killed."""

from __future__ import annotations

import asyncio
import json
import mailbox
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

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


def begun(folder: Path) -> list[str]:
    """What the names of all files begin with, without the digest of the mail."""
    return sorted(path.name.rpartition("-")[0] for path in folder.iterdir())


def review(folder: Path, name: str) -> dict[str, Any]:
    [path] = folder.glob(f"{name}-*.review.json")
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_a_folder_becomes_drafts_and_reviews(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    put(folder, "002", auto_submitted="auto-replied")
    assert run(folder) == {"drafted": 1, "skipped": 1}
    assert begun(tmp_path / "out") == ["001", "001", "001", "002", "002"]
    first, second = (each for _, each in reviews_in(tmp_path / "out"))
    assert first["skipped"] is None and (tmp_path / "out" / first["draft"]).is_file()
    assert second["draft"] is None and "Auto-Submitted" in second["skipped"]


def test_a_second_run_does_nothing_twice(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    run(folder)
    [draft] = (tmp_path / "out").glob("001-*.eml")
    before = draft.stat().st_mtime_ns
    assert run(folder) == {"before": 1}
    assert draft.stat().st_mtime_ns == before


def test_drafts_that_were_deleted_are_made_again(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    run(folder)
    for path in (tmp_path / "out").iterdir():
        path.unlink()
    assert run(folder) == {"drafted": 1}


def test_the_same_mail_in_two_files_gets_one_draft(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "001")
    put(folder, "002", message_id="<001@x.example>", received="from another way; Mon, 02 Nov 2026 10:13:00 +0200")
    assert run(folder) == {"drafted": 1, "skipped": 1}
    assert review(tmp_path / "out", "002")["skipped"].startswith("the same mail as 001-")


def test_mbox_and_maildir(run: Run, tmp_path: Path) -> None:
    box, maildir = mailbox.mbox(tmp_path / "post.mbox"), mailbox.Maildir(tmp_path / "Maildir")
    for number in range(2):
        box.add(mail_bytes(message_id=f"<b{number}@x.example>"))
        maildir.add(mail_bytes(message_id=f"<m{number}@x.example>"))
    box.close()
    assert run(tmp_path / "post.mbox", tmp_path / "Maildir") == {"drafted": 4}
    assert len(list((tmp_path / "out").glob("post-*.eml"))) == 2


def test_names_that_come_twice_are_told_apart(run: Run, tmp_path: Path) -> None:
    run(put(tmp_path / "a", "1"), put(tmp_path / "b", "1", message_id="<other@x.example>"))
    assert len(list((tmp_path / "out").glob("1-*.eml"))) == 2


def test_what_is_no_mail_is_recorded(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x.eml").write_bytes(b"\0\0")
    assert run(tmp_path / "x.eml") == {"person": 1}
    found = review(tmp_path / "out", "x")
    assert found["outcome"] == "person" and "unreadable" in found["outcome_reason"]
    assert run(tmp_path / "x.eml") == {"before": 1}


def test_ten_drafts_a_day_for_one_sender(run: Run, tmp_path: Path) -> None:
    for number in range(12):
        put(tmp_path / "in", f"{number:02}")
    assert run(tmp_path / "in") == {"drafted": 10, "person": 2}


def test_another_mail_in_a_file_of_the_same_name_replaces_no_draft(run: Run, tmp_path: Path) -> None:
    first = put(tmp_path / "day1", "0001", message_id="<a@x.example>", **{"from": "Anna <anna@klant.example>"})
    second = put(tmp_path / "day2", "0001", message_id="<b@x.example>", **{"from": "Bert <bert@klant.example>"})
    assert run(first) == run(second) == {"drafted": 1}
    assert run(first) == run(second) == {"before": 1}
    drafts = [path.read_text() for path in (tmp_path / "out").glob("0001-*.eml")]
    assert sorted("To: Anna" in draft for draft in drafts) == [False, True]


def test_a_mail_removed_from_an_mbox_moves_no_other_mails_draft(run: Run, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "post.mbox")
    for number in range(3):
        box.add(mail_bytes(message_id=f"<b{number}@x.example>"))
    box.flush()
    assert run(tmp_path / "post.mbox") == {"drafted": 3}
    before = names(tmp_path / "out")
    box.remove(box.keys()[0])
    box.flush()
    assert run(tmp_path / "post.mbox") == {"before": 2}
    assert names(tmp_path / "out") == before


@pytest.mark.parametrize("place", [".", "drafts"])
def test_drafts_inside_the_folder_that_is_read_are_not_read(
    make_clerk: Callable[..., MailHandler], tmp_path: Path, place: str
) -> None:
    folder = put(tmp_path / "in", "001")
    claims = Claims(create_database(f"sqlite:///{tmp_path}/saldo.db"))
    for expected in ("drafted", "before", "before"):
        batch = Batch(make_clerk(), claims, DraftFolder(folder / place))
        assert asyncio.run(batch.run(stored_mails([folder]), lambda: None)) == {expected: 1}
    [draft] = (folder / place).glob("001-*.eml")
    with pytest.raises(UnusableFile, match="draft of Saldo's own"):
        stored_mails([draft])


def test_two_mails_with_one_message_id_get_a_draft_each(run: Run, tmp_path: Path) -> None:
    for number, subject in enumerate(("Scan 1", "Scan 2")):
        put(tmp_path / "in", f"{number}", message_id="<scanner@x.example>", subject=subject)
    assert run(tmp_path / "in") == {"drafted": 2}
    own = {re.search(r"^Message-ID: (.*)$", path.read_text(), re.M)[1] for path in (tmp_path / "out").glob("*.eml")}  # type: ignore[index]
    assert len(own) == 2


def test_copies_in_one_mbox_leave_a_review_each(run: Run, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "post.mbox")
    for _ in range(3):
        box.add(mail_bytes())
    box.flush()
    assert run(tmp_path / "post.mbox") == {"drafted": 1, "skipped": 2}
    assert run(tmp_path / "post.mbox") == {"before": 3}
    assert len(list((tmp_path / "out").glob("*.review.json"))) == 3


def test_a_fault_of_ours_stays_with_its_mail(run: Run, tmp_path: Path) -> None:
    folder = put(tmp_path / "in", "2", message_id="<2@x.example>")
    (folder / "1.eml").write_bytes(mail_bytes("struikel, geheim", message_id="<1@x.example>"))
    assert run(folder) == {"person": 1, "drafted": 1}
    found = review(tmp_path / "out", "1")
    assert found["outcome"] == "person" and found["draft"] is None
    assert found["outcome_reason"].startswith("could not be drafted (KeyError in mails.py")
    assert "geheim" not in found["outcome_reason"]
    assert run(folder) == {"before": 2}


@pytest.mark.parametrize(
    "headers",
    [{"from": "<jan.@klant.example>"}, {"subject": "=?gb2312?B?xPq6w//+?="}, {"subject": "=?utf-8?q?=ED=A0=80?="}],
)
def test_mails_that_the_standard_library_stumbles_over(run: Run, tmp_path: Path, headers: dict[str, str]) -> None:
    folder = put(tmp_path / "in", "1", **headers)
    put(folder, "2")
    assert run(folder) == {"drafted": 2}


def test_a_files_long_name_fits_the_file_system(run: Run, tmp_path: Path) -> None:
    assert run(put(tmp_path / "in", "ä" * 120)) == {"drafted": 1}


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
