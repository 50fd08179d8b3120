"""What is done at the desk is kept: states, letters, other topics; and the first version with them."""

from __future__ import annotations

import json
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from saldo.mail.batch import stored_mails
from saldo.mail.store.file_names import DESK, FIRST, REVIEW
from saldo.mail.store.kept_mail import from_bytes, to_bytes
from tests.mail.desk.conftest import Serve
from tests.mail.desk.hands import DeskServer, drafted, some_mails
from tests.mail.mails import CONTACT, PROVEN, mail, mail_bytes


def stems(served: DeskServer, show: str = "open") -> list[str]:
    return [row["stem"].partition("-")[0] for row in served.ask("queue", show=show)["rows"]]


def texts(data: bytes) -> tuple[str, str]:
    """The plain text and the HTML of a draft."""
    message = message_from_bytes(data, policy=policy.default)
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain and html
    return plain.get_content(), html.get_content()


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_urgent_mails_first_then_a_persons_then_drafts_and_what_was_skipped_apart(served: DeskServer) -> None:
    assert stems(served) == ["fraud", "foreign", "question"]
    assert stems(served, "skipped") == ["robot"]
    assert served.ask("queue")["counts"] == {"open": 3, "done": 0, "skipped": 1}
    assert served.ask("queue")["rows"][0]["risks"] == ["account_number_changed"]


def test_a_mail_shows_what_was_read_and_why(served: DeskServer) -> None:
    shown = served.mail("question")
    assert shown["body"] == [{"text": "Hoe kan ik opzeggen?", "read": True, "question": 0}]
    assert shown["questions"][0]["topic"] == "cancel_service"
    assert shown["letter"].startswith("Beste Aino Ahovaara,") and "Per e-mail." in shown["letter"]
    assert "Hoe kan ik" not in shown["letter"]
    assert shown["outcome_reason"] == "de vraag kan worden beantwoord"
    assert shown["identity"].startswith("De afzender is bekend")
    assert shown["identity_reason"] == "onze mailserver heeft de afzender niet gecontroleerd"


@pytest.mark.parametrize("state", ["handled", "not_a_question"])
def test_what_became_of_a_mail_survives_a_restart(served: DeskServer, state: str) -> None:
    served.tell("state", mail=served.mail("foreign")["stem"], state=state)
    assert (stems(served), stems(served, "done")) == (["fraud", "question"], ["foreign"])
    served.stop()
    served.start()
    assert stems(served, "done") == ["foreign"]
    assert served.mail("foreign")["state"] == state
    served.tell("state", mail=served.mail("foreign")["stem"], state="open")
    assert stems(served, "done") == []


def test_an_edited_letter_is_in_both_forms_of_the_draft_and_the_first_version_stays(served: DeskServer) -> None:
    before = served.mail("question")
    path = served.folder / f"{before['stem']}.eml"
    first = path.read_bytes()
    text = "Beste Aino,\n\nU kunt <altijd> opzeggen & wel zo:\n  Wanneer  morgen  (nu)\n\nTot ziens"
    after = served.tell("letter", mail=before["stem"], text=text, revision=before["revision"])
    assert (after["letter"], after["edited"], after["state"]) == (text, True, "open")
    plain, html = texts(path.read_bytes())
    assert plain.replace("\r\n", "\n").startswith(
        f"{text}\n\n\nOp 2 november 2026 om 10:12 schreef Aino Ahovaara:\n> Hoe kan"
    )
    assert "U kunt &lt;altijd&gt; opzeggen &amp; wel zo:" in html and "Per e-mail" not in html + plain
    assert ">Wanneer</td>" in html and ">morgen</td>" in html and "Hoe kan ik opzeggen?</blockquote>" in html
    assert path.with_name(f"{path.name}{FIRST}").read_bytes() == first
    heads = [message_from_bytes(data, policy=policy.default) for data in (first, path.read_bytes())]
    for name in ("From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "X-Unsent"):
        assert heads[0][name] == heads[1][name], name
    again = served.tell("letter", mail=before["stem"], text=f"{text} 2", revision=after["revision"])
    assert path.with_name(f"{path.name}{FIRST}").read_bytes() == first
    back = served.tell("letter", mail=before["stem"], text=before["letter"], revision=again["revision"])
    assert not back["edited"]


def test_a_draft_that_was_changed_elsewhere_is_not_overwritten(served: DeskServer) -> None:
    before = served.mail("question")
    path = served.folder / f"{before['stem']}.eml"
    path.write_bytes(path.read_bytes().replace(b"Per e-mail.", b"Per brief."))
    for name, more in (("letter", {"text": "Hallo"}), ("topics", {"topics": ["paid_twice"]})):
        assert served.tried(name, mail=before["stem"], revision=before["revision"], **more).status == 409
    assert b"Per brief." in path.read_bytes()


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 50_001])
def test_a_letter_of_nothing_or_without_an_end_is_refused(served: DeskServer, text: str) -> None:
    before = served.mail("question")
    assert served.tried("letter", mail=before["stem"], text=text, revision=before["revision"]).status == 422
    assert served.mail("question") == before


