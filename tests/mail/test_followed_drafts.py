"""What became of drafts is kept once, whoever notes it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import time
from dataclasses import replace
from multiprocessing import get_context

import pytest
from sqlalchemy import update

from saldo.billing import create_database
from saldo.errors import DatabaseUnusable
from saldo.mail.store.followed_drafts import (
    FOLLOWED,
    FollowedDraft,
    FollowedDrafts,
    Proposal,
    followed_drafts,
    forget,
)
from saldo.mail.store.layout import layout, metadata, writing
from saldo.mail.store.places import Places

DRAFT = FollowedDraft(
    mail="<1@x> abc", name="abc", message_id="<1@x>", draft_id="<d1@x>", fingerprint="f", thread=frozenset({"<0@x>"}),
    readers=('"a b"@x', "c@x"), topics=("seat_count", "paid_twice"), language="nl", validity="7", number=3, arrived=9.0,
)  # fmt: skip
PAIR = Proposal(DRAFT.topics, "nl", "Per e-mail.", "Per brief.")


def test_a_draft_counts_once_it_lies_there(database_url: str) -> None:
    """Until then nothing may make room for it: a worker that dies in between loses no draft."""
    drafts = FollowedDrafts(create_database(database_url))
    drafts.note("box", replace(DRAFT, fingerprint="of the try before"), "Letter")
    drafts.note("box", DRAFT, "Letter")
    assert not drafts.was_laid("box", DRAFT.mail) and drafts.recent("box") == []
    drafts.confirm("box", DRAFT.mail)
    [found] = drafts.recent("box")
    assert found == replace(DRAFT, laid_at=found.laid_at)
    drafts.note("box", replace(DRAFT, fingerprint="another"), "Other letter")
    assert drafts.was_laid("box", DRAFT.mail) and drafts.recent("box") == [found]
    assert drafts.letter("box", DRAFT) == "Letter"
    assert drafts.recent("other box") == []


def test_that_it_is_gone_is_no_news_of_one_that_was_taken_out(database_url: str) -> None:
    drafts = FollowedDrafts(create_database(database_url))
    drafts.note("box", DRAFT, "Letter")
    drafts.confirm("box", DRAFT.mail)
    for fate, then in (("gone", "gone"), ("overtaken", "overtaken"), ("gone", "overtaken")):
        drafts.meets("box", DRAFT, fate)  # type: ignore[arg-type]
        assert [each.fate for each in drafts.recent("box")] == [then]


def test_after_a_month_a_letter_is_forgotten(database_url: str) -> None:
    engine = create_database(database_url)
    drafts = FollowedDrafts(engine)
    drafts.note("box", DRAFT, "Letter")
    drafts.confirm("box", DRAFT.mail)
    with writing(engine) as connection:
        connection.execute(update(followed_drafts).values(laid_at=time.time() - FOLLOWED - 1))
    assert drafts.recent("box") == []
    assert drafts.letter("box", DRAFT) == ""
    assert [each.drafted for each in drafts.counts()] == [1, 1]


def test_workers_that_settle_at_once_keep_one_pair(database_url: str) -> None:
    drafts = FollowedDrafts(create_database(database_url))
    drafts.note("box", DRAFT, "Letter")
    drafts.confirm("box", DRAFT.mail)
    with get_context("spawn").Pool(3) as pool:
        pool.map(settle, [database_url] * 6)
    assert drafts.proposals() == [PAIR]
    assert [(each.topic, each.edited, each.changed) for each in drafts.counts()] == [
        ("paid_twice", 1, 0.25), ("seat_count", 1, 0.25),
    ]  # fmt: skip


def settle(url: str) -> None:
    FollowedDrafts(create_database(url)).settle("box", DRAFT, "edited", 0.25, PAIR)


def test_places_are_counted_by_numbering(database_url: str) -> None:
    places = Places(create_database(database_url))
    for validity, number, mail in (("7", "1", "a"), ("7", "1", "a"), ("7", "2", "a"), ("7", "3", "b"), ("8", "1", "a")):
        places.note("box", validity, number, mail)
    assert [places.count("box", *each) for each in (("7", "a"), ("7", "b"), ("8", "a"), ("9", "a"))] == [2, 1, 1, 0]


def test_tables_of_a_newer_saldo_are_refused(database_url: str) -> None:
    engine = create_database(database_url)
    FollowedDrafts(engine)
    with writing(engine) as connection:
        connection.execute(update(metadata.tables[layout.name]).values(version=layout.number + 1))
    with pytest.raises(DatabaseUnusable, match=f"newer Saldo .layout {layout.number + 1}"):
        FollowedDrafts(engine)


def test_of_a_forgotten_draft_the_count_is_left(database_url: str) -> None:
    engine = create_database(database_url)
    drafts = FollowedDrafts(engine)
    other = replace(DRAFT, mail="<2@x> abc", name="other", draft_id="<d2@x>")
    for draft in (DRAFT, other):
        drafts.note("box", draft, "Letter")
        drafts.confirm("box", draft.mail)
        drafts.settle("box", draft, "edited", 0.5, replace(PAIR, sent=draft.name))
    before = drafts.counts()
    with writing(engine) as connection:
        assert forget(connection, followed_drafts.c.name == DRAFT.name) == 1
        assert forget(connection, followed_drafts.c.name == DRAFT.name) == 0
        left = [str(tuple(row)) for row in connection.execute(followed_drafts.select())]
    assert not any("<1@x>" in row or "c@x" in row for row in left if "other" not in row)
    assert drafts.counts() == before
    assert [each.sent for each in drafts.proposals()] == ["other"]
    assert [each.name for each in drafts.recent("box")] == ["other"]
