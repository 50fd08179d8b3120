"""How a server ends: what waits is answered, nothing new is begun, and it takes no longer than it may.

Sanic stops listening at once, which resets whoever it has not read yet, and then waits for those who say nothing.
"""

from __future__ import annotations

import asyncio
from signal import SIGINT, SIGTERM

from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from saldo.web.edge.gate import gate_of

TICK = 0.05
TICKS = 10
"""Turns of the event loop, half a second or more, in which all that had come in when the signal came is read."""
MOST_SECONDS = 7.0
"""That answers may take from then on. What is left over is closed a second later."""


def drains(app: Sanic) -> None:
    """Have a server end so when it is told to by SIGTERM or Ctrl-C; by a second one it ends at once."""
    app.register_listener(_listen, "after_server_start")
    app.register_middleware(_last, "response")


def begin_to_end(app: Sanic) -> None:
    """End the server; called in its event loop."""
    if gate_of(app).is_closing:
        app.stop()  # type: ignore[no-untyped-call]
        return
    gate_of(app).is_closing = True
    app.ctx.ending = asyncio.ensure_future(_drain(app))  # a task that nobody holds may be collected


async def _drain(app: Sanic) -> None:
    loop, gate = asyncio.get_running_loop(), gate_of(app)
    for _ in range(TICKS):
        await asyncio.sleep(TICK)
    gate.is_shut = True
    end = loop.time() + MOST_SECONDS
    while gate.inside and loop.time() < end:
        await asyncio.sleep(TICK)
    app.stop()  # type: ignore[no-untyped-call]


def _listen(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
    for signal in (SIGTERM, SIGINT):  # in place of Sanic's own
        loop.add_signal_handler(signal, begin_to_end, app)


async def _last(request: Request, reply: BaseHTTPResponse) -> HTTPResponse | None:
    if gate_of(request.app).is_closing and request.stream is not None:
        request.stream.keep_alive = False
    return None
