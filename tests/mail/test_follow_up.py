"""What was sent in the place of drafts, and what somebody has answered: a real Dovecot, and its team."""

from __future__ import annotations

from pathlib import Path

import pytest
from imap_tools import MailMessageFlags

from saldo.billing import create_database
from saldo.mail.imap.failures import NoSuchFolder
from saldo.mail.imap.server import Secret, server_of
from saldo.mail.inbox import Inbox
from saldo.mail.store.followed_drafts import FollowedDrafts, TopicCount
from tests.mail.correspondence import (
    EVERY_SERVER,
    WITH_SENT,
    Watch,
    append,
    change,
    letter,
    lying,
    own_answer,
    reviews,
    save,
    send,
    stem,
    write,
)
from tests.mail.dovecot import PASSWORD, Dovecot
from tests.mail.mails import mail_bytes
from tests.mail.watching import answered


@EVERY_SERVER
@pytest.mark.parametrize(
    ("fields", "stays"),
    [
        ({}, False),
        ({"In-Reply-To": "<99999@x.example>", "References": "<00001@x.example> <99999@x.example>"}, False),
        ({"To": "colleague@visma.com", "Cc": ""}, True),  # handed on within the team
        ({"Auto-Submitted": "auto-replied"}, True),
        ({"In-Reply-To": "<00002@x.example>"}, True),
    ],
)
def test_a_draft_goes_when_somebody_has_answered(
    dovecot: Dovecot, watch_once: Watch, tmp_path: Path, fields: dict[str, str], stays: bool
) -> None:
    write(dovecot, 1)
    watch_once()
    append(dovecot, own_answer(1, **fields))
    for _ in range(2):
        watch_once()
    assert answered(dovecot) == (["00001"] if stays else [])
    assert reviews(tmp_path)["00001"]["answered"] == (None if stays else "replaced")


@WITH_SENT
@pytest.mark.parametrize("edited", [False, True])
def test_a_mail_marked_as_answered_needs_no_draft(
    dovecot: Dovecot, watch_once: Watch, tmp_path: Path, edited: bool
) -> None:
    write(dovecot, 1)
    write(dovecot, 2)
    watch_once()
    if edited:
        save(dovecot, change(lying(dovecot, "00001"), "Per e-mail.", "Sähköpostilla."))
    with dovecot.login() as box:
        box.folder.set("INBOX")
        box.flag(box.uids('HEADER Message-ID "<00001@x.example>"'), MailMessageFlags.ANSWERED, True)
    for _ in range(2):
        watch_once()
    assert answered(dovecot) == (["00001", "00002"] if edited else ["00002"])
    assert reviews(tmp_path)["00001"]["answered"] is None  # nobody knows with what


@WITH_SENT
def test_what_is_sent_is_compared_with_what_was_drafted(dovecot: Dovecot, watch_once: Watch, tmp_path: Path) -> None:
    for number in range(1, 7):
        write(dovecot, number)
    watch_once()
    send(dovecot, lying(dovecot, "00001"))
    send(dovecot, lying(dovecot, "00002"), new_id=False)
    iban = "Per e-mail, tili FI21 1234 5600 0007 85, jan@klant.example, kiitos."
    send(dovecot, change(lying(dovecot, "00003"), "Per e-mail.", iban))
    send(dovecot, letter(lying(dovecot, "00004"), "Moi, soitan huomenna ja kerron lisää asiasta. T. Kaisa"))
    append(dovecot, own_answer(5, "Asia on jo hoidettu, kuten sovimme puhelimessa eilen aamulla."))
    watch_once()
    found = {number: each["answered"] for number, each in reviews(tmp_path).items()}
    assert found == {
        "00001": "as drafted", "00002": "as drafted", "00003": "edited", "00004": "replaced", "00005": "replaced",
        "00006": None,
    }  # fmt: skip
    assert answered(dovecot) == ["00006"]
    kept = FollowedDrafts(create_database(f"sqlite:///{tmp_path}/saldo.db"))
    [count] = kept.counts()
    assert count.changed is not None and 0 < count.changed < 0.5
    assert count == TopicCount("cancel_service", 6, 2, 1, 2, 0, count.changed)
    [pair] = kept.proposals()
    assert pair.topics == ("cancel_service",) and pair.language == "fi"
    assert "Per e-mail." in pair.drafted and "tili [account], [address], kiitos" in pair.sent
    assert "Miten irtisanon" not in pair.drafted + pair.sent  # the quoted mail


