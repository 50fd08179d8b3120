"""Which mail of a thread keeps its draft, in whatever order they were drafted."""

from __future__ import annotations

import time
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.mail.store.followed_drafts import FollowedDraft
from saldo.mail.threads import comes_after, earlier_in_thread, overtaken


def draft(
    name: str, *thread: str, arrived: float = 0.0, number: int = 0, reader: str = "a@x", topics: str = "paid_twice"
) -> FollowedDraft:
    return FollowedDraft(
        mail=name, name=name, message_id=f"<{name}>", draft_id=f"<draft-{name}>", fingerprint=name,
        thread=frozenset(f"<{each}>" for each in thread), readers=(reader,), topics=tuple(topics.split()),
        language="nl", validity="1", number=number, arrived=arrived,
    )  # fmt: skip


def names(*drafts: FollowedDraft) -> dict[str, str]:
    return {old: new.name for old, new in overtaken(drafts).items()}


def test_the_last_of_a_thread_keeps_its_draft_in_any_order() -> None:
    thread = [draft("1", arrived=1), draft("2", "1", arrived=2), draft("3", "1", "2", arrived=3), draft("else")]
    for order in permutations(thread):
        assert names(*order) == {"1": "3", "2": "3"}


def test_two_replies_to_one_mail_of_ours_go_by_when_they_came() -> None:
    assert names(draft("1", "root", arrived=1), draft("2", "root", arrived=2)) == {"1": "2"}
    assert names(draft("1", "root", arrived=5, number=1), draft("2", "root", arrived=5, number=2)) == {"1": "2"}


@pytest.mark.parametrize(
    "other",
    [
        draft("2", arrived=2),  # no thread
        draft("2", "1", arrived=2, reader="b@x"),  # another writer
        draft("2", "elsewhere", arrived=2),
        draft("2", "1", arrived=2, topics=""),  # a courtesy, which answers nothing
    ],
)
def test_no_other_mail_takes_its_place(other: FollowedDraft) -> None:
    assert names(draft("1", arrived=1), other) == {}


def test_a_courtesy_between_two_letters_keeps_none_of_them() -> None:
    thread = [draft("1", arrived=1), draft("2", "1", arrived=2), draft("3", "1", "2", arrived=3, topics="")]
    assert names(*thread) == {"1": "2"}
    assert names(*thread, draft("4", "1", "2", "3", arrived=4)) == {"1": "4", "2": "4", "3": "4"}
    assert names(draft("1", topics=""), draft("2", "1", arrived=2, topics="")) == {"1": "2"}


def test_anybodys_mail_in_the_thread_sees_the_earlier_drafts() -> None:
    older = draft("1", arrived=1)
    assert list(earlier_in_thread([older, draft("x")], draft("2", "1", arrived=2, reader="b@x"))) == [older]


@given(
    st.lists(
        st.builds(
            lambda name, thread, arrived, number, reader, topics: draft(
                name, *thread, arrived=arrived, number=number, reader=reader, topics=topics
            ),
            st.sampled_from("abcdef"), st.lists(st.sampled_from("abcdefgh"), max_size=4), st.integers(0, 3),
            st.integers(0, 3), st.sampled_from(["a@x", "b@x"]), st.sampled_from(["", "seat_count"]),
        ),
        max_size=8, unique_by=lambda each: each.mail,
    )
)  # fmt: skip
def test_somebody_always_keeps_a_draft(drafts: list[FollowedDraft]) -> None:
    """Whatever the headers claim, of mails that refer to each other one is left for each writer."""
    gone = overtaken(drafts)
    for reader in {each.readers for each in drafts}:
        assert any(each.mail not in gone for each in drafts if each.readers == reader)
    for each in drafts:
        assert not comes_after(each, each)
        if each.mail in gone:
            assert gone[each.mail].readers == each.readers


def test_thousands_in_one_thread_take_no_time() -> None:
    drafts = [draft(str(number), "root", arrived=number) for number in range(5000)]
    began = time.perf_counter()
    assert {*names(*drafts).values()} == {"4999"}
    assert time.perf_counter() - began < 5.0
