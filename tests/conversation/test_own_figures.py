"""A customer's own figures: only with a valid capability, only that customer's, and said to be missing if they are."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
import yaml
from rasa_sdk.executor import CollectingDispatcher

from saldo.answers.answer import Answer
from saldo.answers.blocks import Paragraph
from saldo.billing import Repository, open_database
from saldo.billing.explain import RULES
from saldo.billing.rules.result import Findings
from saldo.faq import load
from saldo.identity import AUDIENCE, mint
from saldo.rasa_runtime.actions import AnswerTopics, AskBack, HandOver, Refuse, SaldoAction, SmallTalk, SwitchLanguage
from saldo.web.auth.sessions import Session, seal
from tests.conversation.turns import KEY, Act, question, turn
from tests.support import CHECKOUT

SLOTS = {
    "language",
    "language_chosen",
    "topic",
    "offered",
    "failures",
    "invoice",
    "suggested",
    "answered",
    "licences",
    "months",
    "change",
    "change_from",
}
UNAVAILABLE = load(CHECKOUT / "faq").says("figures_unavailable", "nl")
EVERY_ACTION = [AnswerTopics(), AskBack(), HandOver(), Refuse(), SmallTalk(), SwitchLanguage()]


def values(answer: dict[str, Any], name: str) -> list[object]:
    return [fact["value"] for fact in answer["facts"] if fact["name"] == name]


def signed(**claims: Any) -> str:
    """A token with Saldo's own key that says something else than a capability does."""
    now = int(time.time())
    return jwt.encode({"aud": AUDIENCE, "sub": "NL-1001", "level": "verified", "exp": now + 60, **claims}, KEY)


@pytest.mark.parametrize(("language", "customer"), [("nl", "NL-1001"), ("fi", "FI-2001")])
def test_a_capability_brings_the_customers_own_figures(act: Act, language: str, customer: str) -> None:
    answer = act(AnswerTopics(), turn("invoice_quantity", language=language, identity=mint(KEY, customer))).answer
    (quantity,) = (fact for fact in answer["facts"] if fact["name"] == "quantity")
    assert (quantity["value"], quantity["formula"]) == (60, "10 × 6")
    assert answer["blocks"][0]["type"] == "paragraph" and "60" in answer["blocks"][0]["text"]


CLAIMED = {
    "nothing": {},
    "an id": {"identity": "NL-1001"},
    "another field": {"customer": "NL-1001", "customer_id": "NL-1001", "sub": "NL-1001"},
    "the claims, unsigned": {"identity": {"sub": "NL-1001", "level": "verified"}},
    "a forged capability": {"identity": mint("x" * 43, "NL-1001")},
    "an expired one": {"identity": mint(KEY, "NL-1001", now=time.time() - 3600)},
    "a session's token": {"identity": seal(KEY, Session("widget-1", "nl", "NL-1001"))},
    "one for another audience": {"identity": signed(aud="saldo")},
    "one that is not verified": {"identity": signed(level="claimed")},
}


@pytest.mark.parametrize("metadata", CLAIMED.values(), ids=CLAIMED.keys())
def test_nothing_else_brings_figures_whatever_is_claimed(act: Act, metadata: dict[str, Any]) -> None:
    """Neither what a request claims, nor what is typed, nor a slot that somebody set."""
    typed = "Ik ben NL-1001, wat staat er op factuur 2026-0142?"
    claimed = {"customer": "NL-1001", "identity": mint(KEY, "NL-1001")}
    asked = turn("invoice_quantity", text=typed, entities={"invoice_number": "2026-0142"}, slots=claimed, **metadata)
    said = act(AnswerTopics(), asked)
    general = act(AnswerTopics(), turn("invoice_quantity"))
    assert said.answer["facts"] == []
    assert said.answer["blocks"] == general.answer["blocks"]


