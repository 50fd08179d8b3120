"""Who may call: whoever has the secret, by showing it or by signing with it, and by the name of this server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection
from http import HTTPStatus

from sanic.request import Request

from saldo.mail.helpdesk.signing import MOST_SECONDS, is_recent, is_same, timed_signature
from saldo.web.auth.revocation import UsedIds
from saldo.web.requests import Problem

SIGNATURE, TIMESTAMP = "x-saldo-signature", "x-saldo-timestamp"
OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class Callers:
    """Knows callers by one secret."""

    def __init__(self, secret: str, used: UsedIds) -> None:
        self._secret, self._used = secret, used

    async def must_be_known(self, request: Request) -> None:
        """A Problem 401 unless the call bears the secret, or a recent signature by it that was not used before."""
        signature, timestamp = request.headers.get(SIGNATURE, ""), request.headers.get(TIMESTAMP, "")
        if not signature:
            if request.token and is_same(request.token, self._secret):
                return
            raise _stranger("Show the secret (Authorization: Bearer …), or sign the request (docs/helpdesks.md).")
        if not is_recent(timestamp):
            raise _stranger(f"X-Saldo-Timestamp must be the time in seconds, at most {MOST_SECONDS} s away.")
        if not is_same(signature, timed_signature(self._secret, timestamp, request.body)):
            raise _stranger("The signature is not that of this body and timestamp.")
        until = time.time() + 2 * MOST_SECONDS
        if not await asyncio.to_thread(self._used.spend, f"signature:{signature}", until):
            raise _stranger("This signature was used before; sign anew, with the time of now.")


def must_be_addressed(request: Request, hosts: Collection[str]) -> None:
    """A Problem 403 unless the call names this server: a page in a browser that was led here names another."""
    name = request.headers.get("host", "").lower()
    bare = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    if bare not in OWN_NAMES and bare not in hosts:
        raise Problem(HTTPStatus.FORBIDDEN, "This server does not go by that name (SALDO_MAIL_SERVE_HOSTS).")


def _stranger(detail: str) -> Problem:
    return Problem(HTTPStatus.UNAUTHORIZED, detail, {"WWW-Authenticate": "Bearer"})
