"""Which drafts a thread has gone past: pure, over what is known of the drafts that were laid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from saldo.mail.parse.headers import message_ids
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.store.followed_drafts import FollowedDraft


def thread_of(incoming: IncomingMail) -> frozenset[str]:
    """The Message-IDs that a mail refers to."""
    ids = (*message_ids(incoming.message, "references"), *message_ids(incoming.message, "in-reply-to"))
    return frozenset(ids) - {incoming.message_id}


def overtaken(drafts: Iterable[FollowedDraft]) -> Mapping[str, FollowedDraft]:
    """For each mail after which the same writer wrote again in the thread: the draft for the latest of these mails."""
    named: dict[tuple[str, ...], list[FollowedDraft]] = {}
    for draft in drafts:
        for name in _ids(draft):
            named.setdefault((name, *draft.readers[:1]), []).append(draft)
    found: dict[str, FollowedDraft] = {}
    for together in named.values():
        latest = {max(some, key=_came) for some in (together, [each for each in together if each.topics]) if some}
        for older, newer in product(together, latest):
            if takes_place_of(newer, older):
                found[older.mail] = max(found.get(older.mail, newer), newer, key=_came)
    return found


def takes_place_of(newer: FollowedDraft, older: FollowedDraft) -> bool:
    """Whether a draft makes one for an earlier mail of the thread needless: one for the same writer.

    A letter that answers nothing, such as a courtesy, leaves one that does where it is.
    """
    return (
        newer.readers[:1] == older.readers[:1] and comes_after(newer, older) and bool(newer.topics or not older.topics)
    )


def earlier_in_thread(drafts: Iterable[FollowedDraft], newer: FollowedDraft) -> Iterator[FollowedDraft]:
    """The drafts for earlier mails in the thread of a mail, whoever wrote them."""
    return (each for each in drafts if comes_after(newer, each))


def comes_after(one: FollowedDraft, other: FollowedDraft) -> bool:
    """Whether a mail refers to another or to its thread, and came after it.

    When it came is our own server's word: headers alone could name each other in a circle, and no draft would be left.
    """
    refers = one.message_id != other.message_id and bool(one.thread & _ids(other))
    return refers and _came(one) > _came(other)


def _came(draft: FollowedDraft) -> tuple[float, int, str]:
    return draft.arrived, draft.number, draft.mail


def _ids(draft: FollowedDraft) -> frozenset[str]:
    return draft.thread | {draft.message_id}
