"""Logging in: where and with what; a refusal ends after three tries with one line, and never shows a secret."""

from __future__ import annotations

import shlex
import socket
import sys
import threading
import time
from pathlib import Path

import pytest

from saldo.errors import SaldoError
from saldo.mail.imap.failures import LoginRefused, MailServerFailed, NoSuchFolder
from saldo.mail.imap.server import BadMailServer, NoToken, Secret, secrets_of, server_of
from saldo.mail.inbox import Inbox
from tests.mail.dovecot import PASSWORD, TOKEN_KEY, USER, Dovecot, token
from tests.mail.watching import STANDSTILL, Start, answered, deliver, wait_until

pytestmark = pytest.mark.long

PROTOCOL = ("status", "expected", "[", "b'", "AUTH", "NO ", "BAD ", "command", "errno")
"""What servers and libraries say among themselves."""


def said(error: SaldoError) -> str:
    """An error's one line, in words for people."""
    text = str(error)
    assert "\n" not in text
    assert [each for each in PROTOCOL if each in text] == []
    return text


def test_a_wrong_password_is_a_sentence(dovecot: Dovecot) -> None:
    with pytest.raises(LoginRefused) as caught, Inbox(server_of(dovecot.url), Secret("wrong one", False)):
        pass
    assert "wrong one" not in said(caught.value)


def test_an_access_token_opens_the_mailbox(dovecot: Dovecot) -> None:
    """By XOAUTH2, as Microsoft's and Google's mailboxes ask for it."""
    deliver(dovecot, 0, 1)
    with Inbox(server_of(dovecot.url), Secret(token(), True)) as inbox:
        assert inbox.next_number == 2
    for refused in (token(lifetime=-60), token("somebody-else"), "stale token"):
        with pytest.raises(LoginRefused) as caught, Inbox(server_of(dovecot.url), Secret(refused, True)):
            pass
        assert refused not in said(caught.value)


def test_a_refused_login_ends_after_three_tries_with_one_line(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    worker = start(SALDO_MAIL_PASSWORD="wrong one")
    assert worker.wait(STANDSTILL) == 1
    log = (tmp_path / "log").read_text()
    lines = [line for line in log.splitlines() if "connects to" not in line and "begins" not in line]
    assert log.count("connects to port") == 3
    assert lines == [
        f"127.0.0.1 refuses the login of {USER} 3 times in a row; put the right password into SALDO_MAIL_PASSWORD, or "
        "a token that is still good into SALDO_MAIL_TOKEN or SALDO_MAIL_TOKEN_COMMAND, and start again. "
        "Nothing is lost."
    ]


def test_a_password_changed_meanwhile_ends_it_too(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    worker = start()
    wait_until(lambda: "begins now" in (tmp_path / "log").read_text())
    dovecot.restart(password="another")
    assert worker.wait(STANDSTILL) == 1
    assert "3 times in a row" in (tmp_path / "log").read_text()


def printing(tmp_path: Path, lifetime: int) -> str:
    """A command that prints a new token, as an identity provider's client does, and counts how often it was run."""
    program = tmp_path / "print_token.py"
    program.write_text(
        f"import jwt, time\nopen({str(tmp_path / 'runs')!r}, 'a').write('.')\nnow = int(time.time())\n"
        f"claims = {{'sub': {USER!r}, 'iat': now - 1, 'nbf': now - 1, 'exp': now + {lifetime}}}\n"
        f"print(jwt.encode(claims, {TOKEN_KEY!r}, 'HS256'))\n"
    )
    return shlex.join([sys.executable, str(program)])


def test_a_token_that_expires_is_asked_for_at_each_login(dovecot: Dovecot, start: Start, tmp_path: Path) -> None:
    """A token lives for an hour, a watch for months."""
    start("all", SALDO_MAIL_TOKEN_COMMAND=printing(tmp_path, lifetime=2), SALDO_MAIL_PASSWORD="not used")
    deliver(dovecot, 0, 1)
    wait_until(lambda: len(answered(dovecot)) == 1)
    time.sleep(2)  # until the first token is of no use any more
    dovecot.restart()
    deliver(dovecot, 1, 2)
    wait_until(lambda: len(answered(dovecot)) == 2)
    assert len((tmp_path / "runs").read_text()) >= 2


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise SystemExit(3)", "failed (exit code 3)"),
        ("pass", "did not print a token"),
        ("print(); print('second line')", "did not print a token"),
        ("print('to\\x07ken')", "did not print a token"),
    ],
)
def test_a_command_that_prints_no_token_is_a_sentence(code: str, why: str) -> None:
    secret = secrets_of({"SALDO_MAIL_TOKEN_COMMAND": shlex.join([sys.executable, "-c", code])})
    with pytest.raises(NoToken) as caught:
        secret()
    assert why in str(caught.value) and "SALDO_MAIL_TOKEN_COMMAND" in str(caught.value)


