"""Lays the desk's drafts into the mailbox's Drafts, where the watch may have laid an earlier one of the same mail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage

from imap_tools import MailMessageFlags

from saldo.errors import SaldoError
from saldo.mail.desk.letter import fingerprint, parsed
from saldo.mail.imap.beside import header
from saldo.mail.imap.connection import Connection
from saldo.mail.imap.failures import told
from saldo.mail.imap.server import MailServer, Secret
from saldo.mail.reply.draft import UNSENT


class ChangedInDrafts(SaldoError):
    """A draft that somebody has gone on with in their mail program."""

    def __init__(self, folder: str) -> None:
        super().__init__(f"Somebody has changed this draft in {folder}; go on with it there. Nothing was changed.")


class DraftsOfMailbox(Connection):
    """The folder of drafts, opened on entering; MailServerFailed if the server fails."""

    def __init__(self, server: MailServer, secret: Secret, wanted: str | None = None) -> None:
        super().__init__(server, secret)
        self._wanted = wanted
        self.name = ""

    def _opened(self) -> None:
        self.name = self._made(self.folders.drafts_folder(self._wanted))
        self._select(self.name)

    def lay(self, draft: bytes, earlier: Collection[str]) -> None:
        """Put the draft there, in place of an earlier version of it (by fingerprint) that nobody has touched.

        ChangedInDrafts if somebody has, DraftRefused if the server does not take the draft.
        """
        message = parsed(draft)
        del message[UNSENT]  # what lies in Drafts is sent as it is
        wanted = fingerprint(message)
        there = {number: fingerprint(each) for number, each in self._lying_there(str(message["Message-ID"])).items()}
        if {*there.values()} - {wanted, *earlier}:
            raise ChangedInDrafts(self.name)
        if wanted not in there.values():
            flags = [MailMessageFlags.DRAFT]
            self._append(message.as_bytes(), self.name, flags, task="take a draft", what="the draft")
        self._take_away([number for number, found in there.items() if found != wanted])

    def _take_away(self, numbers: Sequence[str]) -> None:
        """Delete these, and nothing else that is marked as deleted; a server that cannot do that keeps them marked."""
        if not numbers:
            return
        with told(self.server, "take the earlier draft away"):  # the library's own way clears all that is deleted
            self._box.client.uid("store", ",".join(numbers), "+FLAGS.SILENT", f"({MailMessageFlags.DELETED})")
            if "UIDPLUS" in self.can:
                self._box.client.uid("expunge", ",".join(numbers))

    def _lying_there(self, message_id: str) -> dict[str, EmailMessage]:
        """The drafts of that Message-ID by their numbers."""
        with told(self.server, "look for the draft"):
            numbers = self._box.uids(header("Message-ID", message_id))
            found = {}
            for number in numbers:
                _, data = self._box.client.uid("fetch", number, "(BODY.PEEK[])")
                content = next((each[1] for each in data if isinstance(each, tuple)), b"")
                message: EmailMessage = message_from_bytes(content, policy=policy.default)
                found[number] = message
        return found
