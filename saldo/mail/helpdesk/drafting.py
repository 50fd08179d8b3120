"""Drafts mails that are handed in, in a thread of its own: whoever waits for one keeps nobody else waiting.

The model is loaded once and used in that thread alone. A mail that is handed in again is drafted again, the same way;
it counts once among the drafts that its sender gets a day.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from datetime import date
from functools import partial
from typing import Any, TypeVar

from saldo.errors import SaldoError
from saldo.mail.handler import MailHandler
from saldo.mail.helpdesk.drafted import Drafted, letter_of
from saldo.mail.helpdesk.note import NoteWriter
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.store.claims import Claim, Claims

MAILBOX = "http"
"""What stands for the mailbox of mails that are handed in by a call."""
MOST_WAITING = 64
"""Mails that may wait for their turn; a server that cannot keep up says so instead of filling its memory."""
Result = TypeVar("Result")
Read = Callable[[], IncomingMail]
"""Reads the mail that was handed in, which takes time; UnreadableMail if it is none."""


class TooManyWaiting(SaldoError):
    """More mails are waiting than are drafted in a while."""

    def __init__(self) -> None:
        super().__init__(f"{MOST_WAITING} mails are waiting; try again in a while.")


class Drafting:
    """The thread, and what it drafts with. Its methods are awaited on any other loop; they raise SaldoError."""

    def __init__(self, handler: MailHandler, claims: Claims, notes: NoteWriter) -> None:
        self._handler, self._claims, self._notes = handler, claims, notes
        self._waiting = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="drafting", daemon=True)
        self._thread.start()

    async def draft(self, read: Read) -> Drafted:
        """What comes of a mail."""
        return await self._run(self._draft(read))

    async def draft_claimed(self, claim: Claim, read: Read) -> Drafted:
        """The same for a mail that is claimed already; whoever claimed it also finishes or releases it."""
        return await self._run(self._drafted(claim, read))

    async def look(self) -> None:
        """Raises SaldoError if no mail could be drafted now."""
        await self._run(self._count())

    def check(self) -> None:
        """The same, for a thread of the caller's own."""
        self._claims.drafts_for(MAILBOX, "", date.min)

    def close(self) -> None:
        """End the thread; whoever waits for a mail is told that it was cancelled."""
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop)
        self._thread.join()
        self._loop.close()

    async def _leave(self) -> None:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        self._loop.call_soon(self._loop.stop)

    async def _run(self, work: Coroutine[Any, Any, Result]) -> Result:
        if self._waiting >= MOST_WAITING:
            work.close()
            raise TooManyWaiting
        self._waiting += 1
        try:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))
        finally:
            self._waiting -= 1

    async def _draft(self, read: Read) -> Drafted:
        incoming = read()
        claim = self._claims.claim(MAILBOX, incoming.key, incoming.short_key)
        try:
            drafted = await self._drafted(claim, lambda: incoming)
        except SaldoError:
            if claim.state == "mine":
                self._claims.release(claim)
            raise
        if claim.state == "mine":
            self._claims.finish(claim, drafted.outcome, drafted.handled.sender, drafted.handled.day)
        return drafted

    async def _drafted(self, claim: Claim, read: Read) -> Drafted:
        incoming = read()
        drafts_of = partial(self._claims.drafts_for, claim.mailbox, but=claim.message_id)
        handled = await self._handler.handle(incoming, incoming.short_key, claim.mailbox, drafts_of)
        letter = letter_of(handled.draft) if handled.draft else None
        return Drafted(handled, letter, self._notes.note(handled.review))

    async def _count(self) -> None:
        self.check()