def test_a_capability_does_not_outlive_its_message(act: Act) -> None:
    """A later message of the same conversation has to bring its own."""
    tracker = turn("invoice_quantity")
    earlier = {"event": "user", "text": "hoi", "metadata": {"identity": mint(KEY, "NL-1001")}}
    tracker.events = [earlier, *tracker.events]
    assert act(AnswerTopics(), tracker).answer["facts"] == []


def test_one_customer_never_reads_another_ones_invoice(act: Act) -> None:
    asked = turn("invoice_quantity", entities={"invoice_number": "2026-0142"}, identity=mint(KEY, "NL-1002"))
    answer = act(AnswerTopics(), asked).answer
    assert "2026-0142" not in json.dumps(answer)
    assert 60 not in values(answer, "quantity")


@pytest.mark.parametrize(
    ("entities", "invoice"),
    [
        ({"invoice_number": "2026-0141"}, "2026-0141"),
        ({"invoice_number": "2026-0142"}, "2026-0142"),
    ],
)
def test_the_invoice_that_was_named_is_explained(act: Act, entities: dict[str, Any], invoice: str) -> None:
    asked = turn("invoice_quantity", entities=entities, identity=mint(KEY, "NL-1001"))
    assert invoice in json.dumps(act(AnswerTopics(), asked).answer["facts"])


@pytest.mark.parametrize("entity", ["count", "licences"])
@pytest.mark.parametrize("quantity", [18, 4])
def test_the_invoice_with_the_number_that_was_named_is_explained(act: Act, entity: str, quantity: int) -> None:
    """NL-1003 has an invoice over 18 and, for licences added later, one over 4."""
    asked = turn("invoice_quantity", entities={entity: quantity}, identity=mint(KEY, "NL-1003"))
    assert values(act(AnswerTopics(), asked).answer, "quantity") == [quantity]


def test_figures_of_every_question_of_a_message(act: Act) -> None:
    asked = [question("seat_count"), question("invoice_quantity")]
    answer = act(AnswerTopics(), turn("seat_count", asked, identity=mint(KEY, "NL-1001"))).answer
    assert values(answer, "free_licences") == [2] and values(answer, "quantity") == [60]


@pytest.mark.parametrize("action", EVERY_ACTION, ids=lambda action: action.name())
def test_no_slot_holds_a_customer_or_a_figure(act: Act, action: SaldoAction) -> None:
    identity = mint(KEY, "NL-1001")
    intent = "seat_count" if isinstance(action, AnswerTopics) else "greet"
    said = act(action, turn(intent, slots={"offered": ["seat_count"]}, identity=identity))
    assert set(said.slots) <= SLOTS
    assert said.slots.get("invoice") in (None, "2026-0142"), "the one spoken of, by its number and no more"
    assert not any(secret in json.dumps(dict(said.slots)) for secret in ("NL-1001", identity, "60"))


@pytest.mark.parametrize("slot", ["invoice", "suggested"])
@pytest.mark.parametrize(("intent", "text"), [("invoice_quantity", "en de vorige?"), ("affirm", "ja")])
def test_an_invoice_of_somebody_else_in_a_slot_tells_nothing(act: Act, slot: str, intent: str, text: str) -> None:
    """It is looked up among the asker's own on every turn."""
    action = SmallTalk() if intent == "affirm" else AnswerTopics()
    slots = {"topic": "invoice_quantity", slot: "2026-0142"}
    for identity in (mint(KEY, "NL-1002"), None):
        answer = act(action, turn(intent, text=text, slots=slots, identity=identity)).answer
        assert "2026-0142" not in json.dumps(answer)
        assert identity or not answer.get("facts")


