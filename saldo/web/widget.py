"""The `widget` channel: the HTTP contract that the chat widget relies on, and which function keeps which part of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional

from sanic import Blueprint

from saldo.rasa_runtime.channel import InputChannel, OnNewMessage
from saldo.settings import from_environment
from saldo.web import endpoints, handover, pages
from saldo.web.context import WebContext
from saldo.web.guard import GuardedBlueprint
from saldo.web.middleware import Handler, guarded

ROUTES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/session", endpoints.open_session),
    ("DELETE", "/session", endpoints.close_session),
    ("POST", "/messages", endpoints.say),
    ("GET", "/messages", endpoints.replay),
    ("POST", "/feedback", endpoints.rate),
    ("GET", "/handover", handover.preview),
    ("POST", "/handover", handover.hand_over),
    ("GET", "/health", endpoints.health),
    ("GET", "/live", endpoints.live),
    ("GET", "/words/<language:str>", pages.words),
    ("GET", "/", pages.page),
    ("GET", "/frame", pages.frame),
    ("GET", "/saldo-chat.js", pages.script),
    ("GET", "/<name:[a-z0-9-]+[.](?:js|css|svg|d[.]ts)>", pages.file),
)

WORK = (
    endpoints.open_session, endpoints.close_session, endpoints.say, endpoints.replay, endpoints.rate,
    handover.preview, handover.hand_over,
)  # fmt: skip
"""What needs stores or the bot: let in only while there is room for it."""
PUBLIC = (pages.script, pages.file)
"""Code is for everybody: the widget itself says, on a page's console, that its origin is refused."""


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
        context = WebContext(from_environment())
        routes = GuardedBlueprint("widget", context.settings)
        for method, path, handler in ROUTES:
            name = f"{handler.__name__}_{method.lower()}"
            open_to = {"public": handler in PUBLIC, "work": handler in WORK}
            guard = guarded(handler, context, on_new_message, **open_to)
            routes.add_route(guard, path, methods=[method], name=name)
        if context.settings.demo:
            pages.add_routes(routes, context, guarded)
        if self._opened:
            self._opened(context)
        return routes
