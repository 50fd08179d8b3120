"""Watches a mailbox and drafts as mail arrives: each mail once, whoever dies, restarts or goes away meanwhile.

The order makes it so: claim, copy into the outbox, draft into Drafts, ledger, keyword. A worker that takes over a
claim looks in Drafts first for the draft's own Message-ID, which is the same whoever makes it. What becomes of the
drafts later is followed in each round.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import copy
from functools import partial
from typing import Literal

from sqlalchemy.engine import Engine

from saldo.errors import SaldoError
from saldo.mail.answers import letter_in
from saldo.mail.follow_up import FollowUp, followed_draft, is_letter
from saldo.mail.handler import Handled, MailHandler
from saldo.mail.imap.failures import DraftRefused, LoginRefused, NoSuchFolder
from saldo.mail.inbox import Inbox, Reach
from saldo.mail.parse.incoming import IncomingMail, UnreadableMail, read
from saldo.mail.reply.draft import UNSENT
from saldo.mail.review.review import skipped, unreadable
from saldo.mail.store.beginnings import Beginning, beginning_of
from saldo.mail.store.claims import Claim, Claims, Outcome
from saldo.mail.store.draft_folder import DraftFolder
from saldo.mail.store.followed_drafts import FollowedDraft, FollowedDrafts
from saldo.mail.store.places import Places

IDLE_SECONDS = 60.0
"""How long to wait for news before looking by oneself."""
BUSY_SECONDS = 2.0
"""How long to wait while another worker is at a mail that may become ours."""
LONGEST_PAUSE = 300.0
FIRST_TRIES = 5
"""How often a server that was never reached is tried: half a minute, as long as one takes to restart."""
LOGIN_TRIES = 3
"""How often in a row a login may be refused: servers lock out whoever goes on, and only a person can help."""
Report = Callable[[str], None]
Left = Literal["nothing", "handled", "busy"]


class ImapWorker:
    """One worker on one mailbox; several may share it."""

    def __init__(
        self, handler: MailHandler, claims: Claims, engine: Engine, folder: DraftFolder, mailbox: str, report: Report,
        older: Reach | None = None,
    ) -> None:  # fmt: skip
        """`older` says which mails are taken that lay there when the mailbox was watched first; else none is."""
        self._clerk, self._ledger, self._engine, self._outbox = handler, claims, engine, folder
        self._mailbox, self._report, self._older = f"imap:{mailbox}", report, older
        self._places, self._drafts = Places(engine), FollowedDrafts(engine)
        self._follow_up = FollowUp(self._drafts, folder, self._mailbox, report)
        self._done: set[tuple[str, str]] = set()
        """UIDVALIDITY and number of mails that are done, for servers that keep no keywords."""
        self._later: dict[tuple[str, str], tuple[float, Iterator[float]]] = {}
        """Mails whose drafts the server did not take: when to try again, and how long to wait after that."""
        self._well = self._has_told = False
        """Whether mail was handled or waited for since the mailbox was opened; whether was told what is left alone."""

    async def watch(self, open_inbox: Callable[[], Inbox], *, once: bool = False) -> None:
        """Until interrupted, or until nothing is left; failures on the way are told and tried again, ever later.

        Raises LoginRefused if the login is refused three times in a row, and SaldoError if the server was never
        reached in a few tries, or has no such folder.
        """
        pauses, tries, refused, reached = _pauses(), 0, 0, False
        while True:
            self._well, tries = False, tries + 1
            try:
                with open_inbox() as inbox:
                    reached, refused = True, 0
                    await self._stay(inbox, once)
                    return
            except LoginRefused as error:
                refused += 1
                if refused == LOGIN_TRIES:
                    raise LoginRefused(error.server, refused) from None
                time.sleep(next(pauses))
            except SaldoError as error:
                if not reached and (isinstance(error, NoSuchFolder) or tries == FIRST_TRIES):
                    raise
                pauses = _pauses() if self._well else pauses
                pause = next(pauses)
                self._report(f"{error} Nothing is lost; trying again in {pause:.0f} s.")
                time.sleep(pause)

    async def _stay(self, inbox: Inbox, once: bool) -> None:
        """In one session: handle what waits, then wait for more."""
        beginning, is_now = beginning_of(self._engine, self._mailbox, inbox.validity, inbox.next_number)
        if not self._has_told:
            self._tell(inbox, beginning, is_now)
        before: Left = "handled"
        while True:
            left = await self._round(inbox, beginning)
            self._well = self._well or left == "handled"
            if left == "busy":
                time.sleep(BUSY_SECONDS)
            elif left == "nothing" and (before == "nothing" or not inbox.has_news()):
                if once:
                    return
                inbox.wait(IDLE_SECONDS)
                self._well = True
            before = left

    def _tell(self, inbox: Inbox, beginning: Beginning, is_now: bool) -> None:
        """Say from where on mails are taken, and how many older ones are left alone."""
        self._has_told = True
        if is_now:
            self._report("This mailbox is watched for the first time: it begins now.")
        left = set(inbox.older(beginning, "all"))
        if self._older:
            left -= set(inbox.older(beginning, self._older))
        if left:
            mails = "1 older mail waits" if len(left) == 1 else f"{len(left):,} older mails wait"
            self._report(f"{mails} without a draft; --since DATE or --all takes them, the newest first.")

    async def _round(self, inbox: Inbox, beginning: Beginning) -> Left:
        """All that waits: news, then what is older, which makes room as soon as more news comes.

        What there was: nothing, handled, or another worker is still at some of it.
        """
        left: Left = "nothing"
        self._follow_up.look(inbox)
        for number in self._open(inbox, inbox.news(beginning)):
            left = await self._handled(inbox, number, left)
        if self._older:
            for number in self._open(inbox, inbox.older(beginning, self._older)):
                if inbox.has_news(ask=True):
                    return "handled"
                left = await self._handled(inbox, number, left)
        return left

    def _open(self, inbox: Inbox, numbers: list[str]) -> list[str]:
        return [number for number in numbers if (inbox.validity, number) not in self._done]

    async def _handled(self, inbox: Inbox, number: str, left: Left) -> Left:
        """Handle one mail; what the round comes to with it."""
        if not await self._settled(inbox, number):
            return "busy"
        inbox.mark(number)
        self._done.add((inbox.validity, number))
        return "handled" if left == "nothing" else left

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
        claim = self._ledger.claim(self._mailbox, incoming.key, incoming.short_key)
        if claim.forgotten:
            return True
        self._places.note(self._mailbox, inbox.validity, number, incoming.key)
        if claim.state == "mine":
            await self._claimed(inbox, number, incoming, claim)
        elif claim.state == "done":
            self._copies(inbox, incoming, claim)
        return claim.state != "busy"

    def _copies(self, inbox: Inbox, incoming: IncomingMail, claim: Claim) -> None:
        """Each further copy of a mail gets a review that says so."""
        count = self._places.count(self._mailbox, inbox.validity, incoming.key)
        for stem in (f"{claim.name}-{number}" for number in range(2, count + 1)):
            if not self._outbox.has_review(stem):
                self._outbox.lay(stem, None, skipped(incoming, f"the same mail as {claim.name}"))

    async def _claimed(self, inbox: Inbox, number: str, incoming: IncomingMail, claim: Claim) -> None:
        try:
            drafts_of = partial(self._ledger.drafts_for, self._mailbox, but=claim.message_id)
            handled = await self._clerk.handle(incoming, f"{claim.name}.eml", self._mailbox, drafts_of)
            about = followed_draft(inbox, number, incoming, handled, claim.name)
            handled = self._follow_up.with_risk(inbox, incoming, handled, about)
            was_laid = claim.again and self._drafts.was_laid(self._mailbox, about.mail)
            if not (was_laid and self._outbox.has_review(claim.name)):  # that review may tell more by now
                self._outbox.lay(claim.name, handled.draft, handled.review, incoming)
            if not was_laid:
                self._lay(inbox, handled, claim, about)
            inbox.mark(number, *handled.review.keywords)
        except SaldoError:
            self._ledger.release(claim)
            raise
        outcome: Outcome = "skipped" if handled.draft is None else "drafted"
        self._ledger.finish(claim, outcome, handled.sender, handled.day)
        self._report(f"{outcome}: {claim.name}")  # names nobody: what is reported ends up in logs

    def _lay(self, inbox: Inbox, handled: Handled, claim: Claim, about: FollowedDraft) -> None:
        """The draft into Drafts, unless it lies there, or another worker has taken over meanwhile."""
        draft = copy(handled.draft)
        if draft is None:
            return
        del draft[UNSENT]  # what lies in Drafts is sent as it is
        data = draft.as_bytes()
        lies = claim.again and inbox.has_draft(about.draft_id)
        if not lies and self._ledger.holds(claim):
            if is_letter(handled):
                self._drafts.note(self._mailbox, about, letter_in(data))
            inbox.lay(data)
            lies = True
        if lies:
            self._drafts.confirm(self._mailbox, about.mail)


def _pauses() -> Iterator[float]:
    """1, 2, 4 … seconds."""
    pause = 1.0
    while True:
        yield pause
        pause = min(pause * 2, LONGEST_PAUSE)
