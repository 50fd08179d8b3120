"""Drafts of a thread that goes on: the latest mail keeps its own, and what somebody has changed stays."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import pytest

from tests.mail.correspondence import (
    EVERY_SERVER,
    OLDER,
    WITH_SENT,
    Watch,
    append,
    capabilities,
    change,
    lying,
    message_of,
    own_answer,
    reviews,
    save,
    send,
    stem,
    write,
)
from tests.mail.dovecot import Dovecot
from tests.mail.mails import mail_bytes
from tests.mail.watching import STANDSTILL, Start, answered, wait_until

pytestmark = pytest.mark.long


@EVERY_SERVER
def test_a_thread_that_goes_on_keeps_one_draft(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    start("all")
    write(dovecot, 1)
    wait_until(lambda: answered(dovecot) == ["00001"])
    write(dovecot, 2, 1)
    write(dovecot, 3)
    wait_until(lambda: answered(dovecot) == ["00002", "00003"], lambda: answered(dovecot))
    wait_until(lambda: reviews(tmp_path)["00001"]["overtaken_by"] == stem(tmp_path, "00002"))
    found = reviews(tmp_path)
    assert not any(OLDER in each["risks"] for each in found.values())
    assert f"it takes the place of an older draft in this thread: {stem(tmp_path, '00001')}" in found["00002"]["notes"]
    assert (tmp_path / "out" / found["00001"]["draft"]).is_file()


@WITH_SENT
def test_whichever_is_drafted_first_the_latest_mail_keeps_its_draft(dovecot: Dovecot, watch_once: Watch) -> None:
    """Older mails are taken the newest first, so that the thread's last mail comes before the others."""
    write(dovecot, 1)
    write(dovecot, 2, 1)
    write(dovecot, 3, 1, 2)
    watch_once()
    watch_once()
    assert answered(dovecot) == ["00003"]


@WITH_SENT
def test_a_draft_that_somebody_has_changed_stays(dovecot: Dovecot, watch_once: Watch, tmp_path: Path) -> None:
    write(dovecot, 1)
    watch_once()
    save(dovecot, change(lying(dovecot, "00001"), "Per e-mail.", "Sähköpostilla, kiitos."))
    write(dovecot, 2, 1)
    for _ in range(2):
        watch_once()
    assert answered(dovecot) == ["00001", "00002"]
    assert b"kiitos" in b"".join(dovecot.drafts())
    assert reviews(tmp_path)["00002"]["risks"] == [OLDER]
    assert reviews(tmp_path)["00001"]["overtaken_by"] is None


@WITH_SENT
def test_a_letter_that_somebody_began_stays_and_ours_goes(dovecot: Dovecot, watch_once: Watch, tmp_path: Path) -> None:
    write(dovecot, 1)
    watch_once()
    append(dovecot, own_answer(1), "Luonnokset")
    write(dovecot, 2, 1)
    watch_once()
    assert answered(dovecot) == ["00001", "00002"]
    assert any(b"soitan" in each for each in dovecot.drafts())
    assert reviews(tmp_path)["00002"]["risks"] == [OLDER]


@WITH_SENT
@pytest.mark.parametrize(
    ("body", "headers", "risks"),
    [
        ("Kiitos", {}, {OLDER}),  # a person's, or nobody's: the draft of before may be wrong by now
        ("Miten irtisanon palvelun?", {"From": "Toinen <toinen@kurkiaura-konsultointi.example>"}, {OLDER}),
        ("Miten irtisanon palvelun?", {"Reply-To": "toinen@elsewhere.example"}, {OLDER, "reply_to_elsewhere"}),
    ],
)
def test_only_a_draft_for_the_same_writer_takes_its_place(
    dovecot: Dovecot,
    watch_once: Watch,
    tmp_path: Path,
    body: str,
    headers: dict[str, str],
    risks: set[str],
) -> None:
    """Else anybody who knows a mail's Message-ID could have its draft taken out."""
    write(dovecot, 1)
    watch_once()
    write(dovecot, 2, 1, body=body, **headers)
    watch_once()
    assert "00001" in answered(dovecot)
    assert {*reviews(tmp_path)["00002"]["risks"]} == risks


