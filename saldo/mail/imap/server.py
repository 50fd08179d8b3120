"""Where a mailbox is, and what it is opened with: a password, an access token, or a command that prints one."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from saldo.errors import BadSetting, SaldoError

PORTS = {"imaps": 993, "imap": 143}
EXAMPLE = "imaps://user%40example.com@imap.example.com/INBOX"
PASSWORD, TOKEN, TOKEN_COMMAND = "SALDO_MAIL_PASSWORD", "SALDO_MAIL_TOKEN", "SALDO_MAIL_TOKEN_COMMAND"
COMMAND_SECONDS = 60.0
"""How long the command may take to print a token."""


class BadMailServer(SaldoError):
    """An address that names no mailbox."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The mailbox's address {why}; write one such as {EXAMPLE}")


class NoToken(SaldoError):
    """The command that should print an access token did not; trying again may help."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The command in {TOKEN_COMMAND} {why}; run it by hand to see why.")


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
        raise BadMailServer(f"holds a password; put it in {PASSWORD} instead")
    if not parts.username:
        raise BadMailServer("lacks the user")
    user, folder = unquote(parts.username), unquote(parts.path.strip("/")) or "INBOX"
    if not (user + folder).isprintable():
        raise BadMailServer("has characters that no mailbox has")
    return MailServer(parts.hostname, port or PORTS[parts.scheme], user, folder, parts.scheme == "imaps")


def secrets_of(environ: Mapping[str, str]) -> Callable[[], Secret]:
    """What to log in with, asked anew for each login: a token from the command, the token, or the password.

    SaldoError if there is none of them; BadSetting if there is no such command. Asking raises NoToken.
    """
    if command := environ.get(TOKEN_COMMAND, "").strip():
        words = _words(command)
        return lambda: Secret(_printed(words), True)
    value, is_token = environ.get(TOKEN, "") or environ.get(PASSWORD, ""), bool(environ.get(TOKEN))
    if not value:
        raise SaldoError(
            f"There is no password; set {PASSWORD}, {TOKEN} to an OAuth access token, or {TOKEN_COMMAND} to a command "
            "that prints one."
        )
    return lambda: Secret(value, is_token)


def _words(command: str) -> list[str]:
    """A command taken apart as a shell would. Only its program is ever shown: the rest may hold secrets."""
    try:
        words = shlex.split(command)
    except ValueError:
        raise BadSetting(TOKEN_COMMAND, "…", "a command whose quotes are closed") from None
    if not shutil.which(words[0]):
        raise BadSetting(TOKEN_COMMAND, words[0], "a program that is there, with its arguments; it prints a token")
    return words


def _printed(words: list[str]) -> str:
    """The first line that a command prints."""
    try:
        ran = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False, text=True
        )
    except subprocess.TimeoutExpired:
        raise NoToken(f"took longer than {COMMAND_SECONDS:.0f} seconds") from None
    except (OSError, ValueError):
        raise NoToken("could not be run") from None
    if ran.returncode:
        raise NoToken(f"failed (exit code {ran.returncode})")
    token = next(iter(ran.stdout.split("\n")), "").strip()
    if not token or not token.isascii() or not token.isprintable():
        raise NoToken("did not print a token on its first line")
    return token
