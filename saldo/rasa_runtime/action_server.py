"""What makes the SDK's action server (`rasa run actions`) safe: on this machine alone, for those with the secret."""

from __future__ import annotations

import hmac
import os
from typing import Optional

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

from saldo.identity import derived, key_of
from saldo.settings import Settings, from_environment

SDKS_OWN = "rasa_sdk"
"""The name of the SDK's application."""
MOST_BYTES = 2**22
"""What a call may weigh: a turn's part of a conversation, many times over."""
OPEN = "/health"
"""Whether it runs, which says nothing about anybody."""


def action_secret(settings: Settings) -> str:
    """What bots show to action servers: as set, or made of Saldo's own key, which on one machine both know."""
    return settings.action_secret or derived(key_of(settings), "action server")


def guard_action_server() -> None:
    """Called when the actions are imported: where the SDK's server imports them, it asks for the secret from now on.

    It reads where to listen after that: nowhere but here, unless `SANIC_HOST` says otherwise.
    """
    app: Optional[Sanic] = Sanic._app_registry.get(SDKS_OWN)
    if app is None:  # the bot itself, whose actions run in process
        return
    os.environ.setdefault("SANIC_HOST", "127.0.0.1")
    app.config.REQUEST_MAX_SIZE = MOST_BYTES
    expected = f"Bearer {action_secret(from_environment())}".encode()

    async def refuse_strangers(request: Request) -> Optional[HTTPResponse]:
        shown = request.headers.get("authorization", "").encode("utf-8", "replace")
        if request.path == OPEN or hmac.compare_digest(shown, expected):
            return None
        detail = "The action server answers the bot alone; both must have the same SALDO_ACTION_SECRET."
        problem = {"type": "about:blank", "title": "Unauthorized", "status": 401, "detail": detail}
        return json(problem, 401, content_type="application/problem+json")

    app.register_middleware(refuse_strangers, "request")
