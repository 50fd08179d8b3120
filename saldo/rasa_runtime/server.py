"""The web application: Rasa's server with one channel of ours and the actions in process."""

from __future__ import annotations

from functools import partial

from rasa.core import run
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from saldo.rasa_runtime.action_endpoint import InProcessActions
from saldo.rasa_runtime.channel import InputChannel
from saldo.rasa_runtime.patches.graph_runner import plan
from saldo.settings import Settings


def server(settings: Settings, channel: InputChannel) -> Sanic:
    """The server, ready to run; the model is loaded when it starts. Rasa's own API stays closed."""
    settings.state.mkdir(parents=True, exist_ok=True)
    endpoints = AvailableEndpoints(action=InProcessActions(), tracker_store=conversations(settings))
    app: Sanic = run.configure_app([channel], enable_api=False, endpoints=endpoints)
    app.register_listener(partial(run.load_agent_on_start, str(settings.model), endpoints, None), "before_server_start")
    if not settings.stock_rasa:
        app.register_listener(_planned, "before_server_start")
    app.register_listener(run.close_resources, "after_server_stop")
    return app


async def _planned(app: Sanic, loop: object) -> None:
    plan(app.ctx.agent)


def conversations(settings: Settings) -> EndpointConfig:
    """Where conversations are kept, so that a restart loses none."""
    store = "saldo.rasa_runtime.stores.Conversations"
    return EndpointConfig(type=store, dialect="sqlite", db=str(settings.state / "conversations.db"))
