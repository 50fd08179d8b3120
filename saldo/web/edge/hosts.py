"""By which name a server may be called: a page that makes its own name point here (DNS rebinding) calls by that one."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from ipaddress import ip_address

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.settings import Settings
from saldo.web.requests import Problem

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
ALIVE = ("/health", "/live")
"""What load balancers ask by an address."""
PAGE = "/webhooks/widget/"


async def addressed(settings: Settings, request: Request) -> HTTPResponse | None:
    """A refusal if the request is for another server than this, or from elsewhere though this is a demonstration."""
    if request.method == "NONE":  # Sanic's stand-in for one that it could not read
        return None
    if settings.demo and not _is_near(request.remote_addr or request.ip):
        return Problem(HTTPStatus.FORBIDDEN, "A demonstration answers this machine only.").response()
    is_bound = bool(settings.demo or settings.hosts) and not request.path.endswith(ALIVE)
    if is_bound and not goes_by(request.headers.getall("host", []), settings.hosts):
        detail = "This server does not go by that name (SALDO_HOSTS)."
        return Problem(HTTPStatus.MISDIRECTED_REQUEST, detail).response()
    if request.path == "/":  # Rasa would tell its version
        if settings.demo:
            return response.redirect(PAGE)
        return Problem(HTTPStatus.NOT_FOUND, "There is nothing here.").response()
    return None


def goes_by(named: Collection[str], hosts: Collection[str]) -> bool:
    """Whether the one name that a request gives, without its port, is this machine's own or one of these."""
    if len(named) != 1:
        return False
    (name,) = (one.lower() for one in named)
    bare = name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]
    return bare in OWN_NAMES or bare in hosts


def _is_near(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:  # a socket file, or what a proxy made up
        return not address
