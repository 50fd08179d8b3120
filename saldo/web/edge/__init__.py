"""What every request passes before it is a channel's: who it is for, how it is framed, whether there is room for it."""

from __future__ import annotations

from functools import partial

from sanic import Sanic

from saldo.settings import Settings
from saldo.web.edge.drain import drains
from saldo.web.edge.framing import must_be_framed
from saldo.web.edge.gate import Gate
from saldo.web.edge.hosts import addressed
from saldo.web.edge.lines import keep_lines

KEEP_ALIVE_SECONDS = 15
REQUEST_SECONDS = 10
"""That a request may take to come in, whole."""
RESPONSE_SECONDS = 30
"""That anything may take; a turn has its own, shorter deadline."""
LAST_SECONDS = 1.0
"""For connections that are still open when the last answer is out."""


def edge(app: Sanic, settings: Settings) -> None:
    """Put the edge around all that a server answers; any Sanic server can be given it before it starts."""
    app.ctx.gate = Gate(settings.turns_at_once)
    app.config.update(
        KEEP_ALIVE_TIMEOUT=KEEP_ALIVE_SECONDS,
        REQUEST_TIMEOUT=REQUEST_SECONDS,
        RESPONSE_TIMEOUT=RESPONSE_SECONDS,
        GRACEFUL_SHUTDOWN_TIMEOUT=LAST_SECONDS,
    )
    app.add_signal(must_be_framed, "http.lifecycle.read_head")
    app.register_middleware(partial(addressed, settings), "request")
    keep_lines(app)
    drains(app)
