"""What is kept of a turn: the customer's words once, no capability, and all that a replay and a handover need."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from saldo.rasa_runtime.channel import utterances_in
from saldo.rasa_runtime.kept_events import kept, kept_event, restored
from saldo.storage.conversations import content_of, is_question
from tests.support import Conversation

IBAN, ADDRESS = "NL91 ABNA 0417 1643 00", "piet@klant.example"
TEXT = f"Waarom zijn het 60 stuks? Mijn rekening is {IBAN}, mail {ADDRESS}. Wat is er nodig voor een terugbetaling?"


def events(talk: Conversation) -> list[dict[str, Any]]:
    return [event.as_dict() for event in talk.events()]


def test_the_words_are_kept_once_and_the_capability_never(talk: Conversation) -> None:
    answer = talk.say(TEXT, "NL-1001")
    before, after = json.dumps(events(talk)), json.dumps(list(kept(events(talk))))
    assert before.count(IBAN) >= 2 and before.count("identity") >= 2
    assert (after.count(IBAN), after.count(ADDRESS), after.count("identity")) == (1, 1, 0)
    assert answer["questions"] and len(after) < len(before)


def test_what_was_kept_is_kept_no_shorter(talk: Conversation) -> None:
    talk.say(TEXT)
    once = list(kept(events(talk)))
    assert list(kept(once)) == once


def test_a_replay_and_a_handover_read_what_was_said(talk: Conversation) -> None:
    talk.say(TEXT, "NL-1001")
    talk.say("Kiitos", language="fi")
    stored = [event for event in kept(events(talk)) if is_question(event) or content_of(event)]
    live = [event for event in events(talk) if is_question(event) or content_of(event)]
    assert len(live) == 4 and list(utterances_in(stored)) == list(utterances_in(live))


def test_the_next_turn_is_the_same(talk: Conversation, converse: Any) -> None:
    """The follow-up, the choice that was offered and the invoice told of last are known after a restart, too."""
    turns = [
        (TEXT, {}),
        ("en wanneer?", {}),
        ("Factuur 2026-0142?", {}),
        ("rekening", {}),
        ("1", {"option": "seat_count"}),
    ]
    again = converse()
    for text, metadata in turns:
        first, second = (each.say(text, "NL-1001", **metadata) for each in (talk, again))
        own = {"id": "", "at": ""}  # each message's own, whatever it says
        assert {**first, **own} == {**second, **own}
        restart(again)


def test_a_quote_that_is_not_in_the_message_loses_what_is_one_customers_alone() -> None:
    event = {"event": "bot", "data": {"custom": {"questions": [{"text": f"Naar {IBAN}?", "topic": "paid_twice"}]}}}
    questions = kept_event(event, "iets anders")["data"]["custom"]["questions"]
    assert questions == [{"text": "Naar [account]?", "topic": "paid_twice"}]


def test_of_a_stock_channels_metadata_only_what_is_known_is_kept() -> None:
    event = {"event": "user", "text": "hoi", "metadata": {"identity": "a.b.c", "language": "nl", "address": ADDRESS}}
    assert kept_event(event, "hoi")["metadata"] == {"language": "nl"}


def test_an_answer_without_places_is_as_it_was() -> None:
    content = {"id": "a", "questions": [{"text": "Waarom?"}]}
    assert restored(content, "Waarom?") is content


def restart(talk: Conversation) -> None:
    """Put what would be stored in the place of what the bot remembers."""
    store: InMemoryTrackerStore = talk.bot._agent.tracker_store
    tracker = talk.loop.run_until_complete(store.retrieve(talk.id))
    kept_tracker = DialogueStateTracker.from_dict(talk.id, list(kept(events(talk))), store.domain.slots)
    assert tracker and isinstance(store.domain, Domain)
    talk.loop.run_until_complete(store.save(kept_tracker))
