"""A mailbox over IMAP: how to log in, which mails are not yet handled, and drafts laid into Drafts."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from types import TracebackType
from urllib.parse import unquote, urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted, MailMessageFlags
from imap_tools.errors import ImapToolsError, MailboxAppendError, MailboxLoginError

from saldo.errors import SaldoError
from saldo.mail.parse.incoming import LARGEST

PORTS = {"imaps": 993, "imap": 143}
EXAMPLE = "imaps://user%40example.com@imap.example.com/INBOX"


class BadMailServer(SaldoError):
    """An address that names no mailbox."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The mailbox's address {why}; write one such as {EXAMPLE}")


@dataclass(frozen=True)
class Secret:
    """What a mailbox is opened with: a password, or an OAuth access token."""

    value: str
    is_token: bool

    def __repr__(self) -> str:
        return "Secret(…)"


@dataclass(frozen=True)
class MailServer:
    """A mailbox on a server."""

    host: str
    port: int
    user: str
    folder: str
    encrypted: bool
    """From the first byte; otherwise encryption is begun after connecting, unless the server is this machine."""

    @property
    def is_local(self) -> bool:
        return self.host in ("localhost", "127.0.0.1", "::1")

    def __str__(self) -> str:
        return f"{self.user}@{self.host}/{self.folder}"


def server_of(url: str) -> MailServer:
    """The mailbox that an address names. BadMailServer if it names none, or holds a password."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadMailServer("cannot be read") from None
    if parts.scheme not in PORTS or not parts.hostname:
        raise BadMailServer("must begin with imaps:// or imap:// and a server")
    if parts.password is not None:
        raise BadMailServer("holds a password; put it in SALDO_MAIL_PASSWORD instead")
    if not parts.username:
        raise BadMailServer("lacks the user")
    user, folder = unquote(parts.username), unquote(parts.path.strip("/")) or "INBOX"
    if any(ord(char) < 32 for char in user + folder):
        raise BadMailServer("has characters that no mailbox has")
    return MailServer(parts.hostname, port or PORTS[parts.scheme], user, folder, parts.scheme == "imaps")


def secret_of(environ: Mapping[str, str]) -> Secret:
    """The token or the password from the environment. SaldoError if there is neither."""
    if token := environ.get("SALDO_MAIL_TOKEN", ""):
        return Secret(token, True)
    if password := environ.get("SALDO_MAIL_PASSWORD", ""):
        return Secret(password, False)
    raise SaldoError("There is no password; set SALDO_MAIL_PASSWORD, or SALDO_MAIL_TOKEN to an OAuth access token.")


KEYWORD = "SaldoHandled"
"""Set on a handled mail, so that people and other programs see it too."""
TIMEOUT = 60.0
"""Seconds that the server may take for one command."""
DRAFTS = ("Drafts", "INBOX.Drafts", "INBOX/Drafts", "Concepten", "Luonnokset")
"""Names to try where the server does not say which folder holds drafts."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FAILURES = (ImapToolsError, imaplib.IMAP4.error, OSError)


class MailServerFailed(SaldoError):
    """The server cannot be reached, went away, or refused a command; trying again may help."""


class DraftRefused(SaldoError):
    """The server does not take a draft: its disk is full, or the draft too large."""


class LoginRefused(SaldoError):
    """The server refuses the user or the password."""


