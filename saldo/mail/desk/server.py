"""The desk's web server: on this machine only, for whoever knows the token, and for no other page."""

from __future__ import annotations

import logging
from functools import partial
from http import HTTPStatus
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse

from saldo.errors import SaldoError, place_of
from saldo.mail.desk.desk import Desk
from saldo.mail.desk.endpoints import ENDPOINTS, Endpoint
from saldo.mail.desk.folder import DraftChanged, NoSuchMail
from saldo.mail.desk.requests import Problem, refuse_strangers, refuse_unknown

log = logging.getLogger(__name__)
HOST = "127.0.0.1"
STATIC = Path(__file__).parent / "static"
MOST_BYTES = 1_000_000
"""What a request may weigh."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STATUSES: dict[type[SaldoError], HTTPStatus] = {
    NoSuchMail: HTTPStatus.NOT_FOUND,
    DraftChanged: HTTPStatus.CONFLICT,
}
"""What a mistake is in HTTP; the others are 422."""


def application(desk: Desk, token: str, port: int) -> Sanic:
    """The server, ready to run on that port of this machine."""
    app = Sanic("saldo-desk", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MOST_BYTES
    app.register_middleware(partial(_checked, port), "request")
    app.register_middleware(_dressed, "response")
    app.error_handler.add(SanicException, _refused)
    for method, name, endpoint in ENDPOINTS:
        app.add_route(partial(_answered, endpoint, desk, token), f"/api/{name}", methods=[method], name=name)
    app.add_route(partial(_page, _html(desk)), "/", name="page")
    for file in STATIC.iterdir():
        if file.suffix in (".js", ".css", ".svg"):
            app.add_route(partial(_file, file), f"/{file.name}", name=file.name.replace(".", "_"))
    return app


async def _answered(endpoint: Endpoint, desk: Desk, token: str, request: Request) -> HTTPResponse:
    """Every way a request can fail ends as a problem, never as a traceback."""
    try:
        refuse_unknown(request, token)
        return await endpoint(request, desk)
    except Problem as problem:
        return problem.response()
    except SaldoError as error:
        status = STATUSES.get(type(error), HTTPStatus.UNPROCESSABLE_ENTITY)
        return Problem(status, str(error)).response()
    except Exception as error:  # nobody must lose the page over a fault of ours
        log.error("the desk failed: %s", place_of(error))
        return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "A fault of ours; nothing was lost.").response()


async def _page(html: str, _: Request) -> HTTPResponse:
    return response.html(html)


async def _file(path: Path, _: Request) -> HTTPResponse:
    return await response.file(path)


async def _checked(port: int, request: Request) -> HTTPResponse | None:
    try:
        refuse_strangers(request, port)
    except Problem as problem:
        return problem.response()
    return None


async def _dressed(_: Request, reply: BaseHTTPResponse) -> None:
    reply.headers.update(HEADERS)


def _refused(_: Request, error: SanicException) -> HTTPResponse:
    """What no handler saw, such as an unknown path."""
    status = HTTPStatus(getattr(error, "status_code", 500))
    reply = Problem(status, f"{status.description or status.phrase}.").response()
    reply.headers.update(HEADERS)  # an unknown path never gets as far as what dresses the others
    return reply


def _html(desk: Desk) -> str:
    templates = Environment(loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined)
    return templates.get_template("index.html").render(language=desk.words.language, says=desk.words.texts.page)
