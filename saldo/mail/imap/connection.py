"""One session with a mail server, from connecting to logging out: what it can do, and which folders it has."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import TypeVar

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxAppendError, MailboxFolderCreateError, MailboxFolderSelectError, MailboxLoginError

from saldo.mail.imap.failures import (
    FAILURES,
    TEMPORARY,
    DraftRefused,
    LoginRefused,
    NoSuchFolder,
    code_of,
    reason,
    told,
)
from saldo.mail.imap.server import MailServer, Secret

TIMEOUT = 60.0
"""Seconds that the server may take for one command."""
DRAFTS = ("Drafts", "Concepten", "Luonnokset")
"""Names to try where the server does not say which folder holds drafts, …"""
SENT = (
    "Sent", "Sent Items", "Sent Messages", "Sent Mail", "Verzonden", "Verzonden items", "Verzonden berichten",
    "Lähetetyt", "Lähetetyt viestit", "Lähetetyt kohteet",
)  # fmt: skip
"""… and which what was sent."""
_NAMESPACE = re.compile(rb'\(\("((?:[^"\\]|\\.)*)" (?:"(\\?.)"|NIL)')
"""The first personal namespace (RFC 2342): what its folders begin with, and what parts their levels."""


Session = TypeVar("Session", bound="Connection")


@dataclass(frozen=True)
class Folders:
    """The folders of a mailbox, and how their names are made."""

    names: tuple[str, ...]
    prefix: str
    """What all but INBOX begin with, such as `INBOX.`; often nothing."""
    delimiter: str
    drafts: str | None
    """The one that the server marks as \\Drafts (RFC 6154)."""
    sent: str | None = None
    """The one that it marks as \\Sent."""

    def named(self, name: str) -> str:
        """A folder's name on this server: as it is if there is such a one, else with the prefix and the delimiter."""
        if name in self.names or name.upper() == "INBOX":
            return name
        parted = name.replace("/", self.delimiter or "/")
        return parted if parted in self.names or parted.startswith(self.prefix) else self.prefix + parted

    def drafts_folder(self, wanted: str | None) -> str:
        """Where drafts go: the folder that is wanted, the one that is marked so, or one of its usual names."""
        if wanted:
            return self.named(wanted)
        usual = [self.named(name) for name in DRAFTS]
        return self.drafts or next((name for name in usual if name in self.names), usual[0])

    def sent_folder(self, wanted: str | None) -> str | None:
        """Where what was sent lies: as with drafts; None if there is no such folder."""
        if wanted:
            return self.named(wanted)
        return self.sent or next((name for name in map(self.named, SENT) if name in self.names), None)


class Connection:
    """A session, opened on entering and closed on leaving; subclasses say in `_opened` what they open."""

    def __init__(self, server: MailServer, secret: Secret) -> None:
        self.server, self._secret = server, secret
        self._box: BaseMailBox
        self.can: frozenset[str] = frozenset()
        """What the server can do for this user: some say it only after the login."""
        self.folders = Folders((), "", "", None)

    def __enter__(self: Session) -> Session:
        kind = "a connection" if self.server.is_local else "an encrypted connection"
        with told(self.server, f"open {kind}"):
            self._box = self._connected()
        try:
            with told(self.server, "take the login"):
                self._login()
                self.can = frozenset(_text(self._box.client.capability()[1][-1]).upper().split())
            with told(self.server, "tell its folders"):
                self.folders = self._listed()
            self._opened()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with suppress(*FAILURES):
            self._box.client.logout()

    def _opened(self) -> None:
        """What is done once the user is logged in."""

    def _select(self, folder: str, *, readonly: bool = False) -> None:
        with told(self.server, f"open the folder {folder}"):
            try:
                self._box.folder.set(folder, readonly)
            except MailboxFolderSelectError:
                if folder in self.folders.names:
                    raise
                raise NoSuchFolder(self.server, folder, self.folders.names) from None

    def _told_of(self, name: str) -> str:
        """What the server told of the folder on opening it, such as UIDVALIDITY; empty if nothing."""
        answers: dict[str, list[bytes | None]] = self._box.client.untagged_responses  # type: ignore[assignment]
        return _text(answers.get(name, [None])[-1])

    def _made(self, folder: str) -> str:
        """The folder, made and subscribed to if it is not there: mail clients show only what is subscribed to."""
        if folder not in self.folders.names:
            with told(self.server, f"make the folder {folder}"):
                try:
                    self._box.folder.create(folder)
                except MailboxFolderCreateError:
                    if not self._box.folder.exists(folder):  # else another worker has made it meanwhile
                        raise
                self._box.folder.subscribe(folder, True)
        return folder

    def _append(self, mail: bytes, folder: str, flags: Sequence[str] | None, *, task: str, what: str) -> None:
        """Lay a mail into a folder; DraftRefused if the server does not take it. `task` and `what` say it to people."""
        with told(self.server, task):
            try:
                self._box.append(mail, folder, flag_set=flags)
            except MailboxAppendError as error:
                why = f"{self.server.host} does not take {what} into {folder}: {reason(error)}."
                raise DraftRefused(why) from None

    def _connected(self) -> BaseMailBox:
        server, context = self.server, ssl.create_default_context()
        if server.encrypted:
            return MailBox(server.host, server.port, TIMEOUT, ssl_context=context)
        if server.is_local:
            return MailBoxUnencrypted(server.host, server.port, TIMEOUT)
        return MailBoxStartTls(server.host, server.port, TIMEOUT, ssl_context=context)

    def _login(self) -> None:
        enter = self._box.xoauth2 if self._secret.is_token else self._box.login_utf8
        if not self._secret.is_token and "AUTH=PLAIN" not in self._box.client.capabilities:
            enter = self._box.login
        try:
            enter(self.server.user, self._secret.value, initial_folder=None)
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            if isinstance(error, imaplib.IMAP4.abort) or code_of(error) in TEMPORARY:
                raise
            raise LoginRefused(self.server) from None

    def _listed(self) -> Folders:
        found = [each for each in self._box.folder.list() if "\\Noselect" not in each.flags]
        delimiter = next((each.delim for each in found if each.delim != "NIL"), "/")
        prefix = ""
        if "NAMESPACE" in self.can and (own := _NAMESPACE.match(self._box.client.namespace()[1][0] or b"")):
            prefix, delimiter = _text(own[1]), _text(own[2] or b"").removeprefix("\\") or delimiter
        drafts, sent = (
            next((each.name for each in found if mark in each.flags), None) for mark in ("\\Drafts", "\\Sent")
        )
        return Folders(tuple(each.name for each in found), prefix, delimiter, drafts, sent)


def _text(value: bytes | None) -> str:
    return (value or b"").decode("ascii", "replace")
