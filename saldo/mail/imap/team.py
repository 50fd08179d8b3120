"""The team's own mailbox, into which Saldo lays what it hands over. Nothing is read of what else is in it."""

from __future__ import annotations

from saldo.mail.imap.beside import header
from saldo.mail.imap.connection import Connection
from saldo.mail.imap.failures import told


class TeamMailbox(Connection):
    """A folder to lay mails to the team in. Its methods raise MailServerFailed."""

    def _opened(self) -> None:
        self._folder = self.folders.named(self.server.folder)
        self._select(self._folder)

    def lay(self, mail: bytes, message_id: str, keywords: tuple[str, ...]) -> None:
        """Lay a mail in, unread, unless that one lies there. DraftRefused if the server does not take it."""
        with told(self.server, "search the folder"):
            if self._box.uids(header("Message-ID", message_id)):
                return
        permanent = self._told_of("PERMANENTFLAGS")
        flags = keywords if "\\*" in permanent else None
        self._append(mail, self._folder, flags, task="take a mail to the team", what="the mail")
