"""The web application: Rasa's server with the widget as its only channel and the actions in process."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.rasa_runtime.patches.environment import quietly
from saldo.settings import Settings
from saldo.web.problems import problem_of

with quietly():
    from rasa.core import run
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig

    from saldo.rasa_runtime.action_endpoint import InProcessActions
    from saldo.rasa_runtime.patches.graph_runner import plan
    from saldo.web.middleware import preflight
    from saldo.web.widget import WidgetInput

if TYPE_CHECKING:
    from sanic import Sanic

    from saldo.web.context import WebContext


MOST_BYTES = 65_536
"""What a request may weigh before the server stops reading it; the channel itself takes half of that."""


def application(settings: Settings, opened: Callable[[WebContext], None] | None = None) -> Sanic:
    """The server, ready to run; the model is loaded when it starts. Rasa's own API stays closed."""
    settings.state.mkdir(parents=True, exist_ok=True)
    endpoints = AvailableEndpoints(action=InProcessActions(), tracker_store=conversations(settings))
    app = run.configure_app([WidgetInput(opened)], enable_api=False, endpoints=endpoints)
    app.config.REQUEST_MAX_SIZE = MOST_BYTES
    app.config.PROXIES_COUNT = settings.proxies
    app.register_middleware(partial(preflight, settings.origins), "response")
    app.register_listener(partial(run.load_agent_on_start, str(settings.model), endpoints, None), "before_server_start")
    app.register_listener(_planned, "before_server_start")
    app.register_listener(run.close_resources, "after_server_stop")
    app.error_handler.add(SanicException, _refused)
    return app


async def _planned(app: Sanic, loop: object) -> None:
    plan(app.ctx.agent)


def _refused(request: Request, error: SanicException) -> HTTPResponse:
    """What no handler saw, such as an unknown path."""
    return problem_of(error).response()


def conversations(settings: Settings) -> EndpointConfig:
    """Where conversations are kept, so that a restart loses none."""
    store = "saldo.rasa_runtime.stores.Conversations"
    return EndpointConfig(type=store, dialect="sqlite", db=str(settings.state / "conversations.db"))
