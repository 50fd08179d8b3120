"""Drafts for stored mails into a folder: each mail once, however often it is run and whatever was killed."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

from saldo.errors import SaldoError
from saldo.mail.archive import StoredMail
from saldo.mail.handler import MailHandler
from saldo.mail.parse.incoming import IncomingMail, UnreadableMail, read
from saldo.mail.review.review import skipped, unreadable
from saldo.mail.store.claims import Claim, Claims
from saldo.mail.store.draft_folder import DraftFolder

Result = Literal["drafted", "note", "skipped", "before", "busy"]
"""A reply, a note to a colleague, none, done by an earlier run, or another worker is at it."""
PAUSE = 0.5
"""Seconds between looks at the mails that other workers have claimed."""


class Batch:
    """One run over stored mails."""

    def __init__(self, clerk: MailHandler, ledger: Claims, outbox: DraftFolder) -> None:
        self._clerk, self._ledger, self._outbox = clerk, ledger, outbox
        self._mailbox = f"folder:{outbox.folder}"

    async def run(self, mails: Sequence[StoredMail], progress: Callable[[], None]) -> Counter[Result]:
        """Handle all, and wait for those that other workers have claimed: they finish them, or they die."""
        count: Counter[Result] = Counter()
        left = list(mails)
        while left:
            busy = []
            for mail in left:
                result = await self._one(mail)
                if result == "busy":
                    busy.append(mail)
                    continue
                count[result] += 1
                progress()
            left = busy
            time.sleep(PAUSE if left else 0)
        return count

    async def _one(self, mail: StoredMail) -> Result:
        try:
            enquiry = read(mail.load())
        except UnreadableMail as error:
            if self._outbox.has_review(mail.stem):
                return "before"
            self._outbox.lay(mail.stem, None, unreadable(mail.stem, str(error)))
            return "skipped"
        claim = self._ledger.claim(self._mailbox, enquiry.message_id, mail.stem)
        if claim.state == "busy":
            return "busy"
        if claim.name != mail.stem:
            return self._duplicate(mail, enquiry, claim)
        if claim.state == "done" and self._outbox.has_review(mail.stem):
            return "before"
        return await self._handle(mail, enquiry, claim)

    async def _handle(self, mail: StoredMail, enquiry: IncomingMail, claim: Claim) -> Result:
        try:
            drafts_of = partial(self._ledger.drafts_for, self._mailbox, but=claim.message_id)
            handled = await self._clerk.handle(enquiry, f"{mail.stem}.eml", self._mailbox, drafts_of)
            self._outbox.lay(mail.stem, handled.draft, handled.review)
        except SaldoError:
            self._ledger.release(claim)
            raise
        outcome: Literal["drafted", "skipped"] = "drafted" if handled.draft else "skipped"
        self._ledger.finish(claim, outcome, handled.sender, handled.day)
        return "note" if handled.draft and handled.review.addressed_to == "colleague" else outcome

    def _duplicate(self, mail: StoredMail, enquiry: IncomingMail, claim: Claim) -> Result:
        """The same mail lies in two files: it gets one draft, and the other file says so."""
        if claim.state == "mine":  # its first file was claimed by a worker that died, and comes in its turn
            self._ledger.release(claim)
        if self._outbox.has_review(mail.stem):
            return "before"
        self._outbox.lay(mail.stem, None, skipped(enquiry, f"the same mail as {claim.name}"))
        return "skipped"
