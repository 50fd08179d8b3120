"""What the action tests share: a database with the sample's companies, and a run of an action."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from saldo.billing import Repository, create_database, sample_accounts
from saldo.rasa_runtime.actions import SaldoAction
from saldo.rasa_runtime.services import services
from tests.conversation.turns import KEY, Act, FollowupText
from tests.support import TODAY


@pytest.fixture(scope="session")
def sample_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's companies in SQLite."""
    path = tmp_path_factory.mktemp("billing") / "saldo.db"
    Repository(create_database(f"sqlite:///{path}")).add(sample_accounts(date.fromisoformat(TODAY)))
    return path


@pytest.fixture
def database(sample_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of it that the actions of this test read, and may lose."""
    path = tmp_path / "saldo.db"
    shutil.copy(sample_database, path)
    monkeypatch.setenv("SALDO_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("SALDO_SECRET", KEY)
    monkeypatch.setenv("SALDO_TODAY", TODAY)
    services.cache_clear()
    yield path
    services.cache_clear()


@pytest.fixture
def act(database: Path) -> Act:
    """Runs an action on a turn that is described by `turn(…)`."""

    def run(action: SaldoAction, tracker: Tracker) -> FollowupText:
        dispatcher = CollectingDispatcher()
        events = asyncio.run(action.run(dispatcher, tracker, {}))
        (message,) = dispatcher.messages
        return FollowupText(message, {event["name"]: event["value"] for event in events})

    return run
