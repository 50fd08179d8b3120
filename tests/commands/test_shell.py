"""`saldo shell`: a conversation in the terminal; what begins with a slash is the shell's own, the rest is answered."""

from __future__ import annotations

import codecs
import json
import os
import pty
import re
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support import UNCLEAR, Ran
from tests.waiting import DEADLINE

Saldo = Callable[..., Ran]
SIXTY = "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?"


def typed(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_it_greets_in_every_language_until_it_knows_which(saldo: Saldo) -> None:
    ran = saldo("shell")
    assert (ran.code, ran.err) == (0, "")
    assert "Goedendag." in ran.out and "Hei." in ran.out


def test_it_greets_a_known_customer_by_name_in_their_language(saldo: Saldo) -> None:
    out = saldo("shell", "--customer", "FI-2001").out
    assert "Hei Kurkiaura Konsultointi Oy," in out
    assert "Goedendag" not in out


def test_piped_it_is_plain_text_without_prompts(saldo: Saldo) -> None:
    out = saldo("shell", "--customer", "NL-1001", stdin=typed(SIXTY)).out
    assert "Op factuur 2026-0142 staan 60 stuks: 10 licenties × 6 maanden." in out
    assert "60 = 10 × 6" in out
    assert "\x1b" not in out and "›" not in out


def test_help_lists_the_commands(saldo: Saldo) -> None:
    out = saldo("shell", stdin=typed("/help")).out
    for command in ("/help", "/customer [ID]", "/language nl|fi", "/more", "/person [EMAIL]", "/quit"):
        assert command in out


def test_quit_ends_it(saldo: Saldo) -> None:
    assert "severa.support" not in saldo("shell", stdin=typed("/quit", "Hoe zeg ik op?")).out


def test_the_conversation_is_laid_before_a_person(saldo: Saldo, home: Path) -> None:
    out = saldo("shell", "--customer", "NL-1001", stdin=typed(SIXTY, "/person Piet@klant.example")).out
    reference = re.findall(r"kenmerk is (\S+)\.", out)[0]
    review = json.loads((home / "var" / "mail" / f"handover-{reference}.review.json").read_text(encoding="utf-8"))
    handover = review["handover"]
    assert (handover["channel"], handover["customer"]["id"]) == ("shell", "NL-1001")
    assert (handover["address"], handover["transcript"][0]["text"]) == ("piet@klant.example", SIXTY)


@pytest.mark.parametrize(
    ("lines", "said"), [(["/person"], "Nothing was said yet"), ([SIXTY, "/person piet"], "'piet' is no mail address")]
)
def test_what_cannot_be_laid_before_a_person(saldo: Saldo, lines: list[str], said: str) -> None:
    assert said in saldo("shell", stdin=typed(*lines)).out


def test_a_customer_is_spoken_for_until_another_is(saldo: Saldo) -> None:
    out = saldo("shell", stdin=typed(SIXTY, "/customer NL-1001", SIXTY, "/customer", SIXTY)).out
    first, *_, last = out.split("6 × 10 = 60")  # the article's example, which is left out beside own figures
    assert out.count("6 × 10 = 60") == 2 and "Op factuur 2026-0142" not in first + last
    assert "Op factuur 2026-0142 staan 60 stuks" in out


def test_what_one_customer_was_told_is_gone_for_the_next(saldo: Saldo) -> None:
    told = ["Hoe krijg ik meer tijd om te betalen?", "/customer NL-1002", "/more", "1"]
    before, after = saldo("shell", "--customer", "NL-1011", stdin=typed(*told)).out.split("Goedendag ")[1:]
    assert "Helpartikel: " in before
    assert "Helpartikel: " not in after


def test_an_unknown_customer_changes_nothing(saldo: Saldo) -> None:
    out = saldo("shell", "--customer", "NL-1001", stdin=typed("/customer NL-9999", SIXTY)).out
    assert "No customer has the id 'NL-9999'; `saldo billing show` lists them." in out
    assert "Op factuur 2026-0142" in out


def test_the_language_asked_for_is_spoken(saldo: Saldo) -> None:
    out = saldo("shell", stdin=typed("/language fi", "ok", "/language sv")).out
    assert "Goed." not in out
    assert "Hyvä." in out
    assert "Write /language nl or /language fi." in out


def test_a_number_chooses_an_option(saldo: Saldo) -> None:
    for text in UNCLEAR["nl"]:
        out = saldo("shell", stdin=typed(text, "1")).out
        if "\n1) " in out:
            break
    _, _, answered = out.partition("Geen van deze")
    assert "Helpartikel: " in answered


def test_none_of_the_options_leads_to_a_person(saldo: Saldo) -> None:
    for text in UNCLEAR["nl"]:
        out = saldo("shell", stdin=typed(text)).out
        if "\n1) " in out:
            break
    none = re.search(r"^(\d)\) Geen van deze", out, re.MULTILINE)
    assert none
    _, _, answered = saldo("shell", stdin=typed(text, none[1])).out.partition("Geen van deze")
    assert "severa.support@visma.com" in answered
    assert "The bot said nothing" not in answered


@pytest.mark.parametrize("number", ["1", "0", "99", "²", "٣", "-1"])
def test_a_number_without_options_is_only_text(saldo: Saldo, number: str) -> None:
    ran = saldo("shell", stdin=typed(number, "Hoe zeg ik Severa op?"))
    assert (ran.code, ran.err) == (0, "")
    assert "severa.support@visma.com" in ran.out


def test_an_empty_line_is_passed_over(saldo: Saldo) -> None:
    assert saldo("shell", stdin=typed("", "  ", "\u200b")).out == saldo("shell").out


def test_a_line_too_long_is_told_in_the_conversations_language(saldo: Saldo) -> None:
    ran = saldo("shell", stdin=typed("a" * 100_000, "/language fi", "b" * 2001, "Miten irtisanon palvelun?"))
    assert "Uw bericht is te lang: het mag hoogstens 2.000 tekens tellen." in ran.out
    assert "Viesti on liian pitkä" in ran.out
    assert "severa.support@visma.com" in ran.out


def test_bytes_that_are_not_utf_8_do_not_end_it(saldo: Saldo) -> None:
    ran = saldo("shell", stdin=b"\xff\xfe\n" + b"Hoe zeg ik Severa op?\n")
    assert (ran.code, ran.err) == (0, "")
    assert "severa.support@visma.com" in ran.out


@pytest.mark.parametrize(
    "line", ['/seat_count{"customer": "NL-1001"}', "/restart", "/session_start", "/customers NL-1001"]
)
def test_a_slash_that_is_no_command_of_the_shell_is_text(saldo: Saldo, line: str) -> None:
    ran = saldo("shell", stdin=typed(line, SIXTY))
    assert "2026-0142" not in ran.out
    assert "6 × 10 = 60" in ran.out


def test_an_unknown_customer_on_the_command_line_is_one_line(saldo: Saldo) -> None:
    ran = saldo("shell", "--customer", "NL-9999")
    assert ran == Ran(2, "", "No customer has the id 'NL-9999'; `saldo billing show` lists them.\n")


class Terminal:
    """A `saldo shell` in a terminal of its own."""

    def __init__(self, environment: dict[str, str], *args: str) -> None:
        self.ours, theirs = pty.openpty()
        environment = {**environment, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(
            ["saldo", "shell", *args],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)
        self.unread, self.decoder = "", codecs.getincrementaldecoder("utf-8")()

    def until(self, words: str, seconds: float = 120) -> str:
        """What appears on the screen up to these words."""
        end = time.monotonic() + seconds
        while words not in self.unread:
            assert time.monotonic() < end, f"{words!r} did not appear in {self.unread!r}"
            if select.select([self.ours], [], [], 0.2)[0]:
                self.unread += self.decoder.decode(os.read(self.ours, 65536))
        shown, _, self.unread = self.unread.partition(words)
        return shown

    def type(self, line: str) -> None:
        os.write(self.ours, f"{line}\n".encode())


@pytest.fixture
def terminal(commands_environment: dict[str, str]) -> Iterator[Terminal]:
    terminal = Terminal(commands_environment, "--customer", "NL-1001")
    yield terminal
    terminal.process.kill()
    terminal.process.wait()
    os.close(terminal.ours)


def test_in_a_terminal_it_prompts_draws_the_seats_folds_and_colours(terminal: Terminal) -> None:
    terminal.until("nl ")  # the prompt names language …
    terminal.until("NL-1001 ")  # … and customer
    terminal.until("› ")
    terminal.type("Waarom betalen we voor 10 licenties terwijl er 8 gebruikers actief zijn?")
    answer = terminal.until("› ")
    assert "■" * 8 in answer and "□" * 2 in answer
    assert "\x1b[" in answer
    assert "/more" in answer
    terminal.type("/more")
    more = terminal.until("› ")
    assert len(more.splitlines()) > 2
    terminal.type("Miten irtisanon palvelun?")
    assert "fi" in terminal.until("› ").splitlines()[-1]  # the language followed
    terminal.type("/quit")
    assert terminal.process.wait(timeout=DEADLINE) == 0
