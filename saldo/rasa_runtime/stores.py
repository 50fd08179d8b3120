"""Rasa's store of conversations: what a turn needs is read, what it adds is written, all off the event loop.

A turn is given the conversation's latest events, after the values that slots had before them: so the 500th turn costs
what the fifth does. What cannot be kept is not acknowledged: Rasa's fail-safe, which would go on from memory and lose
every turn at the next restart, is not put around this store.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any, Optional

from rasa.core.agent import Agent
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from saldo.errors import SaldoError
from saldo.insight.stages import stage
from saldo.rasa_runtime.kept_events import kept
from saldo.settings import from_environment
from saldo.storage.conversations import PASSING, ConversationBook, Json, Standing
from saldo.storage.engines import off_loop

LATEST = 24
"""Events that a turn is given: those of about three turns. Rules look at the last one, actions at this one."""
ALWAYS_ANSWERED = ("widget",)
"""Channels whose every message is answered: a turn of theirs that said nothing has failed and may be tried anew."""


class Unanswered(SaldoError):
    """A turn ended without anything said, which no rule allows: a fault of ours, and the message can be sent again."""

    def __init__(self) -> None:
        super().__init__("The bot said nothing to this message, which is a fault of ours; its log says where.")


class StoredTracker(DialogueStateTracker):
    """A conversation as it was read: where it stood, and how many of its events are not new."""

    standing = Standing()
    known = 0


class Conversations(TrackerStore):
    """Where `SALDO_DATABASE_URL` says; the same in `saldo serve` and in stock `rasa run`."""

    def __init__(self, domain: Optional[Domain] = None, event_broker: Optional[EventBroker] = None, **_: Any) -> None:
        self.book = ConversationBook(from_environment())
        Agent._create_tracker_store = staticmethod(_unwrapped)
        super().__init__(domain, event_broker)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """What a turn needs of a conversation; None if there is none. DatabaseUnusable if the store fails."""
        with stage("read_conversation"):
            standing, latest = await off_loop(self.book.read, sender_id, LATEST)
        if len(latest) == LATEST:
            latest = [*_so_far(standing), *_whole_turns(latest)]
        return self._tracker(sender_id, standing, latest) if latest else None

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """All of a conversation."""
        standing, said = await off_loop(self.book.read, conversation_id)
        return self._tracker(conversation_id, standing, said) if said else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep what is new before anybody is told of it. DatabaseUnusable, Overtaken or Unanswered if it is not."""
        if isinstance(tracker, StoredTracker):
            standing, known = tracker.standing, tracker.known
        else:  # one that Rasa's own API was given, of a whole conversation
            standing, stored = await off_loop(self.book.read, tracker.sender_id)
            known = len(stored)
        new = list(islice(tracker.events, known, None))
        if not new:
            return
        if _is_unanswered(new):
            raise Unanswered()
        slots = {
            name: slot.value
            for name, slot in tracker.slots.items()
            if name not in PASSING and slot.value != slot.initial_value
        }
        rows = list(kept(event.as_dict() for event in new))
        with stage("write_conversation"):
            now = await off_loop(self.book.write, tracker.sender_id, standing, rows, slots)
        if isinstance(tracker, StoredTracker):
            tracker.standing, tracker.known = now, len(tracker.events)
        if self.event_broker:
            await self._stream_new_events(self.event_broker, new, tracker.sender_id)

    def init_tracker(self, sender_id: str) -> StoredTracker:
        """A conversation that has yet to begin."""
        return StoredTracker(sender_id, self.domain.slots, max_event_history=self.max_event_history)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        return await off_loop(self.book.names)

    def _tracker(self, conversation: str, standing: Standing, said: list[Json]) -> StoredTracker:
        tracker: StoredTracker = StoredTracker.from_dict(conversation, said, self.domain.slots)
        tracker.standing, tracker.known = standing, len(tracker.events)
        return tracker


def _so_far(standing: Standing) -> list[Json]:
    """Events that set what a conversation came to before its latest."""
    set_slots = [SlotSet(name, value, timestamp=1.0) for name, value in standing.slots.items()]
    return [event.as_dict() for event in (*set_slots, ActionExecuted(ACTION_LISTEN_NAME, timestamp=1.0))]


def _whole_turns(latest: list[Json]) -> list[Json]:
    """Without the rest of a turn that began before them."""
    first = next((at for at, event in enumerate(latest) if event["event"] == UserUttered.type_name), len(latest))
    return latest[first:]


def _is_unanswered(new: list[Event]) -> bool:
    asked = any(isinstance(event, UserUttered) and event.input_channel in ALWAYS_ANSWERED for event in new)
    return asked and not any(isinstance(event, BotUttered) for event in new)


def _unwrapped(store: Optional[TrackerStore], domain: Optional[Domain]) -> TrackerStore:
    """Instead of Rasa's: our store as it is, any other within the fail-safe as ever."""
    if isinstance(store, Conversations):
        store.domain = domain
        return store
    return _wrapped(store, domain)


_wrapped = Agent._create_tracker_store
