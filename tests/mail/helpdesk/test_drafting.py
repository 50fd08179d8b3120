"""Mails wait for their turn in a thread of their own: not endlessly, and not beside another worker at the same one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from saldo.billing import create_database
from saldo.faq import load
from saldo.mail.handler import MailHandler
from saldo.mail.helpdesk.drafting import MOST_WAITING, Drafting, TooManyWaiting
from saldo.mail.helpdesk.note import NoteWriter
from saldo.mail.helpdesk.written import WrittenMail, as_incoming
from saldo.mail.parse.incoming import IncomingMail, UnreadableMail, read
from saldo.mail.store.claims import Claims
from saldo.settings import Settings
from tests.mail.helpdesk.conftest import MailServer
from tests.mail.helpdesk.test_zammad import told
from tests.mail.mails import Customers, WordBot


class WaitingBot(WordBot):
    """Answers when it is let, and knows in which threads it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.threads: set[str] = set()

    async def turn(
        self, text: str, conversation: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self.threads.add(threading.current_thread().name)
        while not self.let.is_set():
            await asyncio.sleep(0.01)
        return await super().turn(text, conversation, metadata)


def asking(number: int = 0) -> IncomingMail:
    return as_incoming(WrittenMail(f"k{number}@klant.example", text="Hoe kan ik opzeggen?"))


@pytest.fixture
def bot() -> WaitingBot:
    return WaitingBot()


def drafting(bot: WaitingBot, folder: Path) -> Drafting:
    faq, settings = load(Settings().faq), Settings(secret="s" * 40)
    claims = Claims(create_database(f"sqlite:///{folder}/saldo.db"))
    return Drafting(MailHandler(settings, faq, bot, Customers({})), claims, NoteWriter(faq, settings.faq))


def test_so_many_wait_and_the_next_is_told_so_at_once(bot: WaitingBot, tmp_path: Path) -> None:
    async def all_of_them() -> list[str]:
        waiting = [asyncio.ensure_future(work.draft(lambda n=n: asking(n))) for n in range(MOST_WAITING)]  # type: ignore[misc]
        await asyncio.sleep(0)
        with pytest.raises(TooManyWaiting):
            await work.draft(asking)
        with pytest.raises(TooManyWaiting):
            await work.look()
        bot.let.set()
        done = [drafted.outcome for drafted in await asyncio.gather(*waiting)]
        return [*done, (await work.draft(asking)).outcome]

    work = drafting(bot, tmp_path)
    assert asyncio.run(all_of_them()) == ["drafted"] * (MOST_WAITING + 1)
    assert bot.threads == {"drafting"}
    work.close()


def test_it_can_be_left_while_mails_wait(bot: WaitingBot, tmp_path: Path) -> None:
    async def one() -> None:
        waiting = asyncio.ensure_future(work.draft(asking))
        await asyncio.sleep(0.2)
        await asyncio.get_running_loop().run_in_executor(None, work.close)
        with pytest.raises(asyncio.CancelledError):
            await waiting

    work = drafting(bot, tmp_path)
    asyncio.run(one())


def test_bytes_that_are_no_mail_are_told(bot: WaitingBot, tmp_path: Path) -> None:
    work = drafting(bot, tmp_path)
    with pytest.raises(UnreadableMail):
        asyncio.run(work.draft(lambda: read(b"\n\n")))
    work.close()


def test_a_message_that_another_worker_is_at_is_left_to_it(served: MailServer) -> None:
    hook = told()
    other = Claims(create_database(served.database))
    claim = other.claim(f"zammad:{served.zammad.url}", str(hook["article"]["id"]), "x")
    reply = served.tell("zammad", hook)
    assert reply.is_problem(503) and reply.headers["retry-after"] == "5"
    assert served.zammad.calls == []
    other.release(claim)
    assert served.tell("zammad", hook).json() == {"outcome": "draft"}