@WITH_SENT
def test_a_draft_that_went_out_before_the_customer_wrote_again_was_sent(
    dovecot: Dovecot, watch_once: Watch, tmp_path: Path
) -> None:
    write(dovecot, 1)
    watch_once()
    send(dovecot, lying(dovecot, "00001"))
    write(dovecot, 2, 1)
    watch_once()
    watch_once()
    send(dovecot, lying(dovecot, "00002"))
    watch_once()
    found = reviews(tmp_path)
    assert (found["00001"]["answered"], found["00002"]["answered"]) == ("as drafted", "as drafted")
    assert found["00001"]["overtaken_by"] is None


@WITH_SENT
def test_a_message_id_may_hold_what_imap_quotes(dovecot: Dovecot, watch_once: Watch) -> None:
    odd = '<1"a\\b(c){9}%*@x.example>'
    dovecot.deliver("1", mail_bytes(message_id=odd))
    watch_once()
    dovecot.deliver("2", mail_bytes(message_id="<00002@x.example>", references=odd))
    watch_once()
    assert answered(dovecot) == ["00002"] and len(dovecot.drafts()) == 1
    append(dovecot, own_answer(2))
    watch_once()
    assert dovecot.drafts() == []


@WITH_SENT
def test_an_answer_to_the_later_mail_is_none_to_the_earlier(
    dovecot: Dovecot, watch_once: Watch, tmp_path: Path
) -> None:
    """Its References name both; the earlier draft was not weighed, but overtaken."""
    write(dovecot, 1)
    write(dovecot, 2, 1)
    append(dovecot, own_answer(2, References="<00001@x.example> <00002@x.example>"))
    watch_once()
    found = reviews(tmp_path)
    assert (found["00001"]["answered"], found["00002"]["answered"]) == (None, "replaced")
    assert found["00001"]["overtaken_by"] == stem(tmp_path, "00002")
    assert answered(dovecot) == []


@pytest.mark.parametrize(
    ("dovecot", "made", "wanted", "found"),
    [
        ({"sent": True}, "Sent", None, "Uit"),
        ({}, "Verzonden items", None, "Verzonden items"),
        ({}, "Lähetetyt", None, "Lähetetyt"),
        ({"prefix": "INBOX."}, "INBOX.Sent", None, "INBOX.Sent"),
        ({"sent": True}, "Tuki/Uit", "Tuki/Uit", "Tuki/Uit"),
        ({}, "", None, None),
    ],
    indirect=["dovecot"],
)
def test_the_folder_of_what_was_sent(dovecot: Dovecot, made: str, wanted: str | None, found: str | None) -> None:
    with dovecot.login() as box:
        if made:
            box.folder.create(made)
    with Inbox(server_of(dovecot.url), Secret(PASSWORD, False), None, wanted) as inbox:
        assert inbox.sent == found
        assert inbox.sent is None or inbox.sent in inbox.folders.names


def test_a_folder_that_is_wanted_and_not_there_is_told(dovecot: Dovecot) -> None:
    with pytest.raises(NoSuchFolder, match="has no folder Weg"):
        Inbox(server_of(dovecot.url), Secret(PASSWORD, False), None, "Weg").__enter__()


@WITH_SENT
def test_where_sent_may_not_be_read_mails_are_drafted_all_the_same(
    dovecot: Dovecot, watch_once: Watch, tmp_path: Path
) -> None:
    write(dovecot, 1)
    watch_once()
    (dovecot.folder / "mail" / ".Uit" / "cur").chmod(0)
    (dovecot.folder / "mail" / ".Uit").chmod(0)
    write(dovecot, 2)
    watch_once()
    assert answered(dovecot) == ["00001", "00002"]
    (dovecot.folder / "mail" / ".Uit").chmod(0o700)
    assert "What became of drafts is not known meanwhile." in (tmp_path / "log").read_text()
