"""What a support agent is to look at first stands in the review."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from saldo.billing import Repository, create_database, sample_accounts
from saldo.billing.model import Account, User
from saldo.faq import load
from saldo.mail.handler import MailHandler
from saldo.mail.review.page import page
from saldo.settings import from_environment
from tests.mail.mails import PROVEN, mail
from tests.support import TODAY

if TYPE_CHECKING:
    from saldo.rasa_runtime.agent import Bot

Reviewed = Callable[[Account], dict[str, object]]


@pytest.fixture
def reviewed(
    bot: Bot, loop: asyncio.AbstractEventLoop, here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Reviewed:
    """The review of a contact's mail on seats, where that account is what the records hold; the bot is the real one."""
    from saldo.rasa_runtime.services import services

    def review(account: Account) -> dict[str, object]:
        url = f"sqlite:///{tmp_path}/{len(account.users)}.db"
        records = Repository(create_database(url))
        records.add([account])
        monkeypatch.setenv("SALDO_DATABASE_URL", url)
        monkeypatch.setenv("SALDO_MAIL_AUTHSERV_ID", "mx.saldo.example")
        services.cache_clear()
        settings = from_environment()
        handler = MailHandler(settings, load(settings.faq), bot, records)
        incoming = mail("Montako käyttäjälisenssiä meillä on?", authentication_results=PROVEN)
        handled = loop.run_until_complete(handler.handle(incoming, "x.eml", "box", lambda sender, day: 0))
        return handled.review.as_json()

    return review


def test_records_at_odds_are_a_risk_in_the_review(reviewed: Reviewed, tmp_path: Path) -> None:
    account = next(one for one in sample_accounts(date.fromisoformat(TODAY)) if one.customer.id == "FI-2001")
    fine = reviewed(account)
    assert (fine["identity"], fine["outcome"], fine["risks"]) == ("authenticated", "draft", [])
    crowded = replace(account, users=tuple(User("FI-2001", f"Käyttäjä {number}", True) for number in range(25)))
    at_odds = reviewed(crowded)
    assert (at_odds["outcome"], at_odds["risks"]) == ("draft", ["records_disagree"])
    assert "records disagree" in page(tmp_path, [("x", at_odds)])
    assert "records disagree" not in page(tmp_path, [("x", fine)])
