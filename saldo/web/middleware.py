"""The channel's edge: who may call, how every failure ends, and what every response carries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Coroutine
from functools import wraps
from http import HTTPStatus
from typing import Any

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.errors import place_of
from saldo.rasa_runtime.channel import OnNewMessage
from saldo.web.context import WebContext
from saldo.web.requests import Problem, problem_of

log = logging.getLogger(__name__)
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "authorization, content-type",
    "Access-Control-Max-Age": "600",
    "Vary": "Origin",
}


def guarded(handler: Handler, context: WebContext, turn: OnNewMessage | None = None) -> Handler:
    """Every way a request can fail ends as a problem, never as a traceback; other origins are refused."""

    @wraps(handler)
    async def guard(request: Request, **kwargs: Any) -> HTTPResponse:
        try:
            _refuse_strangers(request, context)
            reply = await handler(request, context, turn, **kwargs)
        except Problem as problem:
            reply = problem.response()
        except SanicException as error:
            reply = problem_of(error).response()
        except Exception as error:  # the customer must not lose the page over a fault of ours
            log.error("turn failed: %s", place_of(error))
            detail = "Something went wrong; nothing was lost. Try again."
            reply = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail).response()
        return _dressed(reply, request, context)

    return guard


async def preflight(origins: Collection[str], request: Request, reply: HTTPResponse) -> None:
    """What a browser is told that asks before it calls from another origin; Rasa itself leaves the reply bare."""
    origin = request.headers.get("origin", "")
    if request.method == "OPTIONS" and origin.lower() in origins:
        reply.headers.update({"Access-Control-Allow-Origin": origin, **PREFLIGHT})


def address_of(request: Request) -> str:
    """Where a call comes from, as the trusted proxies tell if there are any."""
    return request.remote_addr or request.ip


def json(body: Any, status: int = 200) -> HTTPResponse:
    """A reply that no cache keeps."""
    return response.json(body, status=status, headers={"Cache-Control": "no-store"}, ensure_ascii=False)


def _refuse_strangers(request: Request, context: WebContext) -> None:
    origin = request.headers.get("origin")
    if origin is not None and not _is_welcome(origin, request, context):
        raise Problem(HTTPStatus.FORBIDDEN, "This origin is not on the list of SALDO_ORIGINS.")


def _is_welcome(origin: str, request: Request, context: WebContext) -> bool:
    own = origin.partition("://")[2] == request.headers.get("host")
    return own or origin.lower() in context.settings.origins


def _dressed(reply: HTTPResponse, request: Request, context: WebContext) -> HTTPResponse:
    """The reply with the headers that each one carries, and those that let an allowed origin read it."""
    for name, value in ALWAYS.items():
        reply.headers.setdefault(name, value)
    origin = request.headers.get("origin")
    if origin and _is_welcome(origin, request, context):
        reply.headers.setdefault("Access-Control-Allow-Origin", origin)
        reply.headers["Access-Control-Expose-Headers"] = "Retry-After"
    reply.headers["Vary"] = ", ".join(filter(None, [reply.headers.get("Vary"), "Origin"]))
    return reply