@pytest.mark.parametrize("command", ["no-such-program --client-secret hush", "'unclosed hush"])
def test_a_command_that_cannot_be_is_told_at_the_start(command: str) -> None:
    with pytest.raises(SaldoError, match=r"SALDO_MAIL_TOKEN_COMMAND is .*allowed") as caught:
        secrets_of({"SALDO_MAIL_TOKEN_COMMAND": command})
    assert "hush" not in str(caught.value)


def test_the_secret_comes_from_the_environment_and_is_never_shown() -> None:
    assert secrets_of({"SALDO_MAIL_PASSWORD": "a", "SALDO_MAIL_TOKEN": "b"})() == Secret("b", True)
    assert secrets_of({"SALDO_MAIL_PASSWORD": "a"})() == Secret("a", False)
    assert "hidden" not in repr(Secret("hidden", False))
    with pytest.raises(SaldoError, match="SALDO_MAIL_PASSWORD"):
        secrets_of({})


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("imap://a@127.0.0.1:1", "nothing answers at that port"),
        ("imaps://a@no-such-server.invalid", "there is no server of that name"),
    ],
)
def test_a_server_that_is_not_there_is_a_sentence(url: str, why: str) -> None:
    with pytest.raises(MailServerFailed) as caught, Inbox(server_of(url), Secret("x", False)):
        pass
    assert why in said(caught.value)


def test_a_server_without_tls_is_a_sentence(dovecot: Dovecot) -> None:
    server = server_of(dovecot.url.replace("imap://", "imaps://"))
    with pytest.raises(MailServerFailed) as caught, Inbox(server, Secret(PASSWORD, False)):
        pass
    assert "does not speak TLS" in said(caught.value)


@pytest.mark.parametrize(
    ("greeting", "why"),
    [
        (b"", "ended the connection"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "speaks no IMAP"),
        (b"220 mx.example.com ESMTP\r\n", "speaks no IMAP"),
        (b"\xff\x00\r\n", "speaks no IMAP"),
        (b"* BYE [UNAVAILABLE] Try AUTH later\r\n", "a part of the server is away"),
        (b"* BYE go away AUTHENTICATE status expected\r\n", "it refused"),
        (b"* OK hello\r\n* BAD what\r\n", "ended the connection"),
    ],
)
def test_what_another_server_says_is_not_shown(greeting: bytes, why: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet() -> None:
            with listening.accept()[0] as connection:
                connection.sendall(greeting)

        greeter = threading.Thread(target=greet)
        greeter.start()
        server = server_of(f"imap://a@127.0.0.1:{listening.getsockname()[1]}")
        with pytest.raises(MailServerFailed) as caught, Inbox(server, Secret("x", False)):
            pass
        greeter.join()
    assert why in said(caught.value)


def test_a_folder_that_is_not_there_is_a_sentence(dovecot: Dovecot) -> None:
    server = server_of(dovecot.url.replace("INBOX", "Laskut"))
    with pytest.raises(NoSuchFolder, match="has no folder Laskut for support; there are: INBOX, Luonnokset") as caught:
        Inbox(server, Secret(PASSWORD, False)).__enter__()
    said(caught.value)


@pytest.mark.parametrize(
    "url", ["", "http://x", "imaps://imap.example.com", "imaps://a:secret@x.example", "imaps://a@x:99999"]
)
def test_addresses_that_name_no_mailbox(url: str) -> None:
    with pytest.raises(BadMailServer) as caught:
        server_of(url)
    assert "secret" not in str(caught.value)


def test_an_address_says_where_and_who() -> None:
    server = server_of("imaps://support%40saldo.example@imap.saldo.example/INBOX/Laskut")
    assert (server.user, server.port, server.folder, server.encrypted) == (
        "support@saldo.example",
        993,
        "INBOX/Laskut",
        True,
    )
