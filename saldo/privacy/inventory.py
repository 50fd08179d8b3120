"""The inventory: every place where something of people is kept. What is in no place here fails a test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional

from sqlalchemy import Table, and_, delete, false, func, select
from sqlalchemy.engine import Connection, Engine

from saldo.answers.answer import Answer
from saldo.answers.blocks import block_to_json
from saldo.answers.plain_text import plain_text
from saldo.conversation.utterance import instant
from saldo.insight.handovers import handovers
from saldo.insight.participants import participants
from saldo.insight.store import feedback
from saldo.mail.store import claims, followed_drafts
from saldo.mail.store.places import places
from saldo.privacy.kept import Json, Kept, Stays, Who
from saldo.privacy.logs import Logs
from saldo.privacy.mails import Mails
from saldo.privacy.rows import Rows, any_of, either
from saldo.privacy.stores import Stores
from saldo.storage.conversations import BY_CONVERSATION, content_of, conversations, events, turns, utterances
from saldo.storage.conversations import metadata as spoken_tables

DAYS = "`SALDO_KEEP_DAYS`"


def inventory(stores: Stores) -> list[Kept]:
    """The places, in the order in which they are erased: what others are found by comes last."""
    turn, given = f"{DAYS} after the last turn", f"{DAYS} after it was given"
    insight, records = _place(stores.insight, "widget.db"), _place(stores.records, "saldo.db")
    spoken = _place(stores.conversations, "conversations.db")
    return [
        Spoken(
            "words of conversations", f"{spoken}, events and what finds them",
            "both sides see them again after a reload, and a follow-up is understood", turn,
            stores.conversations, events,
            lambda who: any_of(events.c.sender_id, who.conversations), _silent_since, _forget_conversations,
            also=(conversations, utterances, turns),
        ),
        Rows(
            "verdicts on answers", f"{insight}, feedback", "to learn which answers help", given,
            stores.insight, feedback,
            lambda who: any_of(feedback.c.conversation, who.conversations), lambda moment: feedback.c.given_at < moment,
        ),
        Mails(
            "mails, drafts and reviews", "`var/mail` and other folders that were named with `--out`",
            "a colleague reads and sends them", f"{DAYS} after they were last touched", stores.folders[0],
        ),
        *(
            Mails("mails, drafts and reviews", f"`{folder}`", "as in `var/mail`", "as in `var/mail`", folder)
            for folder in stores.folders[1:]
        ),
        Rows(
            "places of mails", f"{records}, mail_places", "to know true copies of a mail", f"{DAYS} after it was seen",
            stores.records, places,
            lambda who: any_of(places.c.message_id, who.mails), lambda moment: places.c.seen_at < moment,
        ),
        Rows(
            "drafts that are followed, edited letters", f"{records}, mail_drafts and mail_proposals",
            "to learn what was sent in the place of a draft; the count by topic stays, without anybody",
            f"the letter a month, the rest {DAYS} after it was laid",
            stores.records, followed_drafts.followed_drafts, _followed_of,
            lambda moment: and_(followed_drafts.is_known(), followed_drafts.followed_drafts.c.laid_at < moment),
            lambda connection, _, which: followed_drafts.forget(connection, which), also=(followed_drafts.proposals,),
        ),
        Rows(
            "claims on mails", f"{records}, mail_ledger",
            "each mail is drafted once; a hash of its Message-ID stays, and nothing beside it",
            f"{DAYS} after it was done",
            stores.records, claims.entries, _claims_of,
            lambda moment: and_(
                claims.is_known(), claims.entries.c.finished.is_not(None), claims.entries.c.claimed_at < moment
            ),
            lambda connection, _, which: claims.forget(connection, which),
            frozenset({"worker", "attempts"}),
        ),
        Handovers(
            "handovers", f"{insight}, handovers", "a colleague takes over", given,
            stores.insight, handovers, _handovers_of, lambda moment: handovers.c.given_at < moment,
        ),
        Logs(
            "lines of logs", "`var/*.log`",
            "to mend faults: places in the code, with no word of a customer's; lines that name somebody are taken out",
            f"{DAYS} after they were written", stores.settings.state,
        ),
        Rows(
            "whose a conversation is", f"{insight}, participants", "to find it when it is to be erased", turn,
            stores.insight, participants,
            lambda who: any_of(participants.c.conversation, who.conversations),
            lambda moment: participants.c.last_at < moment,
        ),
    ]  # fmt: skip


STAYS = (
    Stays(
        "billing records", "`var/saldo.db`, or the database of `SALDO_DATABASE_URL`",
        "the company's books; they follow what is imported: `saldo billing import --remove-missing`",
        "until an import leaves them out", files=("saldo.db",),
    ),
    Stays(
        "mailboxes and helpdesks", "with the team", "what lies there is the team's: mails, drafts, handovers, notes",
        "as the team decides",
    ),
    Stays(
        "receipts of what was erased", "`var/erasures.jsonl`",
        "to show that it was done: a keyed hash in the place of the name, and counts", "for ever",
        files=("erasures.jsonl",),
    ),
    Stays(
        "tokens that were used or signed out", "`var/widget.db`, spent", "to refuse them: hashes",
        "until they would have run out, 25 hours at most", tables=("spent",),
    ),
    Stays(
        "rate limits", "memory, or the Redis of `SALDO_REDIS_URL`", "to count calls by address and conversation",
        "a minute",
    ),
    Stays(
        "the helpdesk's tickets with a draft of Saldo's", "`var/saldo.db`, mail_laid_drafts",
        "to know its own draft again: a ticket's number and a hash of the draft", "until the next draft of the ticket",
        tables=("mail_laid_drafts",),
    ),
    Stays(
        "Saldo's own matters", "`var/key`, `var/mail-serve-key`, `var/widget/`, tables of layouts and of upkeep",
        "keys, versions of the widget, where a watch began, when was last purged: nobody's", "for ever",
        tables=(
            "mail_layout", "widget_layout", "conversations_layout", "mail_beginnings", "upkeep",
            "widget_probes", "conversations_probes",
        ),
        files=("key", "mail-serve-key", "widget/*.js"),
    ),
)  # fmt: skip
"""What is not erased here."""


@dataclass(frozen=True)
class Spoken(Rows):
    """The events of conversations; what was said in them is shown as people read it."""

    def export(self, who: Who) -> list[Json]:
        found: dict[str, list[Json]] = {}
        if self.engine is None:
            return []
        query = select(events).where(self.whose(who)).order_by(events.c.id)
        with self.engine.connect() as connection:
            for row in connection.execute(query):
                found.setdefault(row.sender_id, []).extend(_said(json.loads(row.data)))
        return [{"conversation": name, "messages": messages} for name, messages in found.items()]


@dataclass(frozen=True)
class Handovers(Rows):
    """Handovers; their content is JSON already."""

    def export(self, who: Who) -> list[Json]:
        return [{**row, "content": json.loads(row["content"])} for row in super().export(who)]


def _place(engine: Optional[Engine], file: str) -> str:
    return "PostgreSQL" if engine is not None and engine.dialect.name == "postgresql" else f"`var/{file}`"


def _said(event: dict[str, Any]) -> Iterator[Json]:
    at = instant(event.get("timestamp") or 0)
    if event.get("event") == "user" and event.get("text"):
        yield {"at": at, "from": "customer", "text": event["text"]}
    elif event.get("event") == "bot":
        content = content_of(event)
        text = plain_text(map(block_to_json, Answer.from_json(content).blocks)) if content else event.get("text")
        yield {"at": at, "from": "saldo", "text": text or ""}


def _silent_since(moment: float) -> Any:
    """The events of conversations whose last is older."""
    silent = select(events.c.sender_id).group_by(events.c.sender_id).having(func.max(events.c.timestamp) < moment)
    return events.c.sender_id.in_(silent)


def _forget_conversations(connection: Connection, _: Table, which: Any) -> int:
    """Remove conversations that have such events, whole; how many events that was."""
    names = list(connection.execute(select(events.c.sender_id).where(which).distinct()).scalars())
    removed = 0
    for table in reversed(spoken_tables.sorted_tables):
        if column := BY_CONVERSATION.get(table.name):
            gone = connection.execute(delete(table).where(any_of(table.c[column], names))).rowcount
            removed += gone if table is events else 0
    return removed


def _followed_of(who: Who) -> Any:
    table = followed_drafts.followed_drafts
    mine = either(any_of(table.c.mail, who.mails), any_of(table.c.name, who.stems))
    return and_(followed_drafts.is_known(), mine)


def _claims_of(who: Who) -> Any:
    table = claims.entries
    return and_(claims.is_known(), either(any_of(table.c.message_id, who.mails), any_of(table.c.name, who.stems)))


def _handovers_of(who: Who) -> Any:
    by_customer = handovers.c.customer == who.customer if who.customer else false()
    in_conversation = any_of(handovers.c.conversation, who.conversations)
    return either(by_customer, in_conversation, any_of(handovers.c.reference, who.references))
