"""Who handles which mail: each Message-ID of a mailbox is claimed once, by one worker.

A claim is a row; the database lets one worker insert it. A worker that dies leaves its claim behind: another on
the same machine sees that the process is gone, one elsewhere waits until the claim has run out. On PostgreSQL
a row that another worker is looking at is passed over (`FOR UPDATE SKIP LOCKED`); on SQLite the insert takes the
write lock, so that a whole claim is one transaction after another.

A claim that is forgotten leaves a hash behind, and nothing else: the mail itself may lie in its mailbox for years, and
on a server that keeps no keywords only the claim says that it was drafted.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import BigInteger, Column, Date, Float, String, Table, delete, func, select, update
from sqlalchemy.engine import Connection, Engine

from saldo.billing.store.database import transaction
from saldo.errors import DatabaseUnusable
from saldo.mail.store.layout import make_tables, metadata, writing
from saldo.storage.engines import insert_into

LEASE = 300.0
"""Seconds after which a claim of a worker on another machine may be taken over."""
GRACE = 5.0
"""Seconds that a dead worker's claim is left alone: the mail server may still be at work on its last command."""
STORED = "folder:"
"""What the name of a mailbox begins with that is a folder of files."""
FORGOTTEN = "sha256:"
"""What stands before the hash of a Message-ID."""
TRIES = 5
"""How often a claim is tried while other workers write."""

