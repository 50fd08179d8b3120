"""Where conversations are kept: `var/conversations.db`, or the PostgreSQL of the billing records. Knows no Rasa.

| table | a row is |
|---|---|
| `events` | one of Rasa's events, in the layout of its own SQL store |
| `conversations` | where a conversation stands: the value of its slots, and how often it was written to |
| `utterances` | a place in the conversation, and the event that one side said there |
| `turns` | a message that was answered, by the sender's id for it: the same id again is the same turn |

A turn is written whole, in one transaction, or not at all, so no message is ever taken without its answer. Of two that
are written at once on what was read before, the later is `Overtaken`: whoever it is read again and takes its turn anew.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from saldo.errors import SaldoError
from saldo.settings import Settings
from saldo.storage.store import Store

metadata = MetaData()
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender_id", String(255), nullable=False, index=True),
    Column("type_name", String(255), nullable=False),
    Column("timestamp", Float),
    Column("intent_name", String(255)),
    Column("action_name", String(255)),
    Column("data", Text),
)
conversations = Table(
    "conversations",
    metadata,
    Column("id", String(255), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("utterances", Integer, nullable=False),
    Column("slots", Text, nullable=False),  # JSON of those that are set
    Column("changed_at", Integer, nullable=False, index=True),  # seconds since 1970
)
utterances = Table(
    "utterances",
    metadata,
    Column("conversation", String(255), primary_key=True),
    Column("number", Integer, primary_key=True),  # 0, 1, …
    Column("event", Integer, nullable=False),
    Column("name", String(64), nullable=False, index=True),  # the message's id; the answer's
)
turns = Table(
    "turns",
    metadata,
    Column("conversation", String(255), primary_key=True),
    Column("message", String(64), primary_key=True),
    Column("first", Integer, nullable=False),  # the utterances from here …
    Column("last", Integer, nullable=False),  # … to before here
)
BY_CONVERSATION = {"events": "sender_id", "conversations": "id", "utterances": "conversation", "turns": "conversation"}
"""The tables, and the column that names the conversation: all there is of one."""
PASSING = frozenset({"session_started_metadata"})
"""Slots that no later turn reads; Rasa's own holds what the channel vouched for in the first."""
Json = Mapping[str, Any]


class Overtaken(SaldoError):
    """Another server wrote to the conversation first; what was to be written was reckoned without it."""

    def __init__(self) -> None:
        super().__init__("Another message of this conversation came first; this one is to be taken anew.")


@dataclass(frozen=True)
class Standing:
    """Where a conversation stands."""

    version: int = 0
    """How often it was written to; 0 if never."""
    utterances: int = 0
    slots: Json = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """A message that was answered."""

    answers: tuple[Json, ...]
    """The events in which it was."""
    cursor: int
    """The number of utterances up to and with the last of them."""


def is_question(event: Json) -> bool:
    """Whether a customer says something in it."""
    return event["event"] == "user" and bool(event.get("text"))


def content_of(event: Json) -> Json | None:
    """What we say in it, as `Answer.to_json` writes it, so that it can be shown again; None in any other event."""
    return (event.get("data") or {}).get("custom") or None if event.get("event") == "bot" else None


