"""What every request passes before and after the channels: the same in `saldo serve` and in stock `rasa run`.

Rasa gives a channel no server, only a blueprint to make. `GuardedBlueprint` is told the server when it is registered
there, so whoever names the widget's channel in `credentials.yml` gets all of this, or a server that does not start.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import Any

from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.errors import SaldoError
from saldo.rasa_runtime.server import complete
from saldo.settings import Settings
from saldo.web.edge import edge
from saldo.web.measured import measure
from saldo.web.middleware import preflight
from saldo.web.requests import problem_of

MOST_BYTES = 65_536
"""What a request may weigh before the server stops reading it; the channel itself takes half of that."""


class GuardedBlueprint(Blueprint):
    """A channel's routes, which bring the guards along."""

    def __init__(self, name: str, settings: Settings) -> None:
        super().__init__(name)
        self.ctx.settings = settings

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        """Called by the server that takes the routes."""
        super().register(app, options)  # type: ignore[no-untyped-call]
        guard(app, self.ctx.settings)


def guard(app: Sanic, settings: Settings) -> None:
    """Put the guards around all channels of a server."""
    app.config.REQUEST_MAX_SIZE = MOST_BYTES
    app.config.PROXIES_COUNT = settings.proxies
    measure(app)
    edge(app, settings)
    app.register_middleware(partial(preflight, settings.origins), "response")
    app.error_handler.add(SanicException, _refused)
    app.register_listener(partial(_complete, settings), "after_server_start")


def _complete(settings: Settings, app: Sanic, _: object) -> None:
    """Refuse to serve with stores that lose turns, in one line; nothing has been answered yet."""
    try:
        complete(app, settings)
    except SaldoError as error:
        sys.stderr.write(f"{error}\n")
        sys.stderr.flush()
        os._exit(2)  # Sanic would tell a traceback and end well


def _refused(request: Request, error: SanicException) -> HTTPResponse:
    """What no handler saw, such as an unknown path."""
    return problem_of(error).response()
