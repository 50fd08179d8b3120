"""Connections that do not hold up others: a request comes in whole in time, and nobody has too many that say nothing.

Sanic begins to count anew with each byte that comes, so that one a minute keeps a connection for ever.
"""

from __future__ import annotations

from asyncio.transports import BaseTransport
from collections import defaultdict
from time import monotonic
from typing import Any

from sanic import Sanic
from sanic.exceptions import RequestTimeout
from sanic.http import Stage
from sanic.server.protocols.websocket_protocol import WebSocketProtocol

MOST_IDLE = 100
"""Connections that one address may have without a request being worked on; an office shares one."""
SILENT = 1.0
"""Seconds after which a connection counts as one of them: what is on its way when many are opened at once is read."""


def keep_lines(app: Sanic) -> None:
    """Have a server take connections as a `Line`, whoever runs it: stock Rasa names no protocol."""
    app.__class__ = _WithLines


class _WithLines(Sanic):
    """Told by its class, since a Sanic server lets nothing of its own be replaced."""

    __slots__ = ()

    def run(self, *given: Any, **named: Any) -> None:
        super().run(*given, **{**named, "protocol": Line})


class Line(WebSocketProtocol):
    """One connection; of a channel of Rasa's that has websockets, too."""

    __slots__ = ("_began",)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._began = monotonic()
        """When it was made, or the first byte came of its latest request."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Where an address has too many, the oldest with nothing to work on give way."""
        super().connection_made(transport)  # type: ignore[no-untyped-call]
        if self.app.config.PROXIES_COUNT:  # all come from the proxy, which has limits of its own
            return
        lines = self._of_address()
        lines[self] = None
        if (beyond := len(lines) - MOST_IDLE) > 0:
            for line in [line for line in lines if line.is_silent][:beyond]:
                line.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """The address may have another."""
        lines = self._of_address()
        lines.pop(self, None)
        if not lines:
            self.app.ctx.lines.pop(self._address, None)
        super().connection_lost(error)  # type: ignore[no-untyped-call]

    def data_received(self, data: bytes) -> None:
        """More of a request gives it no more time."""
        http = getattr(self, "_http", None)  # none until the connection's task runs
        is_first = http is None or http.stage is Stage.IDLE
        super().data_received(data)  # type: ignore[no-untyped-call]
        if is_first:
            self._began = monotonic()
        elif self.is_waiting:
            self._time = self._began

    def check_timeouts(self) -> None:
        """As Sanic does, and for a body that does not come to its end as for a head."""
        task = self._task
        http = self._http if task and self.is_waiting else None
        if task and http and http.stage is Stage.HANDLER and monotonic() - self._began > self.request_timeout:
            http.exception = RequestTimeout("Request Timeout")
            http.request_body = None  # else Sanic waits for the rest of it after the refusal
            task.cancel()
            return
        super().check_timeouts()  # type: ignore[no-untyped-call]

    def abort(self) -> None:
        """Also where a request is half read: Sanic wants to name in its log what it gives up."""
        http = getattr(self, "_http", None)
        if http and http.stage is Stage.REQUEST and http.request is None:
            http.create_empty_request()
        super().abort()  # type: ignore[no-untyped-call]

    @property
    def is_waiting(self) -> bool:
        """Whether there is nothing to work on, since no request, or only a part of one, has come."""
        http = getattr(self, "_http", None)
        if http is None or http.stage in (Stage.IDLE, Stage.REQUEST):
            return True
        return http.stage is Stage.HANDLER and bool(http.request_body)

    @property
    def is_silent(self) -> bool:
        """Whether it may give way to another."""
        return self.is_waiting and monotonic() - self._began > SILENT

    def _of_address(self) -> dict[Line, None]:
        if not hasattr(self.app.ctx, "lines"):
            self.app.ctx.lines = defaultdict(dict)
        return self.app.ctx.lines[self._address]  # type: ignore[no-any-return]

    @property
    def _address(self) -> str:
        return self.conn_info.client_ip if self.conn_info else ""
