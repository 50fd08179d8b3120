"""`saldo shell`: a conversation in the terminal."""

from __future__ import annotations

import asyncio
import contextlib
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional

import typer
from rich.console import Console
from rich.text import Text

from saldo.commands.conversing import customer_of, load_bot, metadata
from saldo.commands.render import rendered, show
from saldo.commands.terminal import terminal
from saldo.errors import SaldoError
from saldo.settings import Settings, from_environment
from saldo.text import LONGEST, EmptyText, TextTooLong, usable

if TYPE_CHECKING:
    from saldo.billing import Customer
    from saldo.conversation import Utterance
    from saldo.faq import Faq
    from saldo.rasa_runtime.agent import Bot

HELP = """/help             this list
/customer [ID]    speak for a customer; without an id, for nobody
/language nl|fi   the language to be answered in
/more             the rest of the last answer
/person [EMAIL]   lay this conversation before a colleague
/quit             leave"""
UNSEEN = re.compile("\x1b\\[[0-9;]*m")
"""Colours in a prompt; readline reckons with its width, so they are marked as taking no room."""


def shell(customer: Optional[str] = typer.Option(None, help="Answer with this customer's own figures.")) -> None:
    """A conversation in the terminal."""
    from saldo.faq import load

    settings, console = from_environment(), terminal()
    who = customer_of(settings, customer)
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  # the arrow keys, and the questions asked before
    with console.status("Loading …"):
        bot = load_bot(settings)
    Conversation(settings, console, bot, load(settings.faq), who).hold()


@dataclass
class Conversation:
    """One conversation; a line that begins with a slash is a command of the shell, never of Rasa."""

    settings: Settings
    console: Console
    bot: Bot
    faq: Faq
    customer: Customer | None
    language: str = "nl"
    chosen: str | None = None
    """The language asked for by /language, until it has been told to the bot."""
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    options: list[str] = field(default_factory=list)
    last: list[Mapping[str, Any]] = field(default_factory=list)
    spoken: list[Utterance] = field(default_factory=list)

    def hold(self) -> None:
        """Read lines until the end of input or /quit."""
        self.console.print(Text("Saldo · /help", style="dim"))
        loop = asyncio.new_event_loop()
        self._greet()
        while (line := self._read()) is not None:
            try:
                if not self._command(line):
                    loop.run_until_complete(self._turn(line))
            except EmptyText:
                continue
            except TextTooLong:
                self._say("too_long", self.language, limit=LONGEST)
            except SaldoError as error:
                self.console.print(Text(str(error), style="red"))
            except StopIteration:
                return

    def _greet(self) -> None:
        """In the customer's language; in all of them as long as it is not known."""
        if self.customer:
            self.language = self.customer.language
            self._say("greet_known", self.language, name=self.customer.name)
        else:
            for language in self.faq.words:
                self._say("greet", language)

    def _say(self, key: str, language: str, **values: Any) -> None:
        from saldo.answers.compose import say

        self._show(say(self.faq, "small_talk", key, language, **values).published()["blocks"])

    def _read(self) -> str | None:
        who = f"{self.customer.id} " if self.customer else ""
        prompt = Text.assemble((f"{self.language} ", "green"), (who, "cyan"), "› ")
        with self.console.capture() as styled:
            self.console.print(prompt, end="")
        try:
            return input(UNSEEN.sub("\1\\g<0>\2", styled.get()) if self.console.is_terminal else "")
        except (EOFError, KeyboardInterrupt):
            return None

    async def _turn(self, line: str) -> None:
        from saldo.conversation import Utterance

        text, turn_metadata = usable(line), metadata(self.settings, self.customer, self.chosen)
        if text.isdecimal() and 0 < int(text) <= len(self.options):
            turn_metadata["option"] = self.options[int(text) - 1]
        answer = await self.bot.turn(text, self.id, turn_metadata)
        self.chosen, self.language = None, answer["language"]
        self.options = [
            item["id"] for block in answer["blocks"] if block["type"] == "options" for item in block["items"]
        ]
        self.last = answer["blocks"]
        self.spoken += [Utterance(None, text), Utterance(None, answer=answer)]
        self._show(self.last)

    def _show(self, blocks: list[Mapping[str, Any]]) -> None:
        self.console.print()
        show(self.console, blocks, fold=True)

    def _command(self, line: str) -> bool:
        """Do what a slash command says; False for anything that is to be answered."""
        word, _, rest = line.strip().partition(" ")
        commands: Mapping[str, Callable[[str], None]] = {
            "/help": lambda _: self.console.print(HELP),
            "/customer": self._speak_for,
            "/language": self._speak,
            "/more": lambda _: self._more(),
            "/person": self._hand_over,
            "/quit": self._quit,
        }
        if word not in commands:
            return False
        commands[word](rest.strip())
        return True

    def _speak_for(self, customer: str) -> None:
        self.customer = customer_of(self.settings, customer or None)
        self.id, self.options = uuid.uuid4().hex, []
        self.last, self.spoken = [], []  # the next must not read what one was told
        self._greet()

    def _speak(self, language: str) -> None:
        if language not in self.faq.words:
            raise SaldoError("Write /language nl or /language fi.")
        self.chosen = self.language = language

    def _more(self) -> None:
        for block in self.last:
            if block["type"] == "more":
                self.console.print(rendered(block))

    def _hand_over(self, address: str) -> None:
        from saldo.commands.handing_over import hand_over

        given = hand_over(self.settings, self.faq, self.id, self.spoken, self.customer, address, self.language)
        self._say("widget_handover_done", self.language, reference=given)

    def _quit(self, _: str) -> None:
        raise StopIteration
