"""The channel's edge: who may call, how every failure ends, and what every response carries."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Coroutine
from contextlib import nullcontext
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from sanic import response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.errors import SaldoError, place_of
from saldo.insight import turn
from saldo.web.edge.gate import Full, TooSlow, gate_of
from saldo.web.requests import Problem, away, problem_of

if TYPE_CHECKING:  # the server for mails has neither
    from saldo.rasa_runtime.channel import OnNewMessage
    from saldo.web.context import WebContext

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


def guarded(
    handler: Handler,
    context: WebContext,
    turn: OnNewMessage | None = None,
    public: bool = False,
    work: bool = False,
) -> Handler:
    """Every failure ends as a problem, never as a traceback; other origins are refused, unless public.

    What is `work` is let in only while there is room for it, and is given up after a time.
    """

    @wraps(handler)
    async def guard(request: Request, **kwargs: Any) -> HTTPResponse:
        try:
            if not public:
                _refuse_strangers(request, context)
            async with gate_of(request.app).work() if work else nullcontext():
                reply = await handler(request, context, turn, **kwargs)
        except Problem as problem:
            reply = problem.response()
        except SanicException as error:
            reply = problem_of(error).response()
        except Full:
            reply = away(request, context.faq, context.key).response()
        except TooSlow as error:
            log.error("turn given up: %s", error)
            reply = away(request, context.faq, context.key, "late").response()
        except SaldoError as error:  # a store that is away, most of all: nothing was taken, so it may be sent again
            log.error("turn refused: %s", error)
            reply = away(request, context.faq, context.key).response()
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
        told = {"Access-Control-Allow-Origin": "*"}  # so that the widget can say on the console what is wrong
        raise Problem(HTTPStatus.FORBIDDEN, "This origin is not on the list of SALDO_ORIGINS.", told)


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
        reply.headers["Access-Control-Expose-Headers"] = f"Retry-After, {turn.HEADER}"
    reply.headers["Vary"] = ", ".join(filter(None, [reply.headers.get("Vary"), "Origin"]))
    return reply
