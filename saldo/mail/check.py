"""What Saldo would be able to do in a mailbox: read from its last mails, without changing anything there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from saldo.mail.imap.connection import Connection
from saldo.mail.imap.failures import told
from saldo.mail.inbox import ASK_SECONDS
from saldo.mail.parse.headers import fields
from saldo.mail.parse.incoming import IncomingMail, UnreadableMail, read
from saldo.mail.sender import microsoft365
from saldo.mail.sender.authentication import Authentication, authenticated, parsed

MAILS = 50
"""How many of the last mails are read."""
LONGEST_HEAD = 200_000
"""Bytes of a mail's head that are read."""
MOST_LINES = 6
LONGEST_NAME = 80
SETTING = "SALDO_MAIL_AUTHSERV_ID"
CONDITION = "If that is what your own mail server calls itself"
CONDITIONS = {microsoft365.NAME: "If no connector of yours lets others write Exchange's own fields (docs/mail.md)"}
NO_RESULTS, UNNAMED = "no Authentication-Results", "a server without a name"


class Check(Connection):
    """A mailbox opened for looking only (EXAMINE): no mark, no folder, no mail in it changes."""

    def _opened(self) -> None:
        self.folder = self.folders.named(self.server.folder)
        self._select(self.folder, readonly=True)
        self.count = int(self._told_of("EXISTS") or 0)
        with told(self.server, "search the folder"):
            self.unanswered = len(self._box.uids("(UNANSWERED UNDELETED UNDRAFT)"))
        self.mails = list(_read(self._heads()))

    def _heads(self) -> list[bytes]:
        """The heads of the last mails, the newest last."""
        if not self.count:
            return []
        with told(self.server, "hand out its last mails"):
            _, found = self._box.client.fetch(
                f"{max(1, self.count - MAILS + 1)}:*", f"(BODY.PEEK[HEADER]<0.{LONGEST_HEAD}>)"
            )
        return [each[1] for each in found if isinstance(each, tuple)]


def report(found: Check, own: Collection[str]) -> Iterator[str]:
    """What was found, line by line; `own` are the configured authserv-ids."""
    folders, mails = found.folders, found.mails
    yield f"{found.server}: {found.count:,} mails, {found.unanswered:,} of them not answered; nothing was changed."
    yield f"Folders: {', '.join(sorted(folders.names))}"
    drafts = folders.drafts_folder(None)
    known = "marked so by the server" if drafts == folders.drafts else "there already"
    yield f"Drafts go to {drafts} ({known if drafts in folders.names else 'which would be made'})"
    sent = folders.sent_folder(None)
    yield f"Sent mail: {sent if sent in folders.names else 'no folder is known for it; --sent NAME tells'}"
    by_itself = "IDLE" in found.can
    yield f"News: {'the server tells (IDLE)' if by_itself else f'asked for every {ASK_SECONDS:.0f} s (no IDLE)'}"
    if not mails:
        yield "There is no mail yet to tell from how senders are proven."
        return
    yield f"The last {len(mails)} mails have on top:"
    tops = Counter(top_of(mail) for mail in mails).most_common(MOST_LINES)
    for name, count in tops:
        yield f"  {count:3} {name}{' (yours)' if name in own else ''}"
    yield from _proven(mails, own)
    for name, count in tops:
        if name not in (NO_RESULTS, UNNAMED, *own) and count * 2 > len(mails):
            proven = f"{SETTING}={name} would prove {_count(mails, (name,))} of {len(mails)} senders"
            yield f"{name} stands on most of them. {CONDITIONS.get(name, CONDITION)}, {proven}."


def top_of(mail: IncomingMail) -> str:
    """Whose Authentication-Results stand on top of a mail: the authserv-id, or that there is none."""
    results = fields(mail.message, "authentication-results")
    if not results:
        return NO_RESULTS
    server, _ = parsed(results[0])
    if server and server != microsoft365.NAME:
        return server[:LONGEST_NAME]
    return UNNAMED if server or microsoft365.obstacle(mail.message) else microsoft365.NAME


def _proven(mails: list[IncomingMail], own: Collection[str]) -> Iterator[str]:
    verdicts = [_verdict(mail, own) for mail in mails]
    yield f"Proven with {SETTING}={','.join(own) or '(not set)'}: {_count(mails, own)} of {len(mails)} senders"
    reasons = Counter(each.reason for each in verdicts if not each.proven).most_common()
    for reason, count in reasons[:MOST_LINES]:
        yield f"  {count:3} not: {reason}"
    if more := sum(count for _, count in reasons[MOST_LINES:]):
        yield f"  {more:3} not, for other reasons"


def _count(mails: list[IncomingMail], own: Collection[str]) -> int:
    return sum(_verdict(mail, own).proven for mail in mails)


def _verdict(mail: IncomingMail, own: Collection[str]) -> Authentication:
    if mail.sender is None:
        return Authentication(False, "the mail does not have exactly one From address")
    return authenticated(mail.message, mail.sender.domain, own)


def _read(heads: Iterable[bytes]) -> Iterator[IncomingMail]:
    for head in heads:
        try:
            yield read(head)
        except UnreadableMail:
            continue
