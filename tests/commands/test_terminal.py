"""What records, files and people wrote reaches the terminal as text: no markup, no control codes."""

from __future__ import annotations

import ast
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table
from rich.text import Text

from saldo.billing import Repository, create_database, sample_accounts
from saldo.commands.terminal import MARK, json_line, terminal
from tests.support import CHECKOUT, TODAY, Ran

MARKUP = ["[/b]", "[nl]", "[link=https://evil.example]here[/link]", "[bold red]", ":smile:"]
CONTROL = ["\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "a\u202eb", "\u2066x", "\r", "\x00", "\udc80"]
Saldo = Callable[..., Ran]


def printed(render: Callable[[Console], None], *, tty: bool) -> str:
    console = terminal(width=200)
    console.file = io.StringIO()
    console._force_terminal = tty
    render(console)
    return console.file.getvalue()


def table(text: str) -> Table:
    made = Table(text, title=text)
    made.add_row(text)
    return made


@pytest.mark.parametrize("tty", [True, False])
@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text(text: str, tty: bool) -> None:
    assert text in printed(lambda console: console.print(text), tty=tty)
    assert text in printed(lambda console: console.print(Text(text), style="red"), tty=tty)
    assert printed(lambda console: console.print(table(text)), tty=tty).count(text) == 3


@pytest.mark.parametrize("text", CONTROL)
def test_control_codes_become_a_mark(text: str) -> None:
    for render in (text, Text(text), table(text)):
        shown = printed(lambda console, each=render: console.print(each), tty=False)  # type: ignore[misc]
        assert not set(text) & set("\x1b\x9b\u202e\u2066\r\x00\udc80") & set(shown)
    assert MARK in printed(lambda console: console.print(Text(f"x{text}y")), tty=False) or text == "\r"


@pytest.mark.parametrize("text", CONTROL)
def test_json_escapes_them(text: str) -> None:
    line = json_line({"text": text})
    assert line.isascii() or "\u202e" not in line
    assert not set(line) & set("\x1b\x9b\u202e\u2066\r\x00\udc80")


@pytest.fixture
def hostile(saldo: Saldo, tmp_path: Path) -> tuple[Saldo, str]:
    """A database whose customers, contacts, users and invoices are called what would trouble a terminal."""
    account = sample_accounts(date.fromisoformat(TODAY))[0]
    name = "[/b] [nl] \x1b[2J\u202e B.V."
    customer = replace(account.customer, name=name)
    invoice = replace(account.invoices[0], number="[/b]\x1b[31m")
    users = tuple(replace(user, name="[red]\x1b[5m") for user in account.users)
    odd = replace(account, customer=customer, users=users, invoices=(invoice,), payments=(), reminders=())
    url = f"sqlite:///{tmp_path}/odd.db"
    Repository(create_database(url)).add([odd])
    return saldo, url


@pytest.mark.parametrize(
    "command",
    [
        ["billing", "show"],
        ["billing", "show", "NL-1001"],
        ["billing", "explain", "NL-1001", "invoice_quantity"],
        ["ask", "--customer", "NL-1001", "Waarom staan er 60 licenties op mijn factuur [/b] \x1b[2J?"],
        ["ask", "--json", "--customer", "NL-1001", "Waarom staan er 60 licenties op mijn factuur?"],
        ["mail", "draft", "no such [/b]\x1b[2J folder", "--out", "x"],
        ["billing", "show", "[/b]\x1b[2J"],
        ["billing", "import", "[/b]\x1b[2J"],
        ["faq", "check"],
    ],
    ids=" ".join,
)
def test_every_verb_shows_hostile_text_as_text(hostile: tuple[Saldo, str], command: list[str]) -> None:
    """A customer called `[/b]` once ended `billing show` in a traceback, `[nl]` vanished, and ESC got through."""
    saldo, url = hostile
    ran = saldo(*command, SALDO_DATABASE_URL=url)
    assert ran.code in (0, 2), ran.err
    assert "Traceback" not in ran.err
    assert not set(ran.out + ran.err) & set("\x1b\x9b\u202e")
    if command[:2] == ["billing", "show"] and ran.code == 0:
        assert "[/b] [nl]" in ran.out


def test_nothing_else_makes_a_console_or_prints() -> None:
    """One place, so that no verb can forget it."""
    for path in [*(CHECKOUT / "saldo").rglob("*.py")]:
        if path.name == "terminal.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("Console", "print"):
                inside = ast.unparse(node)
                assert "json_line(" in inside, f"{path.name}: {inside}"