def test_the_domain_has_no_slot_for_a_customer() -> None:
    domain = yaml.safe_load((CHECKOUT / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["slots"]) == SLOTS


def missing(path: Path) -> None:
    path.unlink()


def no_database(path: Path) -> None:
    path.write_bytes(b"this is no database" * 99)


def older(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE billing_migration SET version_num = '0001'")


def without_the_customer(path: Path) -> None:
    Repository(open_database(f"sqlite:///{path}")).remove("NL-1001")


def locked(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode = EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    return connection


@pytest.mark.parametrize("spoil", [missing, no_database, older, without_the_customer, locked])
def test_figures_that_cannot_be_read_are_said_to_be_missing_and_the_rule_is_told(
    act: Act, database: Path, monkeypatch: pytest.MonkeyPatch, spoil: Any
) -> None:
    monkeypatch.setattr("saldo.storage.engines.BUSY_SECONDS", 0.05)
    held = spoil(database)
    said = act(AnswerTopics(), turn("invoice_quantity", identity=mint(KEY, "NL-1001")))
    assert held is None or held.in_transaction
    assert said.paragraphs[0] == UNAVAILABLE
    assert said.paragraphs[1:] == act(AnswerTopics(), turn("invoice_quantity")).paragraphs
    assert said.answer["facts"] == []


def test_who_is_not_known_is_not_told_that_figures_are_missing(act: Act, database: Path) -> None:
    database.unlink()
    assert UNAVAILABLE not in act(AnswerTopics(), turn("invoice_quantity")).paragraphs


def test_figures_come_back_with_the_database(act: Act, database: Path) -> None:
    asked = turn("invoice_quantity", identity=mint(KEY, "NL-1001"))
    away = database.rename(database.with_suffix(".away"))
    assert act(AnswerTopics(), asked).answer["facts"] == []
    away.rename(database)
    assert values(act(AnswerTopics(), asked).answer, "quantity") == [60]


def test_the_log_tells_why_but_not_what_was_asked(act: Act, database: Path, caplog: pytest.LogCaptureFixture) -> None:
    database.unlink()
    act(AnswerTopics(), turn("invoice_quantity", text="geheim", identity=mint(KEY, "NL-1001")))
    assert "There is no billing database" in caplog.text
    assert "geheim" not in caplog.text and "NL-1001" not in caplog.text


def test_two_customers_asking_at_once_each_get_their_own(database: Path) -> None:
    async def ask(customer: str) -> list[object]:
        dispatcher = CollectingDispatcher()
        await AnswerTopics().run(dispatcher, turn("seat_count", identity=mint(KEY, customer)), {})
        return [
            fact.value for fact in Answer.from_json(dispatcher.messages[0]["custom"]).facts if fact.name == "licences"
        ]

    async def both() -> list[list[object]]:
        return list(await asyncio.gather(*(ask(customer) for customer in ("NL-1001", "NL-1002") * 5)))

    assert asyncio.run(both()) == [[10], [5]] * 5


def test_whatever_fails_in_a_rule_costs_the_figures_and_not_the_answer(
    act: Act, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A rule's own fault: one topic's figures are missing, the other's are there, and the log says where."""

    def fails(*_: object) -> Findings:
        raise ZeroDivisionError("NL-1001 owes 724.50")

    monkeypatch.setitem(RULES, "seat_count", fails)
    both = [question("seat_count"), question("invoice_quantity")]
    answer = act(AnswerTopics(), turn("seat_count", both, identity=mint(KEY, "NL-1001"))).answer
    first, second = Answer.from_json(answer).parts
    assert Paragraph(UNAVAILABLE) in first.blocks and not first.facts
    assert "actieve gebruikers" in str(first.blocks), "the reviewed text stays"
    assert {"quantity", "months"} <= {fact.name for fact in second.facts}
    assert "ZeroDivisionError in test_own_figures.py" in caplog.text and "724" not in caplog.text


def test_a_topic_without_a_rule_is_answered_from_its_text(act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new topic is only content: a line in topics.yml and its files; nobody need write a rule for it."""
    monkeypatch.delitem(RULES, "change_package")
    answer = act(AnswerTopics(), turn("change_package", identity=mint(KEY, "NL-1001"))).answer
    assert (answer["kind"], answer["facts"]) == ("answer", [])
    assert UNAVAILABLE not in str(answer["blocks"])
