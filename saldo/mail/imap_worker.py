"""Watches a mailbox and drafts as mail arrives: each mail once, whoever dies, restarts or goes away meanwhile.

The order makes it so: claim, copy into the outbox, draft into Drafts, ledger, keyword. A worker that takes over a
claim looks in Drafts first for the draft's own Message-ID, which is the same whoever makes it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from saldo.errors import SaldoError
from saldo.mail.handler import Handled, MailHandler
from saldo.mail.inbox import DraftRefused, Inbox, LoginRefused
from saldo.mail.parse.incoming import IncomingMail, UnreadableMail, read
from saldo.mail.review.review import unreadable
from saldo.mail.store.claims import Claim, Claims, Outcome
from saldo.mail.store.draft_folder import DraftFolder

IDLE_SECONDS = 60.0
"""How long to wait for news before looking by oneself."""
BUSY_SECONDS = 2.0
"""How long to wait while another worker is at a mail that may become ours."""
LONGEST_PAUSE = 300.0
FIRST_TRIES = 5
"""How often a server that was never reached is tried: half a minute, as long as one takes to restart."""
Report = Callable[[str], None]
Left = Literal["nothing", "handled", "busy"]


class ImapWorker:
    """One worker on one mailbox; several may share it."""

    def __init__(self, handler: MailHandler, claims: Claims, folder: DraftFolder, mailbox: str, report: Report) -> None:
        self._clerk, self._ledger, self._outbox = handler, claims, folder
        self._mailbox, self._report = f"imap:{mailbox}", report
        self._done: set[tuple[str, str]] = set()
        """UIDVALIDITY and number of mails that are done, for servers that keep no keywords."""
        self._later: dict[tuple[str, str], tuple[float, Iterator[float]]] = {}
        """Mails whose drafts the server did not take: when to try again, and how long to wait after that."""
        self._well = False
        """Whether a whole round went well since the mailbox was opened."""

    async def watch(self, open_inbox: Callable[[], Inbox], *, once: bool = False) -> None:
        """Until interrupted, or until nothing is left; failures on the way are told and tried again, ever later.

        Raises SaldoError if the mailbox cannot be opened in the first place: a refused login at once, a server that
        is not there after a few tries.
        """
        pauses, tries, reached = _pauses(), 0, False
        while True:
            self._well, tries = False, tries + 1
            try:
                with open_inbox() as inbox:
                    reached = True
                    await self._stay(inbox, once)
                    return
            except SaldoError as error:
                if not reached and (isinstance(error, LoginRefused) or tries == FIRST_TRIES):
                    raise
                pauses = _pauses() if self._well else pauses
                self._retry(error, next(pauses))

    async def _stay(self, inbox: Inbox, once: bool) -> None:
        """In one session: handle what waits, then wait for more."""
        while True:
            left = await self._round(inbox)
            if left == "busy":
                time.sleep(BUSY_SECONDS)
            elif left == "nothing" and not inbox.has_news():
                if once:
                    return
                inbox.wait(IDLE_SECONDS)

    async def _round(self, inbox: Inbox) -> Left:
        """All that waits; what there was: nothing, all of it handled, or another worker is still at some of it."""
        left: Left = "nothing"
        for number in inbox.waiting():
            if (inbox.validity, number) in self._done:
                continue
            if await self._settled(inbox, number):
                inbox.mark(number)
                self._done.add((inbox.validity, number))
                left = "handled" if left == "nothing" else left
            else:
                left = "busy"
        self._well = True
        return left

    async def _settled(self, inbox: Inbox, number: str) -> bool:
        """Handle one mail; False if it is left for later. One that the server refuses must not hold up the others."""
        key = (inbox.validity, number)
        when, pauses = self._later.get(key, (0.0, _pauses()))
        if time.monotonic() < when:
            return False
        try:
            return await self._one(inbox, number)
        except DraftRefused as error:
            pause = next(pauses)
            self._later[key] = time.monotonic() + pause, pauses
            self._report(f"{error} Nothing is lost; trying again in {pause:.0f} s.")
            return False

    async def _one(self, inbox: Inbox, number: str) -> bool:
        """Handle one mail; False if another worker is at it."""
        data = inbox.read(number)
        if data is None:
            return True
        try:
            incoming = read(data)
        except UnreadableMail as error:
            stem = f"unreadable-{inbox.validity}-{number}"
            self._outbox.lay(stem, None, unreadable(stem, str(error)))
            return True
        stem = hashlib.sha256(incoming.message_id.encode("utf-8", "replace")).hexdigest()[:16]
        claim = self._ledger.claim(self._mailbox, incoming.message_id, stem)
        if claim.state == "mine":
            await self._claimed(inbox, incoming, claim)
        return claim.state != "busy"

    async def _claimed(self, inbox: Inbox, incoming: IncomingMail, claim: Claim) -> None:
        try:
            drafts_of = partial(self._ledger.drafts_for, self._mailbox, but=claim.message_id)
            handled = await self._clerk.handle(incoming, f"{claim.name}.eml", self._mailbox, drafts_of)
            self._outbox.lay(claim.name, handled.draft, handled.review)
            self._lay(inbox, handled, claim)
        except SaldoError:
            self._ledger.release(claim)
            raise
        outcome: Outcome = "skipped" if handled.draft is None else "drafted"
        self._ledger.finish(claim, outcome, handled.sender, handled.day)
        self._report(f"{outcome}: {claim.name}")  # names nobody: what is reported ends up in logs

    def _lay(self, inbox: Inbox, handled: Handled, claim: Claim) -> None:
        """The draft into Drafts, unless it lies there, or another worker has taken over meanwhile."""
        draft = handled.draft
        if draft is None or (claim.again and inbox.has_draft(str(draft["Message-ID"]))):
            return
        if self._ledger.holds(claim):
            inbox.lay(draft.as_bytes())

    def _retry(self, error: SaldoError, pause: float) -> None:
        self._report(f"{error} Nothing is lost; trying again in {pause:.0f} s.")
        time.sleep(pause)


def _pauses() -> Iterator[float]:
    """1, 2, 4 … seconds."""
    pause = 1.0
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)
