"""The drafts that were laid into a mailbox, and what became of each: overtaken, dropped, sent, edited, replaced.

A draft is noted before it is laid and confirmed after it, so that whoever takes over knows which of both was done.
The letter is kept until it is known what was sent in its place, for a month at most.
"""

from __future__ import annotations

import time
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Optional

from sqlalchemy import BigInteger, Column, Float, String, Table, Text, delete, insert, select, update
from sqlalchemy.engine import Connection, Engine

from saldo.mail.store.layout import make_tables, metadata, writing
from saldo.storage.engines import insert_into

FOLLOWED = 30 * 86_400.0
"""Seconds for which it is looked what becomes of a draft."""

Answered = Literal["as drafted", "edited", "replaced"]
"""What was sent: the draft as it was, the draft with changes, or another text."""
Fate = Literal["overtaken", "dropped", "left", "gone"]
"""What became of the draft in its folder: taken out for a newer one in the thread, or because somebody has answered;
left to somebody who has changed it; or it is there no more."""

followed_drafts = Table(
    "mail_drafts",
    metadata,
    Column("mailbox", String, primary_key=True),
    Column("mail", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("message_id", String, nullable=False),
    Column("draft_id", String, nullable=False),
    Column("fingerprint", String, nullable=False),
    Column("thread", Text, nullable=False),
    Column("readers", Text, nullable=False),
    Column("topics", String, nullable=False),
    Column("language", String, nullable=False),
    Column("validity", String, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("arrived", Float, nullable=False),
    Column("letter", Text, nullable=True),
    Column("laid_at", Float, nullable=True, index=True),
    Column("fate", String, nullable=True),
    Column("answered", String, nullable=True),
    Column("changed", Float, nullable=True),
)
proposals = Table(
    "mail_proposals",
    metadata,
    Column("mailbox", String, primary_key=True),
    Column("draft_id", String, primary_key=True),
    Column("topics", String, nullable=False),
    Column("language", String, nullable=False),
    Column("drafted", Text, nullable=False),
    Column("sent", Text, nullable=False),
    Column("kept_at", Float, nullable=False),
)


@dataclass(frozen=True)
class FollowedDraft:
    """One draft, and the mail that it answers."""

    mail: str
    """The key of the mail (`IncomingMail.key`)."""
    name: str
    """The stem of its draft and its review."""
    message_id: str
    """The mail's own."""
    draft_id: str
    """The draft's own."""
    fingerprint: str
    """Of what the draft says, to see whether somebody has changed it."""
    thread: frozenset[str]
    """The Message-IDs that the mail refers to."""
    readers: tuple[str, ...]
    """The addresses that an answer goes to; first the one that the draft is for."""
    topics: tuple[str, ...]
    language: str
    validity: str
    number: int
    """The mail's place in the mailbox, by the numbering of that mark."""
    arrived: float
    """When the mail came, in seconds since 1970."""
    laid_at: Optional[float] = None
    """When the draft was laid; None until the server has taken it."""
    fate: Optional[Fate] = None
    answered: Optional[Answered] = None


@dataclass(frozen=True)
class Proposal:
    """An edited letter: what was drafted and what was sent instead. Bank accounts and addresses are taken out."""

    topics: tuple[str, ...]
    language: str
    drafted: str
    sent: str


@dataclass(frozen=True)
class TopicCount:
    """What became of the drafts on one topic; a draft on several topics counts for each."""

    topic: str
    drafted: int = 0
    as_drafted: int = 0
    edited: int = 0
    replaced: int = 0
    overtaken: int = 0
    """The customer wrote again before anybody answered; these are in none of the other numbers but `drafted`."""
    changed: Optional[float] = None
    """The share of words changed in those that were edited, on average."""

    @property
    def open(self) -> int:
        """Those of which nobody knows an answer."""
        return self.drafted - self.as_drafted - self.edited - self.replaced - self.overtaken


class FollowedDrafts:
    """The drafts in one database. Its methods raise DatabaseUnusable if the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        make_tables(engine)

    def note(self, mailbox: str, draft: FollowedDraft, letter: str) -> None:
        """A draft that is about to be laid; in the place of one that never was."""
        values = {**_values(draft), "letter": letter}
        row = insert_into(self._engine, followed_drafts).values(mailbox=mailbox, **values)
        with writing(self._engine) as connection:
            connection.execute(
                row.on_conflict_do_update(
                    index_elements=["mailbox", "mail"], set_=values, where=followed_drafts.c.laid_at.is_(None)
                )
            )

    def confirm(self, mailbox: str, mail: str) -> None:
        """The draft lies in its folder."""
        self._update(mailbox, mail, followed_drafts.c.laid_at.is_(None), laid_at=time.time())

    def was_laid(self, mailbox: str, mail: str) -> bool:
        """Whether the draft for a mail lay in its folder once, whatever became of it."""
        query = select(followed_drafts.c.laid_at).where(
            followed_drafts.c.mailbox == mailbox, followed_drafts.c.mail == mail
        )
        with writing(self._engine) as connection:
            return connection.execute(query).scalar() is not None

    def recent(self, mailbox: str) -> list[FollowedDraft]:
        """The drafts laid within the last month; letters of older ones are forgotten."""
        since, table = time.time() - FOLLOWED, followed_drafts
        with writing(self._engine) as connection:
            old = connection.execute(
                select(table.c.mail).where(
                    table.c.mailbox == mailbox, table.c.laid_at < since, table.c.letter.is_not(None)
                )
            ).scalars().all()  # fmt: skip
        for mail in old:
            self._update(mailbox, mail, letter=None)
        columns = [column for column in table.c if column.name not in ("mailbox", "letter", "changed")]
        with writing(self._engine) as connection:
            rows = connection.execute(
                select(*columns).where(table.c.mailbox == mailbox, table.c.laid_at >= since)
            ).mappings()  # fmt: skip
            return [_read(row) for row in rows]

    def letter(self, mailbox: str, draft: FollowedDraft) -> str:
        """What a draft says; empty once that is forgotten."""
        query = select(followed_drafts.c.letter).where(
            followed_drafts.c.mailbox == mailbox, followed_drafts.c.mail == draft.mail
        )  # fmt: skip
        with writing(self._engine) as connection:
            return str(connection.execute(query).scalar() or "")

    def meets(self, mailbox: str, draft: FollowedDraft, fate: Fate) -> None:
        """What became of a draft in its folder. That it is not there is no news if it was taken out."""
        unknown = followed_drafts.c.fate.is_(None) if fate == "gone" else followed_drafts.c.mail == draft.mail
        self._update(mailbox, draft.mail, unknown, fate=fate)

    def settle(
        self, mailbox: str, draft: FollowedDraft, answered: Answered, changed: float, proposal: Optional[Proposal]
    ) -> None:
        """What was sent; of an edited letter the pair is kept."""
        with writing(self._engine) as connection:
            done = connection.execute(
                update(followed_drafts)
                .where(
                    followed_drafts.c.mailbox == mailbox, followed_drafts.c.mail == draft.mail,
                    followed_drafts.c.answered.is_(None),
                )
                .values(answered=answered, changed=changed, letter=None)
            )  # fmt: skip
            if done.rowcount and proposal:
                connection.execute(
                    insert(proposals).values(
                        mailbox=mailbox, draft_id=draft.draft_id, topics=" ".join(proposal.topics),
                        language=proposal.language, drafted=proposal.drafted, sent=proposal.sent, kept_at=time.time(),
                    )
                )  # fmt: skip

    def proposals(self) -> list[Proposal]:
        """The edited letters of all mailboxes, the oldest first."""
        with writing(self._engine) as connection:
            rows = connection.execute(select(proposals).order_by(proposals.c.kept_at)).all()
        return [Proposal(tuple(row.topics.split()), row.language, row.drafted, row.sent) for row in rows]

    def counts(self) -> list[TopicCount]:
        """What became of all drafts that were ever laid, by topic."""
        table = followed_drafts
        query = select(table.c.topics, table.c.fate, table.c.answered, table.c.changed).where(
            table.c.laid_at.is_not(None)
        )  # fmt: skip
        with writing(self._engine) as connection:
            rows = connection.execute(query).all()
        return list(_counted((topic, *row[1:]) for row in rows for topic in row.topics.split()))

    def _update(self, mailbox: str, mail: str, *conditions: Any, **values: Any) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                update(followed_drafts)
                .where(followed_drafts.c.mailbox == mailbox, followed_drafts.c.mail == mail, *conditions)
                .values(**values)
            )


def forget(connection: Connection, which: Any) -> int:
    """Forget drafts, but for the count of what became of them, which is nobody's; how many. Proposals go with them."""
    table = followed_drafts
    query = select(table.c.mailbox, table.c.mail, table.c.draft_id).where(which, is_known())
    found = connection.execute(query).all()
    texts = dict.fromkeys(("name", "message_id", "draft_id", "fingerprint", "thread", "readers", "validity"), "")
    for mailbox, mail, draft_id in found:
        values = {**texts, "mail": uuid.uuid4().hex, "number": 0, "arrived": 0.0, "letter": None, "laid_at": 0.0}
        row = table.c.mailbox == mailbox, table.c.mail == mail
        connection.execute(delete(table).where(*row, table.c.laid_at.is_(None)))
        connection.execute(update(table).where(*row).values(**values))
        is_its = proposals.c.mailbox == mailbox, proposals.c.draft_id == draft_id
        connection.execute(delete(proposals).where(*is_its))
    return len(found)


def is_known() -> Any:
    """The drafts that are not forgotten."""
    return followed_drafts.c.name != ""


def _counted(rows: Iterable[tuple[str, Optional[str], Optional[str], Optional[float]]]) -> Iterable[TopicCount]:
    found: dict[str, Counter[str]] = {}
    shares: dict[str, list[float]] = {}
    for topic, fate, answered, changed in rows:
        count = found.setdefault(topic, Counter())
        count["drafted"] += 1
        count["overtaken" if fate == "overtaken" else answered or ""] += 1
        if answered == "edited" and fate != "overtaken":
            shares.setdefault(topic, []).append(changed or 0.0)
    for topic, count in sorted(found.items()):
        share = sum(shares[topic]) / len(shares[topic]) if topic in shares else None
        yield TopicCount(
            topic, count["drafted"], count["as drafted"], count["edited"], count["replaced"], count["overtaken"], share
        )


def _values(draft: FollowedDraft) -> dict[str, Any]:
    joined = {
        "thread": " ".join(sorted(draft.thread)), "readers": "\n".join(draft.readers), "topics": " ".join(draft.topics)
    }  # fmt: skip
    return {**vars(draft), **joined}


def _read(row: Any) -> FollowedDraft:
    parted = {
        "thread": frozenset(row["thread"].split()), "readers": tuple(filter(None, row["readers"].split("\n"))),
        "topics": tuple(row["topics"].split()),
    }  # fmt: skip
    return FollowedDraft(**{**row, **parted})
