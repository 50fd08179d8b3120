"""The widget's server: Rasa's, with what every request passes before and after the channel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.rasa_runtime.server import server
from saldo.settings import Settings
from saldo.web.context import WebContext
from saldo.web.middleware import preflight
from saldo.web.requests import problem_of
from saldo.web.widget import WidgetInput

MOST_BYTES = 65_536
"""What a request may weigh before the server stops reading it; the channel itself takes half of that."""


def application(settings: Settings, opened: Callable[[WebContext], None] | None = None) -> Sanic:
    """The server, ready to run; `opened` is told the channel's context once it is there."""
    app = server(settings, WidgetInput(opened))
    app.config.REQUEST_MAX_SIZE = MOST_BYTES
    app.config.PROXIES_COUNT = settings.proxies
    app.register_middleware(partial(preflight, settings.origins), "response")
    app.error_handler.add(SanicException, _refused)
    return app


def _refused(request: Request, error: SanicException) -> HTTPResponse:
    """What no handler saw, such as an unknown path."""
    return problem_of(error).response()