entries = Table(
    "mail_ledger",
    metadata,
    Column("mailbox", String, primary_key=True),
    Column("message_id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("worker", String, nullable=False),
    Column("claimed_at", Float, nullable=False),
    Column("finished", String, nullable=True),
    Column("sender", String, nullable=True, index=True),
    Column("day", Date, nullable=True),
    Column("attempts", BigInteger, nullable=False),
)

Outcome = Literal["drafted", "skipped"]


@dataclass(frozen=True)
class Claim:
    """What became of the wish to handle a mail."""

    mailbox: str
    message_id: str
    name: str
    """The name under which the mail was first seen."""
    state: Literal["mine", "done", "busy"]
    again: bool = False
    """Whether a worker before us had begun: what it did must be looked for."""
    forgotten: bool = False
    """Whether no more is known of it than that it is done."""


class Claims:
    """The claims in one database. Every method raises DatabaseUnusable if the database fails."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._worker = f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}:{uuid.uuid4().hex[:8]}"
        make_tables(engine)

    def claim(self, mailbox: str, message_id: str, name: str) -> Claim:
        """Claim a mail for this worker, if nobody has."""
        for _ in range(TRIES - 1):
            try:
                return self._claim(mailbox, message_id, name)
            except DatabaseUnusable:  # another worker was writing: its claim stands now
                time.sleep(0.1)
        return self._claim(mailbox, message_id, name)

    def finish(self, claim: Claim, outcome: Outcome, sender: str, day: date) -> bool:
        """Note that the mail is handled; False if the claim was taken over meanwhile."""
        with writing(self._engine) as connection:
            changed = connection.execute(
                update(entries)
                .where(*_is(claim.mailbox, claim.message_id), entries.c.worker == self._worker)
                .values(finished=outcome, sender=sender[:320], day=day)
            )
            return bool(changed.rowcount)

    def holds(self, claim: Claim) -> bool:
        """Whether this worker still has the claim; renews it."""
        with writing(self._engine) as connection:
            changed = connection.execute(
                update(entries)
                .where(*_is(claim.mailbox, claim.message_id), entries.c.worker == self._worker)
                .values(claimed_at=time.time())
            )
            return bool(changed.rowcount)

    def release(self, claim: Claim) -> None:
        """Give a claim back, so that the mail is tried again, by anybody."""
        with writing(self._engine) as connection:
            connection.execute(
                update(entries)
                .where(*_is(claim.mailbox, claim.message_id), entries.c.worker == self._worker)
                .values(worker="", claimed_at=0.0)
            )

    def drafts_for(self, mailbox: str, sender: str, day: date, but: str = "") -> int:
        """How many drafts this sender has got that day, not counting the one for the mail `but`."""
        query = select(func.count()).where(
            entries.c.mailbox == mailbox, entries.c.sender == sender[:320], entries.c.day == day,
            entries.c.finished == "drafted", entries.c.message_id != but,
        )  # fmt: skip
        with transaction(self._engine) as connection:
            return int(connection.execute(query).scalar_one())

    def _claim(self, mailbox: str, message_id: str, name: str) -> Claim:
        new = {
            "mailbox": mailbox, "message_id": message_id, "name": name, "worker": self._worker,
            "claimed_at": time.time(), "attempts": 1,
        }  # fmt: skip
        with writing(self._engine) as connection:
            if connection.execute(insert_into(self._engine, entries).values(new).on_conflict_do_nothing()).rowcount:
                if connection.execute(select(entries.c.name).where(*_is(mailbox, _hashed(message_id)))).first() is None:
                    return Claim(mailbox, message_id, name, "mine")
                connection.execute(delete(entries).where(*_is(mailbox, message_id)))
                return Claim(mailbox, message_id, name, "done", forgotten=True)
            row = connection.execute(
                select(entries).where(*_is(mailbox, message_id)).with_for_update(skip_locked=True)
            ).first()
            if row is None:  # locked: another worker is claiming it at this moment
                return Claim(mailbox, message_id, name, "busy")
            if row.finished:
                return Claim(mailbox, message_id, row.name, "done")
            if row.worker != self._worker and not _is_abandoned(row.worker, row.claimed_at):
                return Claim(mailbox, message_id, row.name, "busy")
            connection.execute(
                update(entries)
                .where(*_is(mailbox, message_id))
                .values(worker=self._worker, claimed_at=time.time(), attempts=row.attempts + 1)
            )
            return Claim(mailbox, message_id, row.name, "mine", again=True)


def forget(connection: Connection, which: Any) -> int:
    """Forget claims, but that their mails are done; how many. Those of stored mails, which are named anew, whole."""
    found = connection.execute(select(entries.c.mailbox, entries.c.message_id).where(which, is_known())).all()
    for mailbox, message_id in found:
        if mailbox.startswith(STORED):
            connection.execute(delete(entries).where(*_is(mailbox, message_id)))
        else:
            hashed = {"message_id": _hashed(message_id), "name": "", "worker": "", "claimed_at": 0.0}
            nobody = {"finished": "forgotten", "sender": None, "day": None}
            connection.execute(update(entries).where(*_is(mailbox, message_id)).values(**hashed, **nobody))
    return len(found)


def is_known() -> Any:
    """The claims that are not forgotten."""
    return entries.c.message_id.not_like(f"{FORGOTTEN}%")


def _hashed(message_id: str) -> str:
    return FORGOTTEN + hashlib.sha256(message_id.encode("utf-8", "replace")).hexdigest()


def _is(mailbox: str, message_id: str) -> tuple[Any, Any]:
    return entries.c.mailbox == mailbox, entries.c.message_id == message_id


def _is_abandoned(worker: str, claimed_at: float) -> bool:
    """Whether nobody is at work on a claim any more."""
    age = time.time() - claimed_at
    if not worker or age > LEASE:
        return True
    host, pid, started, _ = worker.rsplit(":", 3)
    return host == socket.gethostname() and age > GRACE and _started(int(pid)) != started


def _started(pid: int) -> str:
    """When a process on this machine began, as the kernel counts; empty if there is none, or only its remains."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return "" if Path("/proc").is_dir() else _alive(pid)
    return "" if status[0] in ("Z", "X") else status[19]  # a killed process nobody has waited for is a zombie


def _alive(pid: int) -> str:
    """Where there is no /proc: whether the process answers."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "running"
