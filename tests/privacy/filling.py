"""Fills every place of the inventory with something of one person, through what really writes there."""

from __future__ import annotations

import os
import re
import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from sqlalchemy import update

from saldo.billing import Repository, create_database, sample_accounts
from saldo.insight.handovers import HandoverBook, handovers
from saldo.insight.participants import Register, participants
from saldo.insight.store import FeedbackBook, feedback, open_store
from saldo.mail.ask_bot import MailUnderstanding
from saldo.mail.parse.incoming import read
from saldo.mail.reply.draft import UNSENT
from saldo.mail.review.review import Review
from saldo.mail.sender.identity import Identity
from saldo.mail.store.claims import Claims, entries
from saldo.mail.store.draft_folder import DraftFolder
from saldo.mail.store.followed_drafts import FollowedDraft, FollowedDrafts, Proposal, followed_drafts, proposals
from saldo.mail.store.layout import writing
from saldo.mail.store.places import Places, places
from saldo.mail.triage import Verdict
from saldo.privacy.stores import open_stores
from saldo.rasa_runtime.kept_events import kept
from saldo.settings import Settings
from saldo.storage.conversations import ConversationBook, Standing, conversations
from saldo.storage.conversations import events as spoken
from tests.support import TODAY

BOX = "imap:support@imap.example/INBOX"
ANSWER = {"id": "a1b2c3d4", "kind": "answer", "language": "nl", "parts": [], "rest": [], "named": [], "files": []}

FILLED = {
    "words of conversations": 2,
    "verdicts on answers": 1,
    "mails, drafts and reviews": 1,
    "places of mails": 1,
    "drafts that are followed, edited letters": 1,
    "claims on mails": 1,
    "handovers": 1,
    "lines of logs": 1,
    "whose a conversation is": 1,
}
"""What `fill` leaves of one person in each place, which a receipt counts."""


@dataclass(frozen=True)
class Person:
    """Somebody who speaks and writes; `mark` stands in everything that is kept of them."""

    mark: str
    customer: str | None
    email: str

    @property
    def conversation(self) -> str:
        return f"widget-{self.mark}"

    @property
    def reference(self) -> str:
        return f"{self.mark[:4]}-{self.mark[4:8]}".upper()


def fill(settings: Settings, who: Person) -> None:
    """A conversation with feedback and a handover, and a mail that was drafted and followed."""
    settings.state.mkdir(parents=True, exist_ok=True)
    insight, records = open_store(settings), create_database(url_of(settings))
    if Repository(records).is_empty():
        Repository(records).add(sample_accounts(date.fromisoformat(TODAY)))
    Register(insight).note(who.conversation, who.customer, "nl")
    _speak(settings, who)
    FeedbackBook(insight).take(who.conversation, "a1b2c3d4", False, f"not what {who.mark} asked", [], "nl")
    customer = {"id": who.customer, "name": who.mark} if who.customer else None
    handed: dict[str, Any] = {
        "reference": who.reference,
        "reason": "asked",
        "language": "nl",
        "questions": [],
        "customer": customer,
    }
    HandoverBook(insight).take(who.conversation, {**handed, "text": f"Bel {who.mark}"})
    _write(settings, who)
    log = settings.state / "faults.log"
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S%z")
    with log.open("a", encoding="utf-8") as file:
        file.write(f"{now} an older Saldo named {who.conversation}\n{now} fine\n")


def url_of(settings: Settings) -> str:
    return settings.database_url or f"sqlite:///{settings.state}/saldo.db"


def _speak(settings: Settings, who: Person) -> None:
    said = f"Wat betaalt {who.mark}?"
    user = {"event": "user", "text": said, "message_id": "m-1", "metadata": {"identity": "a.b.c"}}
    custom = {**ANSWER, "questions": [{"text": said, "topic": "seat_count"}]}
    events = [
        {**user, "timestamp": time.time()},
        {"event": "bot", "timestamp": time.time(), "data": {"custom": custom}},
    ]
    ConversationBook(settings).write(who.conversation, Standing(), list(kept(events)), {})


def _write(settings: Settings, who: Person) -> None:
    text = f"From: {who.mark} <{who.email}>\nMessage-ID: <{who.mark}@x>\nSubject: {who.mark}\n\nGroet, {who.mark}"
    incoming, engine = read(text.encode()), create_database(url_of(settings))
    stem, folder = incoming.short_key, DraftFolder(settings.state / "mail")
    identity = Identity("authenticated" if who.customer else "none", "tested", who.customer)
    verdict = Verdict("draft", "answered")
    review = Review(incoming.message_id, "nl", identity, None, f"{stem}.eml", MailUnderstanding("nl"), verdict,
                    subject=incoming.subject, sender=who.email)  # fmt: skip
    draft = incoming.message
    draft[UNSENT] = "1"
    claims, drafts = Claims(engine), FollowedDrafts(engine)
    claim = claims.claim(BOX, incoming.key, stem)
    folder.lay(stem, draft, review, incoming)  # type: ignore[arg-type]  # any message has bytes
    claims.finish(claim, "drafted", who.email, date.fromisoformat(TODAY))
    Places(engine).note(BOX, "1", str(int(time.time_ns() % 1e9)), incoming.key)
    followed = FollowedDraft(
        mail=incoming.key, name=stem, message_id=incoming.message_id, draft_id=f"<draft-{who.mark}@x>", fingerprint="f",
        thread=frozenset(), readers=(who.email,), topics=("seat_count",), language="nl", validity="1", number=1,
        arrived=1.0,
    )  # fmt: skip
    drafts.note(BOX, followed, f"Beste {who.mark}")
    drafts.confirm(BOX, followed.mail)
    drafts.settle(BOX, followed, "edited", 0.5, Proposal(("seat_count",), "nl", f"Beste {who.mark}", "Hoi"))


def age(settings: Settings, days: float) -> None:
    """Let everything that is there now be so much older."""
    seconds = days * 86_400
    mail = entries.c.claimed_at, places.c.seen_at, followed_drafts.c.laid_at, proposals.c.kept_at
    with open_stores(settings) as stores:
        assert stores.records
        for engine, columns in (
            (stores.insight, (participants.c.last_at, feedback.c.given_at, handovers.c.given_at)),
            (stores.conversations, (spoken.c.timestamp, conversations.c.changed_at)),
            (stores.records, mail),
        ):
            for column in columns:
                with writing(engine) as connection:
                    older = update(column.table).where(column > 0).values({column.name: column - seconds})
                    connection.execute(older)
    then = time.time() - seconds
    for path in (settings.state / "mail").iterdir():
        os.utime(path, (then, then))
    log = settings.state / "faults.log"

    def earlier(day: re.Match[str]) -> str:
        return (date.fromisoformat(day.group()) - timedelta(days=int(days))).isoformat()

    log.write_text(re.sub(r"(?m)^\d{4}-\d\d-\d\d", earlier, log.read_text(encoding="utf-8")), encoding="utf-8")


def holding(folder: Path, mark: str) -> list[str]:
    """The files below a folder in whose raw bytes, or in whose name, a text stands."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [path.name for path in found if mark.encode() in path.read_bytes() or mark in path.name]
