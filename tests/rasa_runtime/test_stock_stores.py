"""What the channel asks of any server that takes it, stock `rasa run` too: our stores, our locks, the secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.agent import Agent
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from saldo.errors import SaldoError
from saldo.locks.turns import Alone, TurnLocks
from saldo.rasa_runtime.action_endpoint import ActionServers, InProcessActions
from saldo.rasa_runtime.locks import ConversationLocks
from saldo.rasa_runtime.server import complete
from saldo.rasa_runtime.stores import Conversations
from saldo.settings import Settings

Sanic.test_mode = True


def server(**given: Any) -> Sanic:
    """A server whose agent has no model, and our stores unless others are given."""
    app = Sanic("stock")
    ours = {"tracker_store": Conversations(Domain.empty()), "lock_store": ConversationLocks(turns=TurnLocks(Alone()))}
    app.ctx.agent = Agent(**{**ours, **given})
    return app


@pytest.mark.parametrize(
    ("name", "store"),
    [("tracker_store", InMemoryTrackerStore(Domain.empty())), ("lock_store", InMemoryLockStore())],
    ids=["Rasa's tracker store", "Rasa's lock store"],
)
def test_other_stores_are_refused_with_the_line_that_is_missing(here: Path, name: str, store: Any) -> None:
    with pytest.raises(SaldoError) as refused:
        complete(server(**{name: store}), Settings(home=here))
    assert f"`{name}: {{type: saldo.rasa_runtime." in str(refused.value)


def test_several_processes_without_a_common_line_are_refused(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(SaldoError, match="SANIC_WORKERS"):
        complete(server(), Settings(home=here))


def test_the_action_server_is_called_with_the_secret(here: Path) -> None:
    app = server(action_endpoint=EndpointConfig("http://127.0.0.1:5055/webhook"))
    complete(app, Settings(home=here))
    assert isinstance(app.ctx.agent.action_endpoint, ActionServers)
    assert app.ctx.agent.action_endpoint._headers["Authorization"].startswith("Bearer ")


def test_without_an_action_server_the_actions_run_in_process(here: Path) -> None:
    app = server()
    complete(app, Settings(home=here))
    assert isinstance(app.ctx.agent.action_endpoint, InProcessActions)