class ConversationBook:
    """Reads and writes conversations. Every method raises DatabaseUnusable if the store fails."""

    def __init__(self, settings: Settings) -> None:
        self.store = Store("The store of conversations", settings, "conversations.db", metadata)

    def read(self, conversation: str, most: int | None = None) -> tuple[Standing, list[Json]]:
        """Where it stands, and its latest events, oldest first; all of them unless told how many at most."""
        with self.store.connect() as connection:
            standing = _standing(connection, conversation)
            wanted = select(events.c.data).where(events.c.sender_id == conversation).order_by(events.c.id.desc())
            found = connection.execute(wanted.limit(most) if most else wanted).scalars().all()
        said = [json.loads(data) for data in reversed(found)]
        if standing is None and said:
            standing = self._take_over(conversation)
        return standing or Standing(), said

    def write(self, conversation: str, before: Standing, said: Sequence[Json], slots: Json) -> Standing:
        """Write what came after `before`, and what slots hold now: all or nothing. Overtaken if it stands elsewhere."""
        try:
            with self.store.begin() as connection:
                now = _advance(connection, conversation, before, said, slots)
                rows = [connection.execute(_row(conversation, event)) for event in said]
                places = [row.inserted_primary_key[0] for row in rows]
                _index(connection, conversation, before.utterances, zip(said, places, strict=True))
        except IntegrityError:
            raise Overtaken() from None
        return now

    def said(self, conversation: str, after: int = 0) -> list[Json]:
        """The events in which one side said something, from a place on."""
        with self.store.connect() as connection:
            found = self._said(connection, conversation, after)
            if found or after or _standing(connection, conversation) is not None:
                return found
        self.read(conversation, 1)  # one of before these tables has its places by now
        with self.store.connect() as connection:
            return self._said(connection, conversation, after)

    def utterances(self, conversation: str) -> int:
        """How many times one side said something."""
        with self.store.connect() as connection:
            standing = _standing(connection, conversation)
        # One of before these tables has its places only after it was read.
        return (standing or self.read(conversation, 1)[0]).utterances

    def turn(self, conversation: str, message: str) -> Turn | None:
        """What was answered to the message of that id; None if it was not."""
        with self.store.connect() as connection:
            wanted = select(turns.c.first, turns.c.last)
            wanted = wanted.where(turns.c.conversation == conversation, turns.c.message == message)
            if (found := connection.execute(wanted).first()) is None:
                return None
            said = self._said(connection, conversation, found.first + 1, found.last)
        return Turn(tuple(said), found.last)

    def answer(self, conversation: str, name: str | None = None) -> Json | None:
        """The event of the answer of that id; of the last one, if none is given. None if there is none."""
        wanted = select(events.c.data).join(utterances, events.c.id == utterances.c.event)
        wanted = wanted.where(utterances.c.conversation == conversation, events.c.type_name == "bot")
        if name is not None:
            wanted = wanted.where(utterances.c.name == name)
        with self.store.connect() as connection:
            found = connection.execute(wanted.order_by(utterances.c.number.desc()).limit(1)).scalars().first()
        return json.loads(found) if found else None

    def names(self) -> list[str]:
        """The ids of all conversations."""
        with self.store.connect() as connection:
            return list(connection.execute(select(events.c.sender_id).distinct()).scalars())

    def check(self) -> None:
        """DatabaseUnusable if a turn cannot be kept."""
        self.store.check()

    @staticmethod
    def _said(connection: Connection, conversation: str, first: int, last: int | None = None) -> list[Json]:
        wanted = select(events.c.data).join(utterances, events.c.id == utterances.c.event)
        wanted = wanted.where(utterances.c.conversation == conversation, utterances.c.number >= first)
        if last is not None:
            wanted = wanted.where(utterances.c.number < last)
        return [json.loads(data) for data in connection.execute(wanted.order_by(utterances.c.number)).scalars()]

    def _take_over(self, conversation: str) -> Standing:
        """Where a conversation stands that was kept before these tables were; they know it from now on."""
        wanted = select(events.c.id, events.c.data).where(events.c.sender_id == conversation).order_by(events.c.id)
        try:
            with self.store.begin() as connection:
                places = [(json.loads(row.data), row.id) for row in connection.execute(wanted)]
                said = [event for event, _ in places]
                _advance(connection, conversation, Standing(), said, _slots(said))
                _index(connection, conversation, 0, places)
        except IntegrityError:  # another server did so just now
            pass
        with self.store.connect() as connection:
            return _standing(connection, conversation) or Standing()


def _standing(connection: Connection, conversation: str) -> Standing | None:
    row = connection.execute(select(conversations).where(conversations.c.id == conversation)).first()
    return Standing(row.version, row.utterances, json.loads(row.slots)) if row else None


def _advance(
    connection: Connection, conversation: str, before: Standing, said: Iterable[Json], slots: Json
) -> Standing:
    """The first write of a transaction: it makes others wait, and fails where they came first."""
    count = before.utterances + sum(is_question(event) or bool(content_of(event)) for event in said)
    now = Standing(before.version + 1, count, slots)
    text = json.dumps(slots, ensure_ascii=False)
    row = {"version": now.version, "utterances": count, "slots": text, "changed_at": int(time.time())}
    if not before.version:
        connection.execute(insert(conversations).values(id=conversation, **row))
        return now
    same = conversations.c.id == conversation, conversations.c.version == before.version
    if connection.execute(update(conversations).where(*same).values(**row)).rowcount != 1:
        raise Overtaken()
    return now


def _index(connection: Connection, conversation: str, number: int, places: Iterable[tuple[Json, int]]) -> None:
    """Note where in the conversation each side said something, and which messages were answered."""
    said: list[dict[str, Any]] = []
    answered: dict[str, dict[str, Any]] = {}
    message, asked_at = None, number
    for event, place in places:
        if is_question(event):
            message, asked_at = str(event.get("message_id"))[:64], number
            name = message
        elif content_of(event):
            name = str(event["data"]["custom"].get("id"))[:64]
        else:
            continue
        said.append({"conversation": conversation, "number": number, "event": place, "name": name})
        number += 1
        if message and content_of(event):
            turn = {"conversation": conversation, "message": message, "first": asked_at, "last": number}
            answered[message] = turn
    if said:
        connection.execute(insert(utterances), said)
    if answered:
        connection.execute(insert(turns), list(answered.values()))


def _row(conversation: str, event: Json) -> Any:
    intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name")
    return insert(events).values(
        sender_id=conversation, type_name=event["event"], timestamp=event.get("timestamp"),
        intent_name=intent, action_name=event.get("name"), data=json.dumps(event),
    )  # fmt: skip


def _slots(said: Iterable[Json]) -> dict[str, Any]:
    """The value of each slot that events have set."""
    slots: dict[str, Any] = {}
    for event in said:
        if event["event"] == "slot" and event["name"] not in PASSING:
            slots[event["name"]] = event["value"]
        elif event["event"] in ("restart", "reset_slots", "session_started"):
            slots = {}
    return slots
