"""The `widget` channel: the HTTP contract that the chat widget relies on, and which function keeps which part of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from sanic import Blueprint

from saldo.rasa_runtime.channel import InputChannel, OnNewMessage
from saldo.settings import from_environment
from saldo.web import endpoints, pages
from saldo.web.context import WebContext
from saldo.web.middleware import Handler, guarded

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/session", endpoints.open_session),
    ("DELETE", "/session", endpoints.close_session),
    ("POST", "/messages", endpoints.say),
    ("GET", "/messages", endpoints.replay),
    ("POST", "/feedback", endpoints.rate),
    ("GET", "/health", endpoints.health),
    ("GET", "/words/<language:str>", pages.words),
    ("GET", "/", pages.page),
    ("GET", "/saldo-chat.js", pages.script),
    ("GET", "/<name:[a-z0-9-]+[.](?:js|css|svg)>", pages.file),
)


class WidgetInput(InputChannel):
    """Sessions, messages and their replay; a conversation's id comes from the session token alone."""

    def __init__(self, opened: Callable[[WebContext], None] | None = None) -> None:
        self._opened = opened
        """Told the context once it is there: whoever starts the server prints the widget's address."""

    @classmethod
    def name(cls) -> str:
        return "widget"

    @classmethod
    def from_credentials(cls, credentials: Optional[dict[str, Any]]) -> WidgetInput:
        return cls()

    def blueprint(self, on_new_message: OnNewMessage) -> Blueprint:
        context, routes = WebContext(from_environment()), Blueprint("widget", __name__)
        for method, path, handler in ROUTES:
            name = f"{handler.__name__}_{method.lower()}"
            routes.add_route(guarded(handler, context, on_new_message), path, methods=[method], name=name)
        if context.settings.demo:
            pages.add_routes(routes, context, guarded)
        if self._opened:
            self._opened(context)
        return routes
