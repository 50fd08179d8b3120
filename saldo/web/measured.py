"""What is counted and logged of each request, and the turn's id in its reply."""

from __future__ import annotations

import logging
import time
from http import HTTPStatus

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse
from structlog.contextvars import clear_contextvars

from saldo.insight import metrics, turn

log = logging.getLogger(__name__)
TURNED_AWAY = {HTTPStatus.TOO_MANY_REQUESTS: "rate_limit", HTTPStatus.SERVICE_UNAVAILABLE: "overload"}
"""Why a request was turned away that is told when to come again."""


def measure(app: Sanic) -> None:
    """Count and log every request of this server from now on."""
    app.register_middleware(_begin, "request")
    app.register_middleware(_end, "response")


async def _begin(request: Request) -> None:
    clear_contextvars()  # a connection that is kept open still has those of the request before
    turn.begin()
    request.ctx.begun = time.perf_counter()


async def _end(request: Request, reply: BaseHTTPResponse) -> None:
    route = request.route.path if request.route else "none"
    metrics.requests.labels(route, _method(request), reply.status).inc()
    if reply.status in TURNED_AWAY and "Retry-After" in reply.headers:
        metrics.refused.labels(TURNED_AWAY[HTTPStatus(reply.status)]).inc()
    if request.method in ("POST", "DELETE"):
        reply.headers[turn.HEADER] = turn.current()
    took = time.perf_counter() - getattr(request.ctx, "begun", time.perf_counter())
    told = {"route": route, "method": _method(request), "status": reply.status, "milliseconds": round(took * 1000, 1)}
    log.log(logging.INFO if request.method == "POST" else logging.DEBUG, "request", extra=told)


def _method(request: Request) -> str:
    """Its name, if it is one that a route may have: anybody may send any."""
    return str(request.method) if request.method in ("GET", "HEAD", "POST", "DELETE", "OPTIONS") else "other"
