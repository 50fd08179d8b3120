"""The layout of a store carries a number: an earlier one is brought up to date, a later one is refused."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert, inspect, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from saldo.errors import NewerLayout
from saldo.insight.handovers import handovers
from saldo.insight.store import FeedbackBook, open_store
from saldo.settings import Settings
from saldo.storage.conversations import ConversationBook, Standing
from saldo.storage.layouts import Layout
from saldo.storage.store import Store
from tests.fault_table import Seen


def birds(number: int = 1, *steps: str) -> Layout:
    """A store of birds that were counted; from its second layout on it knows where."""
    columns = [Column("name", String(20), primary_key=True), Column("count", Integer, nullable=False)]
    metadata = MetaData()
    Table("birds", metadata, *columns, *([Column("place", String(20))] if number > 1 else []))
    return Layout("The store of birds", "birds_layout", metadata, number, {1: steps})


TODAYS = birds(2, "ALTER TABLE birds ADD COLUMN place VARCHAR(20)", "UPDATE birds SET place = 'unknown'")


@pytest.fixture
def engine(stored: Settings) -> Iterator[Engine]:
    """An empty database, SQLite and PostgreSQL."""
    engine = create_engine(stored.database_url or f"sqlite:///{stored.home}/birds.db", future=True)
    yield engine
    engine.dispose()


def settle(engine: Engine, layout: Layout) -> None:
    with engine.begin() as connection:
        layout.settle(connection)


def counted(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql("SELECT * FROM birds")]


@pytest.fixture
def earlier(engine: Engine) -> Engine:
    """The database of an earlier Saldo, with a record."""
    settle(engine, birds())
    with engine.begin() as connection:
        connection.execute(insert(birds().metadata.tables["birds"]).values(name="jay", count=3))
    return engine


@pytest.mark.fault("a store of the earlier layout", expected="brought up to date at the start, its records kept")
def test_an_earlier_layout_is_brought_up_to_date(earlier: Engine, seen: Seen) -> None:
    settle(earlier, TODAYS)
    settle(earlier, TODAYS)
    assert counted(earlier) == [("jay", 3, "unknown")]
    seen(f"layout 1 became 2 on {earlier.dialect.name}, 1 of 1 records kept")


def test_a_store_from_before_layouts_were_counted_has_the_first(earlier: Engine) -> None:
    with earlier.begin() as connection:
        connection.exec_driver_sql("DROP TABLE birds_layout")
    settle(earlier, TODAYS)
    assert counted(earlier) == [("jay", 3, "unknown")]


def test_a_step_that_fails_changes_nothing(earlier: Engine) -> None:
    broken = birds(2, "ALTER TABLE birds ADD COLUMN place VARCHAR(20)", "UPDATE no_such_table SET place = 1")
    with pytest.raises(DBAPIError):
        settle(earlier, broken)
    assert counted(earlier) == [("jay", 3)]
    settle(earlier, TODAYS)
    assert counted(earlier) == [("jay", 3, "unknown")]


def test_servers_that_start_at_once_bring_it_up_to_date_once(earlier: Engine) -> None:
    starting = [threading.Thread(target=settle, args=(earlier, TODAYS)) for _ in range(4)]
    for each in starting:
        each.start()
    for each in starting:
        each.join()
    assert counted(earlier) == [("jay", 3, "unknown")]


@pytest.mark.fault("a store of a newer layout", expected="refused; store, layout found and layout known are named")
def test_a_newer_layout_is_refused_and_left_alone(engine: Engine, seen: Seen) -> None:
    settle(engine, birds(3))
    with pytest.raises(NewerLayout) as refused:
        settle(engine, TODAYS)
    assert str(refused.value) == (
        "The store of birds was made by a newer Saldo (layout 3, this one knows 2); update Saldo."
    )
    with engine.connect() as connection:
        assert connection.execute(select(TODAYS.metadata.tables["birds_layout"].c.version)).scalar() == 3
    seen(str(refused.value))


def test_feedback_from_before_layouts_were_counted_is_kept(stored: Settings) -> None:
    """A store as Saldo 0.1 left it: without a number, and without handovers."""
    store = open_store(stored)
    FeedbackBook(store).take("c", "m", True, None, ["seat_count"], "nl")
    with store.begin() as connection:
        connection.exec_driver_sql("DROP TABLE widget_layout")
        handovers.drop(connection)
    again = open_store(stored)
    assert FeedbackBook(again).verdicts("c") == {"m": True}
    with again.connect() as connection:
        assert {handovers.name, "widget_layout"} <= {*inspect(connection).get_table_names()}


def test_conversations_of_rasas_own_store_are_kept(stored: Settings) -> None:
    """As Saldo 0.1 left them: its events alone."""
    book = ConversationBook(stored)
    book.write("c", Standing(), [{"event": "user", "text": "Hallo", "message_id": "m"}], {})
    with book.store.begin() as connection:
        for table in ("conversations", "utterances", "turns", "conversations_layout"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
    assert [event["text"] for event in ConversationBook(stored).said("c")] == ["Hallo"]


@pytest.mark.parametrize("open_a_store", [open_store, lambda settings: ConversationBook(settings).store])
def test_a_newer_saldos_store_is_refused_until_it_is_away(
    stored: Settings, open_a_store: Callable[[Settings], Store]
) -> None:
    store = open_a_store(stored)
    with store.begin() as connection:
        (number,) = (name for name in inspect(connection).get_table_names() if name.endswith("_layout"))
        connection.exec_driver_sql(f"UPDATE {number} SET version = 99")
    with pytest.raises(NewerLayout, match=r"was made by a newer Saldo \(layout 99, this one knows 1\); update Saldo"):
        open_a_store(stored).check()
    with store.begin() as connection:
        connection.exec_driver_sql(f"UPDATE {number} SET version = 1")
    open_a_store(stored).check()
