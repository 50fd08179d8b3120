"""A turn is kept whole or not at all; of two at once the later is told; on SQLite and PostgreSQL alike."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from saldo.errors import DatabaseUnusable
from saldo.settings import Settings
from saldo.storage.conversations import ConversationBook, Overtaken, Standing
from tests.fault_table import Seen

Json = dict[str, Any]


@pytest.fixture
def book(stored: Settings) -> ConversationBook:
    return ConversationBook(stored)


def turn(name: str, text: str = "Hoe zeg ik op?") -> list[Json]:
    """The events of a message and its answer."""
    answer = {"event": "bot", "data": {"custom": {"id": f"answer-to-{name}"}}}
    return [
        {"event": "user", "text": text, "message_id": name},
        {"event": "slot", "name": "topic", "value": name},
        answer,
    ]


def test_what_was_answered_is_found_by_the_senders_id(book: ConversationBook) -> None:
    first = book.write("c", Standing(), turn("one"), {"topic": "one"})
    book.write("c", first, turn("two"), {"topic": "two"})
    found = book.turn("c", "one")
    assert found and [each["data"]["custom"]["id"] for each in found.answers] == ["answer-to-one"]
    assert (found.cursor, book.turn("c", "three"), book.turn("another", "one")) == (2, None, None)
    assert [each["event"] for each in book.said("c", 2)] == ["user", "bot"]
    assert (book.said("c", 4), book.utterances("c")) == ([], 4)


def test_a_message_without_an_answer_is_no_turn(book: ConversationBook) -> None:
    book.write("c", Standing(), turn("one")[:1], {})
    assert book.turn("c", "one") is None


def test_how_much_was_said_is_told_without_reading_an_event(book: ConversationBook) -> None:
    book.write("c", Standing(), turn("one"), {})
    asked: list[str] = []
    event.listen(book.store._engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    assert book.utterances("c") == 2
    assert asked and not [each for each in asked if "FROM events" in each]


def test_where_it_stands_is_read_with_the_latest_events_alone(book: ConversationBook) -> None:
    standing = Standing()
    for number in range(10):
        standing = book.write("c", standing, turn(str(number)), {"topic": str(number)})
    read, latest = book.read("c", 4)
    assert read == standing == Standing(10, 20, {"topic": "9"})
    assert [each["event"] for each in latest] == ["bot", "user", "slot", "bot"]


@pytest.mark.fault("two servers take the same message at once", expected="one turn, and the other server is told")
def test_the_same_message_twice_at_once_is_one_turn(book: ConversationBook, stored: Settings, seen: Seen) -> None:
    other = ConversationBook(stored)
    before = book.write("c", Standing(), turn("one"), {})
    book.write("c", before, turn("two"), {})
    with pytest.raises(Overtaken):
        other.write("c", before, turn("two"), {})
    with pytest.raises(Overtaken):
        other.write("c", Standing(), turn("one"), {})
    with pytest.raises(Overtaken):  # though it knows of the other's write, which it then should have found answered
        other.write("c", other.read("c")[0], turn("two"), {})
    assert book.utterances("c") == 4
    seen("1 of 2 kept, nothing of the other")


def test_a_conversation_from_before_these_tables_is_taken_over(book: ConversationBook) -> None:
    book.write("c", Standing(), [*turn("one"), *turn("two")], {"topic": "two"})
    with book.store.begin() as connection:
        for table in ("conversations", "utterances", "turns"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    assert len(book.said("c")) == 4
    standing, _ = book.read("c", 4)
    assert standing == Standing(1, 4, {"topic": "two"})
    assert book.turn("c", "two")
    book.write("c", standing, turn("three"), {})


def spoil(book: ConversationBook, pragma: str) -> None:
    """From now on the store's connections have this."""
    event.listen(book.store._engine, "connect", lambda connection, _: connection.execute(f"PRAGMA {pragma}"))
    book.store._engine.dispose()


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
@pytest.mark.fault("the disk is full", expected="the turn is refused, health says so, and what was kept is there")
def test_a_full_disk_keeps_what_it_has_and_takes_no_more(book: ConversationBook, seen: Seen) -> None:
    standing = book.write("c", Standing(), turn("one"), {})
    with book.store.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    spoil(book, f"max_page_count = {pages}")
    refused = 0
    for number in range(30):
        try:
            standing = book.write("c", standing, turn(str(number), "x" * 2000), {})
        except DatabaseUnusable as error:
            assert "the disk is full; make room" in str(error)
            refused += 1
    with pytest.raises(DatabaseUnusable, match="the disk is full"):
        book.check()
    assert book.utterances("c") == 2 + 2 * (30 - refused)
    assert book.read("c")[0] == standing
    assert refused
    seen(f"{refused} of 30 turns refused, all others kept, 0 in part")


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
@pytest.mark.fault("the store's file is read-only", expected="the turn is refused, and health says so")
def test_a_read_only_file_takes_no_turn(book: ConversationBook, seen: Seen) -> None:
    standing = book.write("c", Standing(), turn("one"), {})
    spoil(book, "query_only = ON")
    with pytest.raises(DatabaseUnusable, match="is read-only; check the permissions"):
        book.write("c", standing, turn("two"), {})
    with pytest.raises(DatabaseUnusable, match="is read-only"):
        book.check()
    assert book.turn("c", "one")
    seen("refused, told in health, and what was kept can still be read")


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
def test_only_its_owner_can_read_the_file(book: ConversationBook, stored: Settings) -> None:
    """0600 even where Rasa had made it, open to all."""
    path = stored.state / "conversations.db"
    path.parent.mkdir(exist_ok=True)
    sqlite3.connect(path).close()
    path.chmod(0o644)
    book.check()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
@pytest.mark.fault("the store's file is overwritten with garbage", expected="refused, though its log is still whole")
def test_garbage_in_the_files_place_is_refused(book: ConversationBook, stored: Settings, seen: Seen) -> None:
    standing = book.write("c", Standing(), turn("one"), {})
    (stored.state / "conversations.db").write_bytes(b"this is no database" * 4096)
    with pytest.raises(DatabaseUnusable, match="is not a database"):
        book.write("c", standing, turn("two"), {})
    for path in stored.state.glob("conversations.db*"):
        path.unlink()
    book.write("c", Standing(), turn("two"), {})
    assert book.turn("c", "two")
    seen("refused; kept again when the file was moved away")


@pytest.mark.parametrize("stored", ["sqlite"], indirect=True)
def test_a_store_that_is_opened_again_and_again_takes_no_more_handles(book: ConversationBook, stored: Settings) -> None:
    """As the day's purge does, for months."""

    def handles_after(times: int) -> int:
        for _ in range(times):
            again = ConversationBook(stored)
            again.check()
            again.store._engine.dispose()
        return sum(1 for _ in Path("/dev/fd").iterdir())

    book.check()
    assert handles_after(20) == handles_after(1)