@WITH_SENT
def test_two_mails_with_one_message_id_are_no_thread(dovecot: Dovecot, watch_once: Watch) -> None:
    for scan in ("a", "b"):
        data = mail_bytes(message_id="<00001@x.example>", subject=f"Scan {scan}", references="<root@x.example>")
        dovecot.deliver(scan, data)
    for _ in range(2):
        watch_once()
    assert answered(dovecot) == ["00001", "00001"]
    send(dovecot, message_of(dovecot.drafts()[0]), new_id=False)
    watch_once()
    assert answered(dovecot) == ["00001"]


@pytest.mark.parametrize("dovecot", [{"sent": True}, {"sent": True, "uidplus": False}], indirect=True)
def test_nothing_else_is_deleted(dovecot: Dovecot, watch_once: Watch, tmp_path: Path) -> None:
    """Somebody's own drafts stay, even those that they marked as deleted and a client has not yet cleared away."""
    write(dovecot, 1)
    watch_once()
    for number in (7, 8):
        append(dovecot, own_answer(number), "Luonnokset")
    write(dovecot, 9)
    for folder, which in (("Luonnokset", "In-Reply-To <00008@x.example>"), ("INBOX", "Message-ID <00009@x.example>")):
        with dovecot.login() as box:
            box.folder.set(folder)
            [found] = box.uids(f"HEADER {which}")
            box.client.uid("store", found, "+FLAGS", "(\\Deleted)")
    write(dovecot, 2, 1)
    watch_once()
    with dovecot.login() as box:
        box.folder.set("Luonnokset")
        shown = [str(each.headers["in-reply-to"][0]) for each in box.fetch("UNDELETED", mark_seen=False)]
        deleted = [str(each.headers["in-reply-to"][0]) for each in box.fetch("DELETED", mark_seen=False)]
        box.folder.set("INBOX")
        assert len(box.uids("DELETED")) == 1
    assert sorted(shown) == ["<00002@x.example>", "<00007@x.example>"]
    gone = [] if "UIDPLUS" in capabilities(dovecot) else ["<00001@x.example>"]
    assert sorted(deleted) == [*gone, "<00008@x.example>"]


@WITH_SENT
def test_no_thread_loses_or_doubles_its_draft_whatever_is_killed(dovecot: Dovecot, start: Start) -> None:
    """In each thread the customer writes twice; workers die at whatever they are doing."""
    workers, dice, threads = [start("all"), start("all")], random.Random(7), 24
    for number in range(threads):
        write(dovecot, number)
        write(dovecot, 1000 + number, number)
        if number % 4 == 3:
            time.sleep(dice.uniform(0.2, 2.5))
            victim = dice.randrange(2)
            workers[victim].kill()
            workers[victim] = start("all")
    last = [f"{1000 + number:05}" for number in range(threads)]
    wait_until(lambda: {*last} <= {*answered(dovecot)}, lambda: answered(dovecot))
    for each in workers:
        each.kill()
        each.wait()
    assert start("once", "all").wait(STANDSTILL) == 0
    assert answered(dovecot) == last


def test_each_true_copy_leaves_a_review(dovecot: Dovecot, watch_once: Watch, tmp_path: Path) -> None:
    for name in ("a", "b", "c"):
        dovecot.deliver(name, mail_bytes(message_id="<00001@x.example>"))
    dovecot.deliver("d", mail_bytes(message_id="<00001@x.example>", subject="Toinen"))
    for _ in range(2):
        watch_once()
    found = {path.name.removesuffix(".review.json"): json.loads(path.read_text())
             for path in (tmp_path / "out").glob("*.review.json")}  # fmt: skip
    copies = {name: each for name, each in found.items() if each["skipped"]}
    assert len(found) == 4
    assert sorted(name[-2:] for name in copies) == ["-2", "-3"]
    assert all(re.fullmatch(r"the same mail as [0-9a-f]{16}", each["skipped"]) for each in copies.values())
    assert answered(dovecot) == ["00001", "00001"]
