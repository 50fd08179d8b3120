"""The widget's server: Rasa's, with the widget's channel, which brings the guards along (`saldo.web.guard`)."""

from __future__ import annotations

from collections.abc import Callable

from sanic import Sanic

from saldo.rasa_runtime.server import server
from saldo.settings import Settings
from saldo.web.context import WebContext
from saldo.web.widget import WidgetInput


def application(settings: Settings, opened: Callable[[WebContext], None] | None = None) -> Sanic:
    """The server, ready to run; `opened` is told the channel's context once it is there."""
    return server(settings, WidgetInput(opened))
