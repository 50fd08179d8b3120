"""Which mailbox to watch, and how to log in. The password never stands in an address or on a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from saldo.errors import SaldoError

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