class Inbox:
    """A mailbox, opened on entering and closed on leaving."""

    def __init__(self, server: MailServer, secret: Secret, since: date | None = None) -> None:
        self._server, self._secret, self._since = server, secret, since
        self._box: BaseMailBox
        self._drafts = ""
        self._keeps_keywords = True
        self.validity = ""
        """The server's mark of this mailbox's numbering; another one means that all numbers are new."""

    def __enter__(self) -> Inbox:
        with _told(self._server):
            self._box = self._connected()
            try:
                self._login()
                self._select()
                self._drafts = self._drafts_folder()
            except BaseException:
                self.__exit__(None, None, None)
                raise
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        with suppress(*_FAILURES):
            self._box.client.logout()

    def waiting(self) -> list[str]:
        """The numbers of the mails that are not handled yet: not answered, no drafts, not deleted."""
        since = f" SINCE {_imap_day(self._since)}" if self._since else ""
        unmarked = f"UNKEYWORD {KEYWORD} " if self._keeps_keywords else ""
        with _told(self._server):
            self._box.client.untagged_responses.pop("EXISTS", None)
            return self._box.uids(f"({unmarked}UNANSWERED UNDELETED UNDRAFT{since})")

    def has_news(self) -> bool:
        """Whether the server has told of new mail since the last look, beside its answer to something else.

        It does not tell so again while one waits, and the mail would lie there until the wait is over.
        """
        return "EXISTS" in self._box.client.untagged_responses

    def read(self, number: str) -> bytes | None:
        """A mail's bytes, as many as are read of any mail; None if somebody has moved it meanwhile."""
        with _told(self._server):
            status, found = self._box.client.uid("fetch", number, f"(BODY.PEEK[]<0.{LARGEST + 1}>)")
        if status != "OK":
            raise MailServerFailed(f"The mail server {self._server.host} does not hand out mail {number}.")
        return next((each[1] for each in found if isinstance(each, tuple)), None)

    def mark(self, number: str) -> None:
        """Note on the mail that it is handled."""
        if self._keeps_keywords:
            with _told(self._server):
                self._box.flag(number, KEYWORD, True)

    def has_draft(self, message_id: str) -> bool:
        """Whether the draft of that Message-ID lies in Drafts already."""
        with _told(self._server):
            self._box.folder.set(self._drafts, readonly=True)
            try:
                return bool(self._box.uids(f'(HEADER Message-ID "{message_id}")'))
            finally:
                self._box.folder.set(self._server.folder)

    def lay(self, draft: bytes) -> None:
        """Put a draft into the server's Drafts. DraftRefused if the server does not take it."""
        with _told(self._server):
            try:
                self._box.append(draft, self._drafts, flag_set=[MailMessageFlags.DRAFT])
            except MailboxAppendError as error:
                raise DraftRefused(f"{self._server.host} does not take the draft: {_line(error)}.") from None

    def wait(self, seconds: float) -> None:
        """Until the server tells of something new, or the time is over."""
        with _told(self._server):
            if "IDLE" in self._box.client.capabilities:
                self._box.idle.wait(seconds)
            else:
                self._box.client.noop()

    def _connected(self) -> BaseMailBox:
        server, context = self._server, ssl.create_default_context()
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
            enter(self._server.user, self._secret.value, initial_folder=None)
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            if isinstance(error, imaplib.IMAP4.abort):
                raise
            raise LoginRefused(f"{self._server.host} refuses {self._server.user}, or the password.") from None

    def _select(self) -> None:
        self._box.folder.set(self._server.folder)
        answers: dict[str, list[bytes | None]] = self._box.client.untagged_responses  # type: ignore[assignment]
        self.validity = b" ".join(filter(None, answers.get("UIDVALIDITY", []))).decode("ascii", "replace")
        permanent = b" ".join(filter(None, answers.get("PERMANENTFLAGS", [])))
        self._keeps_keywords = b"\\*" in permanent or KEYWORD.encode() in permanent

    def _drafts_folder(self) -> str:
        """The folder marked as \\Drafts (RFC 6154), else one of its usual names, made if there is none."""
        folders = self._box.folder.list()
        marked = next((each.name for each in folders if "\\Drafts" in each.flags), None)
        names = {each.name for each in folders}
        if found := marked or next((name for name in DRAFTS if name in names), None):
            return found
        self._box.folder.create(DRAFTS[0])
        return DRAFTS[0]


@contextmanager
def _told(server: MailServer) -> Iterator[None]:
    """What goes wrong on the way to a server, as one sentence without the password."""
    try:
        yield
    except _FAILURES as error:
        raise MailServerFailed(f"The mail server {server.host}:{server.port} failed: {_line(error)}.") from error


def _line(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error) or type(error).__name__)[:200].rstrip(".")


def _imap_day(day: date) -> str:
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year}"
