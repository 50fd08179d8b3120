"""Measuring messages with several questions, and conversations."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from saldo.answers.answer import Answer
from saldo.errors import FaultyFiles, UnusableFile
from saldo.evaluation.dialogues import (
    Expected,
    ExpectedMail,
    ExpectedMessage,
    TurnResult,
    measure,
    micro_f1,
    read_dialogues,
)


def turn(kind: str, *topics: str, language: str = "nl") -> Expected:
    return Expected("…", kind, topics, language)


@pytest.mark.parametrize(
    ("expected", "kind", "topics", "language", "right"),
    [
        (turn("answer", "paid_twice"), "answer", ("paid_twice",), "nl", True),
        (turn("answer", "paid_twice"), "answer", ("paid_twice",), "fi", False),
        (turn("answer", "paid_twice"), "answer", ("paid_twice", "seat_count"), "nl", False),
        (turn("answer", "paid_twice"), "clarify", (), "nl", False),
        (turn("out_of_scope"), "clarify", (), "nl", True),
        (turn("clarify"), "out_of_scope", (), "nl", True),
        (turn("out_of_scope"), "answer", ("paid_twice",), "nl", False),
        (turn("handover"), "out_of_scope", (), "nl", False),
        (turn("unsupported_language", language="other"), "unsupported_language", (), "nl", True),
    ],
)
def test_when_a_turn_is_right(
    expected: Expected, kind: str, topics: tuple[str, ...], language: str, right: bool
) -> None:
    assert TurnResult(expected, kind, topics, language).right is right


def test_micro_f1_counts_topics_not_messages() -> None:
    assert micro_f1([(("a", "b"), ("a",)), (("c",), ("c",))]) == pytest.approx(2 * 2 / (2 + 3))
    assert micro_f1([((), ())]) == 1.0


def test_a_file_may_hold_both_and_conversations_do_not_mix(tmp_path: Path) -> None:
    said: dict[str, list[str]] = {}

    async def ask(text: str, conversation: str, customer: str | None, mail: bool) -> dict[str, Any]:
        said.setdefault(conversation, []).append(text)
        return {"kind": "answer", "topics": text.split("+"), "language": "nl"}

    turns = [{"text": text, "kind": "answer", "topics": [text], "language": "nl"} for text in ("a", "b")]
    lines = [{"turns": turns}, {"text": "a+b", "topics": ["b", "a"]}]
    path = tmp_path / "nl" / "both.jsonl"
    path.parent.mkdir()
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = asyncio.run(measure(path, ask))
    assert list(said.values()) == [["a", "b"], ["a+b"]]
    assert (found.name, found.right.count, found.right.total, found.f1) == ("nl/both.jsonl", 2, 3, 1.0)


def test_a_turn_may_name_its_customer_and_what_the_answer_must_say(tmp_path: Path) -> None:
    async def ask(text: str, conversation: str, customer: str | None, mail: bool) -> dict[str, Any]:
        blocks = [{"type": "paragraph", "text": f"60 licenties van {customer}"}]
        return {"kind": "answer", "topics": ["seat_count"], "language": "nl", "blocks": blocks}

    turns = [
        {"user": "a", "expect": {"kind": "answer", "topic": "seat_count", "language": "nl", "says": ["60", "NL-1001"]}},
        {"user": "b", "expect": {"kind": "answer_or_clarify", "topic": None, "language": "nl"}},
        {"user": "c", "expect": {"kind": "answer", "topic": None, "language": "nl", "says": ["48"]}},
    ]
    path = tmp_path / "nl.jsonl"
    path.write_text(json.dumps({"id": "d1", "customer": "NL-1001", "turns": turns}), encoding="utf-8")
    assert [one.right for one in asyncio.run(measure(path, ask)).turns] == [True, True, False]


def test_mails_and_marked_messages_are_read_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "nl.jsonl"
    mail = {"id": "m1", "subject": "Vraag", "body": "Hoe zeg ik op?", "labels": ["cancel_service", "out_of_scope"]}
    marked = {"segments": [["Dat is geregeld.", "settle", "paid_twice"], ["Hoe zeg ik op?", "ask", "cancel_service"]]}
    path.write_text(f"{json.dumps(mail)}\n{json.dumps(marked)}", encoding="utf-8")
    first, second = read_dialogues(path)
    assert isinstance(first, ExpectedMail)
    assert (first.incoming.subject, first.incoming.own, first.topics) == (
        "Vraag",
        "Hoe zeg ik op?",
        ("cancel_service",),
    )
    assert second == ExpectedMessage("Dat is geregeld. Hoe zeg ik op?", ("cancel_service",))


def test_a_mail_is_read_without_its_quotes_and_its_subject_only_where_it_says_too_little(tmp_path: Path) -> None:
    said: list[str] = []

    async def ask(text: str, conversation: str, customer: str | None, mail: bool) -> dict[str, Any]:
        assert mail
        said.append(text)
        return {**Answer("out_of_scope", "nl").to_json(), "questions": []}

    body = "Graag hoor ik hoe dat gaat.\n\nOp 3 maart 2026 om 10:02 schreef Jan <jan@example.com>:\n> Hoe zeg ik op?\n"
    path = tmp_path / "nl.jsonl"
    path.write_text(json.dumps({"subject": "Opzeggen", "body": body, "labels": []}), encoding="utf-8")
    asyncio.run(measure(path, ask))
    assert said == ["Graag hoor ik hoe dat gaat.", "Opzeggen.\n\nGraag hoor ik hoe dat gaat."]


def test_mistakes_are_told_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a", "topics": []}\n{"text": "a"}\nno\n', encoding="utf-8")
    with pytest.raises(FaultyFiles) as caught:
        read_dialogues(tmp_path / "a.jsonl")
    assert [fault.line for fault in caught.value.faults] == [2, 3]
    with pytest.raises(UnusableFile):
        read_dialogues(tmp_path / "b.jsonl")
