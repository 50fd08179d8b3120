"""A clerk with the real content, a bot that knows one word, and one contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from saldo.faq import load
from saldo.mail.handler import MailHandler
from saldo.settings import Settings
from tests.mail.mails import CONTACT, Customers, WordBot


@pytest.fixture
def word_bot() -> WordBot:
    return WordBot()


@pytest.fixture
def make_clerk(word_bot: WordBot) -> Callable[..., MailHandler]:
    """Makes one; settings as in `Settings`."""

    def make(**settings: Any) -> MailHandler:
        values = {"secret": "s" * 40, "mail_authserv_ids": ("mx.saldo.example",), **settings}
        return MailHandler(Settings(**values), load(Settings().faq), word_bot, Customers({CONTACT: ["FI-2001"]}))

    return make