def test_what_a_person_types_loses_what_is_not_for_reading(served: DeskServer) -> None:
    before = served.mail("question")
    text = "Beste\u202e Aino,\r\n\r\n\x1b[31mtot\x00 ziens"
    after = served.tell("letter", mail=before["stem"], text=text, revision=before["revision"])
    assert after["letter"] == "Beste Aino,\n\n[31mtot ziens"


def test_other_topics_make_another_letter(served: DeskServer) -> None:
    before = served.mail("question")
    first_id = message_from_bytes((served.folder / f"{before['stem']}.eml").read_bytes())["Message-ID"]
    served.tell("letter", mail=before["stem"], text="Weg ermee", revision=before["revision"])
    revision = served.mail("question")["revision"]
    after = served.tell("topics", mail=before["stem"], topics=["paid_twice", "seat_count"], revision=revision)
    assert "Over seat_count." in after["letter"] and "Over paid_twice." in after["letter"]
    assert "Per e-mail." not in after["letter"] and "Weg ermee" not in after["letter"]
    assert after["letter"].index("seat_count") < after["letter"].index("paid_twice")
    assert after["picked"] == ["seat_count", "paid_twice"] and not after["edited"]
    assert after["outcome_reason"] == "een collega heeft de onderwerpen gekozen"
    review = served.folder / f"{before['stem']}{REVIEW}"
    assert [each["topic"] for each in read(review)["questions"]] == ["seat_count", "paid_twice"]
    assert [each["topic"] for each in read(review.with_name(f"{review.name}{FIRST}"))["questions"]] == [
        "cancel_service"
    ]
    (draft,) = served.folder.glob("question*.eml")
    assert message_from_bytes(draft.read_bytes())["Message-ID"] == first_id


def test_a_mail_for_a_person_gets_a_letter_on_the_topics_picked_and_keeps_its_risks(served: DeskServer) -> None:
    before = served.mail("fraud")
    assert before["letter"] is None
    after = served.tell("topics", mail=before["stem"], topics=["refund_requirements"], revision="")
    assert "Over refund_requirements." in after["letter"]
    assert after["risks"] == ["account_number_changed"] and after["urgent"]
    assert after["identity"] == before["identity"]


@pytest.mark.parametrize("topics", [[], ["no_topic"], ["cancel_service", "greet"]])
def test_only_topics_of_the_list_can_be_picked(served: DeskServer, topics: list[str]) -> None:
    before = served.mail("question")
    assert served.tried("topics", mail=before["stem"], topics=topics, revision=before["revision"]).status == 422


def test_a_mail_that_an_earlier_saldo_read_is_shown_from_its_draft_and_not_drafted_again(served: DeskServer) -> None:
    stem = served.mail("question")["stem"]
    (served.folder / f"{stem}.mail.json").unlink()
    shown = served.mail("question")
    assert shown["body"] == [{"text": "Hoe kan ik opzeggen?", "read": True, "question": 0}] and not shown["kept"]
    reply = served.tried("topics", mail=stem, topics=["paid_twice"], revision=shown["revision"])
    assert (reply.status, b"not kept" in reply.body) == (422, True)


