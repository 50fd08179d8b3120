"""What goes wrong on the way to a mail server, in words: what a server says is for programs, and never shown."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from saldo.errors import SaldoError
from saldo.mail.imap.server import PASSWORD, TOKEN, TOKEN_COMMAND, MailServer

FAILURES = (ImapToolsError, imaplib.IMAP4.error, OSError, UnicodeError)
"""All that the IMAP library raises when a server fails or speaks no IMAP."""
REASONS = {
    "ALREADYEXISTS": "there is such a folder already",
    "AUTHORIZATIONFAILED": "this user may not do that",
    "CONTACTADMIN": "its administrator must help",
    "CORRUPTION": "the mailbox is damaged",
    "EXPIRED": "the password has expired",
    "INUSE": "another program holds the mailbox",
    "LIMIT": "a limit of the server is reached",
    "NONEXISTENT": "there is no such folder",
    "NOPERM": "this user may not do that",
    "OVERQUOTA": "the mailbox is full",
    "PRIVACYREQUIRED": "it asks for an encrypted connection; write imaps://",
    "SERVERBUG": "the server has a fault",
    "TOOBIG": "it is too large",
    "TRYCREATE": "there is no such folder",
    "UNAVAILABLE": "a part of the server is away for a while",
}
"""Response codes (RFC 5530, RFC 9208, RFC 4469) and what they mean."""
TEMPORARY = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG")
"""Codes with which a login fails although user and password are right."""
_CODE = re.compile(r"\[([A-Z]+)[\] ]")


class MailServerFailed(SaldoError):
    """The server cannot be reached, went away, or refused a command; trying again may help."""


class NoSuchFolder(SaldoError):
    """The mailbox has no folder of that name."""

    def __init__(self, server: MailServer, folder: str, there: Iterable[str]) -> None:
        names = ", ".join(sorted(there)) or "none"
        super().__init__(f"{server.host} has no folder {folder} for {server.user}; there are: {names}.")


class DraftRefused(SaldoError):
    """The server does not take a draft: its disk is full, or the draft too large."""


class LoginRefused(SaldoError):
    """The server refuses the user or the password."""

    def __init__(self, server: MailServer, times: int = 1) -> None:
        self.server = server
        often = f" {times} times in a row" if times > 1 else ""
        super().__init__(
            f"{server.host} refuses the login of {server.user}{often}; put the right password into {PASSWORD}, "
            f"or a token that is still good into {TOKEN} or {TOKEN_COMMAND}, and start again. Nothing is lost."
        )


@contextmanager
def told(server: MailServer, doing: str) -> Iterator[None]:
    """What goes wrong while `doing` something, such as "open the folder", as one sentence in our own words."""
    try:
        yield
    except FAILURES as error:
        where = f"The mail server {server.host}:{server.port} failed to {doing}"
        raise MailServerFailed(f"{where}: {reason(error)}.") from error


def reason(error: Exception) -> str:
    """Why it failed, in a few words of ours."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate cannot be trusted ({error.verify_message})"
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (ssl.SSLError, "it does not speak TLS at that port"),
        (socket.gaierror, "there is no server of that name"),
        (ConnectionRefusedError, "nothing answers at that port"),
        (TimeoutError, "it does not answer"),
        (socket.timeout, "it does not answer"),
        (imaplib.IMAP4.readonly, "the folder may only be read"),
        (imaplib.IMAP4.abort, "it ended the connection, or speaks no IMAP"),
        (ConnectionError, "it ended the connection"),
    )
    if found := next((words for kind, words in kinds if isinstance(error, kind)), None):
        return found
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return REASONS.get(code_of(error), "it refused, for a reason that Saldo does not know")


def code_of(error: Exception) -> str:
    """The response code with which a server refused a command; empty if it gave none."""
    said = str(error.command_result[1]) if isinstance(error, UnexpectedCommandStatusError) else str(error)
    return next((code for code in _CODE.findall(said) if code in REASONS), "")
