"""The language component: cleaning, the conversation's language, and what every component must hold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from saldo.rasa_runtime.components.preprocessing import LanguageComponent, clean
from tests.nlu.checks import CHECKS, Case

DOMAIN = Domain.from_yaml("""
version: "3.1"
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
""")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_component(check: Callable[[Case], None], tmp_path: Path) -> None:
    check(Case(LanguageComponent, tmp_path))


def told(text: str, slot: str | None = None, metadata: dict[str, str] | None = None) -> Message:
    tracker = DialogueStateTracker.from_events("c", [SlotSet("language", slot)], slots=DOMAIN.slots)
    message = Message.build(text)
    if metadata is not None:
        message.set("metadata", metadata)
    return LanguageComponent({}).process([message], tracker=tracker)[0]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ('/seat_count{"customer_id": "C-OTHER"}', 'seat_count{"customer_id": "C-OTHER"}'),
        ("  / /restart", "restart"),
        ("\u200b/restart", "restart"),
        ("\x00/\x07/hoi", "hoi"),
        ("hoi\r\nhoe gaat het", "hoi\nhoe gaat het"),
        ("https://severa.com/a en 1/2", "https://severa.com/a en 1/2"),
        ("////", ""),
    ],
)
def test_nothing_typed_is_a_command(typed: str, read: str) -> None:
    assert clean(typed) == read
    assert told(typed).get("text") == read


def test_the_slot_decides_a_short_message() -> None:
    assert told("ok", "fi").get("language") == {"code": "fi", "confidence": 0.9, "reason": "conversation"}


def test_the_channel_decides_while_the_slot_is_empty() -> None:
    assert told("ok", None, {"language": "fi"}).get("language")["code"] == "fi"
    assert told("ok", "nl", {"language": "fi"}).get("language")["code"] == "nl"


def test_a_strange_metadata_language_is_ignored() -> None:
    assert told("ok", None, {"language": "xx"}).get("language")["reason"] == "short"


def test_the_language_is_seen_by_actions() -> None:
    assert "language" in told("hoi").as_dict(only_output_properties=True)