def test_news_in_the_folder_is_seen_and_what_is_no_review_passed_over(served: DeskServer, tmp_path: Path) -> None:
    (served.folder / f"broken{REVIEW}").write_text("{")
    (served.folder / f"list{REVIEW}").write_text("[]")
    drafted(tmp_path, {"news": mail_bytes("Hoe kan ik opzeggen?", message_id="<news@x.example>")}, served.folder)
    assert stems(served) == ["fraud", "foreign", "news", "question"]


def test_a_broken_note_of_the_desk_is_as_none(served: DeskServer) -> None:
    stem = served.mail("question")["stem"]
    for text in (
        "{",
        "[]",
        '{"state": "sent"}',
        '{"state": "gone", "edited": 1, "topics": [], "versions": [], "changed": ""}',
    ):
        (served.folder / f"{stem}{DESK}").write_text(text)
        assert served.mail("question")["state"] == "open"


def test_an_older_draft_in_the_thread_is_a_risk_until_it_is_dealt_with(serve: Serve) -> None:
    first = mail_bytes("Hoe kan ik opzeggen?", message_id="<first@x.example>", date="Mon, 02 Nov 2026 10:12:00 +0200")
    second = mail_bytes(
        "En hoe kan ik dat intrekken? Ik wil toch niet opzeggen.", message_id="<second@x.example>",
        references="<first@x.example>", in_reply_to="<first@x.example>", date="Tue, 03 Nov 2026 10:12:00 +0200",
    )  # fmt: skip
    server = serve({"first": first, "second": second})
    assert server.mail("first")["risks"] == []
    assert "older_draft" in server.mail("second")["risks"]
    server.tell("state", mail=server.mail("first")["stem"], state="handled")
    assert "older_draft" not in server.mail("second")["risks"]


def test_a_mail_that_was_answered_in_the_mailbox_is_done(served: DeskServer) -> None:
    stem = served.mail("question")["stem"]
    path = served.folder / f"{stem}{REVIEW}"
    path.write_text(json.dumps({**read(path), "answered": "as drafted"}))
    assert stems(served, "done") == ["question"]
    assert served.mail("question")["answered"] == "as drafted"


def test_it_is_found_by_words_of_subject_sender_and_topic(served: DeskServer) -> None:
    for find, there in (
        ("OVER fraud", ["fraud"]),
        ("opzeggen", ["question"]),
        (CONTACT, ["fraud", "foreign", "question"]),
    ):
        assert [row["stem"].partition("-")[0] for row in served.ask("queue", find=find)["rows"]] == there


def test_a_mail_is_kept_as_it_was_read_without_its_attachments() -> None:
    parts = (
        b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHoe kan ik opzeggen?\r\n"
        b"--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=geheim.pdf\r\n\r\n"
        b"SECRETBYTES\r\n--b--\r\n"
    )
    read_once = mail(
        raw=parts, content_type="multipart/mixed; boundary=b", authentication_results=PROVEN,
        subject="=?utf-8?q?=ED=A0=80?= \udce4", cc="x@y.example",
    )  # fmt: skip
    kept = to_bytes(read_once)
    again = from_bytes(kept)
    assert b"SECRETBYTES" not in kept and again.attachments[0].name == "geheim.pdf"
    for name in ("message_id", "subject", "senders", "own", "body", "attachments", "notes", "unread", "forwarded",
                 "calendar", "content", "key", "copied", "reply_to", "references", "arrived", "thread"):  # fmt: skip
        assert getattr(again, name) == getattr(read_once, name), name
    assert list(again.message.raw_items()) == list(read_once.message.raw_items())


def test_what_it_wrote_is_no_mail_to_be_answered(served: DeskServer) -> None:
    before = served.mail("question")
    served.tell("letter", mail=before["stem"], text="Hallo", revision=before["revision"])
    files = sorted(path.name for path in served.folder.iterdir())
    (served.folder / "other.eml").write_bytes(mail_bytes())
    assert [each.name for each in stored_mails([served.folder])] == ["other"]
    assert len(some_mails()) == sum(name.endswith(REVIEW) for name in files)
