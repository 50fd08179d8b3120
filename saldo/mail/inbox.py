"""The mailbox that is watched: which mails are not yet handled, news of more, and drafts laid into Drafts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta, timezone
from imaplib import Internaldate2tuple
from typing import Literal, Union

from imap_tools import MailMessageFlags
from imap_tools.errors import MailboxTaggedResponseError

from saldo.mail.imap.beside import Beside, header, imap_day
from saldo.mail.imap.connection import Connection
from saldo.mail.imap.failures import MailServerFailed, NoSuchFolder, told
from saldo.mail.imap.server import MailServer, Secret
from saldo.mail.parse.incoming import LARGEST
from saldo.mail.store.beginnings import Beginning

KEYWORD = "SaldoHandled"
"""Set on a handled mail, so that people and other programs see it too."""
ASK_SECONDS = 20.0
"""How often a server is asked that does not tell of news by itself (IDLE, RFC 2177)."""
Reach = Union[date, Literal["all"]]
"""Which of the mails are wanted that lay there before Saldo began: those since a day, or all."""


class Inbox(Connection):
    """A mailbox, opened on entering and closed on leaving. Its methods raise MailServerFailed."""

    def __init__(self, server: MailServer, secret: Secret, drafts: str | None = None, sent: str | None = None) -> None:
        """`drafts` and `sent` are the folders that are wanted, instead of those that are looked for."""
        super().__init__(server, secret)
        self._wanted_drafts, self._wanted_sent = drafts, sent
        self._folder = self.drafts = ""
        self.sent: str | None = None
        """The folder of what was sent; None if there is none."""
        self._keeps_keywords = True
        self.validity = ""
        """The server's mark of this mailbox's numbering; another one means that all numbers are new."""
        self.next_number = 1
        """The number that the next mail gets."""

    def _opened(self) -> None:
        self._folder = self.folders.named(self.server.folder)
        self._select(self._folder)
        self.validity, following = self._told_of("UIDVALIDITY"), self._told_of("UIDNEXT")
        permanent = self._told_of("PERMANENTFLAGS")
        self._keeps_keywords = "\\*" in permanent or KEYWORD in permanent
        self.next_number = int(following or max(map(int, self._found("ALL")), default=0) + 1)
        self.drafts = self._made(self.folders.drafts_folder(self._wanted_drafts))
        self.sent = self.folders.sent_folder(self._wanted_sent)
        if self.sent and self.sent not in self.folders.names:
            raise NoSuchFolder(self.server, self.sent, self.folders.names)

    def news(self, beginning: Beginning) -> list[str]:
        """The numbers of the mails that came since the beginning and are not handled, the oldest first."""
        if self.validity == beginning.validity:
            # n:* names the last mail even where its number is below n
            return [each for each in self._unhandled(f"UID {beginning.number}:*") if int(each) >= beginning.number]
        begun = int(beginning.moment)  # servers tell whole seconds of when a mail came
        day = datetime.fromtimestamp(begun, timezone.utc).date()
        found = self._unhandled(f"SINCE {imap_day(day - timedelta(days=1))}")
        return [each for each in found if self.arrived(each) >= begun]

    def older(self, beginning: Beginning, reach: Reach) -> list[str]:
        """The numbers of the unhandled mails from before the beginning, the newest first."""
        news = set(self.news(beginning))
        found = self._unhandled("" if reach == "all" else f"SINCE {imap_day(reach)}")
        return [each for each in reversed(found) if each not in news]

    def has_news(self, *, ask: bool = False) -> bool:
        """Whether the server has told of new mail since the last look, beside its answer to something else.

        It does not tell so again while one waits, and the mail would lie there until the wait is over. With `ask`
        it is given the occasion to tell.
        """
        if ask:
            with told(self.server, "tell of news"):
                self._box.client.noop()
        return "EXISTS" in self._box.client.untagged_responses

    def read(self, number: str) -> bytes | None:
        """A mail's bytes, as many as are read of any mail; None if somebody has moved it meanwhile."""
        with told(self.server, f"hand out mail {number}"):
            status, found = self._box.client.uid("fetch", number, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
        if status != "OK":
            raise MailServerFailed(f"The mail server {self.server.host} does not hand out mail {number}.")
        return next((each[1] for each in found if isinstance(each, tuple)), None)

    def arrived(self, number: str) -> float:
        """When the server took a mail, as seconds since 1970; 0 if it does not say."""
        with told(self.server, f"say when mail {number} came"):
            _, found = self._box.client.uid("fetch", number, "(INTERNALDATE)")
        moments = (Internaldate2tuple(each) for each in found if isinstance(each, bytes))
        return next((time.mktime(each) for each in moments if each), 0.0)

    def mark(self, number: str, *keywords: str) -> None:
        """Note on the mail that it is handled, or other keywords."""
        if not self._keeps_keywords:
            return
        with told(self.server, f"mark mail {number}"):  # the library's own `flag` clears away all that is deleted
            status, _ = self._box.client.uid("store", number, "+FLAGS.SILENT", f"({' '.join(keywords or [KEYWORD])})")
        if status != "OK":
            raise MailServerFailed(f"The mail server {self.server.host} does not let mail {number} be marked.")

    def has_draft(self, message_id: str) -> bool:
        """Whether the draft of that Message-ID lies in Drafts already."""
        with self.beside(self.drafts) as drafts:
            return bool(drafts.found(header("Message-ID", message_id)))

    def answered_since(self, number: int) -> frozenset[int]:
        """The mails from that number on that somebody has marked as answered (\\Answered)."""
        return frozenset(map(int, self._found(f"ANSWERED UID {number}:*")))

    @contextmanager
    def beside(self, folder: str, *, readonly: bool = True) -> Iterator[Beside]:
        """Another folder, as long as it is looked into; then the watched one is open again."""
        try:
            self._select(folder, readonly=readonly)
            yield Beside(self._box, self.server, self.can)
        finally:
            self.reopen()

    def reopen(self) -> None:
        """Have the watched folder open, and no other."""
        self._select(self._folder)

    def lay(self, draft: bytes) -> None:
        """Put a draft into the server's Drafts. DraftRefused if the server does not take it."""
        self._append(draft, self.drafts, [MailMessageFlags.DRAFT], task="take a draft", what="the draft")

    def wait(self, seconds: float) -> None:
        """Until the server tells of something new, or the time is over; one that does not tell is asked meanwhile."""
        with told(self.server, "wait for news"):
            if "IDLE" in self.can:
                try:
                    self._box.idle.wait(seconds)
                    return
                except MailboxTaggedResponseError:  # it only said that it could
                    self.can -= {"IDLE"}
            time.sleep(min(seconds, ASK_SECONDS))
            self._box.client.noop()

    def _unhandled(self, which: str) -> list[str]:
        """The numbers of mails that are neither handled nor answered, no drafts and not deleted; forgets the news."""
        unmarked = f"UNKEYWORD {KEYWORD} " if self._keeps_keywords else ""
        self._box.client.untagged_responses.pop("EXISTS", None)
        return self._found(f"{unmarked}UNANSWERED UNDELETED UNDRAFT {which}".rstrip())

    def _found(self, criteria: str) -> list[str]:
        with told(self.server, "search the folder"):
            return self._box.uids(f"({criteria})")
