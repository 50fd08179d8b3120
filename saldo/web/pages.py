"""What browsers load: the widget's script and words, the demonstration's page and its sample customers."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any

import jwt
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.faq import LANGUAGES
from saldo.rasa_runtime.channel import OnNewMessage
from saldo.storage.engines import off_loop
from saldo.web.auth.host_tokens import AUDIENCE
from saldo.web.bundle import Packed
from saldo.web.context import WebContext
from saldo.web.middleware import json
from saldo.web.requests import Problem, body_of, browser_language

STATIC = Path(__file__).parent / "static"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors "
)
PAGE_HEADERS = {
    "Content-Security-Policy": f"{POLICY}'self'",
    "Cache-Control": "no-cache",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_ALL = {"Access-Control-Allow-Origin": "*"}
FOR_EVER = "public, max-age=31536000, immutable"
THEMES = ("light", "dark")
JAVASCRIPT = "text/javascript; charset=utf-8"
PINNED = re.compile(r"saldo-chat-([0-9a-f]{12})[.]js")


async def page(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """The page that `saldo serve` prints the address of."""
    if not request.path.endswith("/"):  # what the page names stands beside it
        return response.redirect(f"{request.path}/")
    language = browser_language(request)
    content = _template("index.html").render(language=language, says=context.faq.words[language].says)
    return response.html(content, headers={**PAGE_HEADERS, "Vary": "Accept-Language"})


async def frame(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """The widget alone, for an iframe on a page of an allowed origin that cannot load a script."""
    wished, theme = request.args.get("language", ""), request.args.get("theme", "")
    language, origins = next(filter(wished.startswith, LANGUAGES), None), context.settings.origins
    written = language or browser_language(request)
    says = context.faq.words[written].says
    content = _template("frame.html").render(
        language=language, written=written, theme=theme if theme in THEMES else None, says=says, origins=origins
    )
    policy = " ".join([f"{POLICY}'self'", *origins])
    return response.html(
        content, headers={**PAGE_HEADERS, "Content-Security-Policy": policy, "Vary": "Accept-Language"}
    )


async def file(request: Request, context: WebContext, turn: OnNewMessage, name: str, **_: Any) -> HTTPResponse:
    """A file of the page, or the widget as it was when a page pinned it."""
    if pinned := PINNED.fullmatch(name):  # not a route of its own: a parameter takes a whole part of a path
        return _pinned_script(request, context, pinned[1])
    path = STATIC / name
    if path.parent != STATIC or not path.is_file():
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
    kind = "text/plain; charset=utf-8" if path.suffix == ".ts" else None  # typings; systems call them a film
    return await response.file(path, mime_type=kind, headers={"Cache-Control": "no-cache", **FOR_ALL})


async def script(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """The widget, always the newest."""
    return _sent(request, context.script.newest, JAVASCRIPT, {"Cache-Control": "no-cache", **FOR_ALL})


async def words(request: Request, context: WebContext, turn: OnNewMessage, language: str) -> HTTPResponse:
    """The interface words of a language, and the people who can help; all, or the part that is asked for."""
    if language not in LANGUAGES:
        raise Problem(HTTPStatus.NOT_FOUND, "There are words in nl and fi.")
    part = request.args.get("part")
    if (language, part) not in context.words:
        raise Problem(HTTPStatus.BAD_REQUEST, "part must be first or later.")
    return _sent(request, context.words[language, part], "application/json", {"Cache-Control": "no-cache"})


@cache
def _template(name: str) -> Template:
    """A page, in which every word is escaped."""
    return Environment(loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined).get_template(name)


def _sent(request: Request, what: Packed, content_type: str, headers: dict[str, str]) -> HTTPResponse:
    """The file, compressed for who reads that; nothing for who has it already."""
    headers = {**headers, "ETag": f'"{what.version}"', "Vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return response.empty(304, headers)
    read = re.split(r"[\s,;]+", request.headers.get("accept-encoding", "").lower())
    for coding, content in what.compressed.items():
        if coding in read:
            return response.raw(content, content_type=content_type, headers={**headers, "Content-Encoding": coding})
    return response.raw(what.content, content_type=content_type, headers=headers)


def _pinned_script(request: Request, context: WebContext, version: str) -> HTTPResponse:
    pinned = context.script.pinned(version)
    if pinned is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such version; `saldo serve` prints the one there is.")
    return _sent(request, pinned, JAVASCRIPT, {"Cache-Control": FOR_EVER, **FOR_ALL})


def add_routes(routes: Blueprint, context: WebContext, guarded: Callable[..., Any]) -> None:
    """Add the demonstration's two calls."""
    routes.add_route(guarded(_customers, context), "/demo/customers", methods=["GET"], name="demo_customers")
    routes.add_route(guarded(_identity, context), "/demo/identity", methods=["POST"], name="demo_identity")


async def _customers(request: Request, context: WebContext, turn: Any) -> HTTPResponse:
    customers = await off_loop(lambda: context.records().customers())
    return json([{"id": one.id, "name": one.name, "language": one.language} for one in customers])


async def _identity(request: Request, context: WebContext, turn: Any) -> HTTPResponse:
    wanted = body_of(request).get("customer")
    if not isinstance(wanted, str):
        raise Problem(HTTPStatus.BAD_REQUEST, "customer must be an id.")
    now = int(time.time())
    claims = {
        "iss": context.settings.identity_issuer or "demo",
        "aud": AUDIENCE,
        "sub": wanted,
        "iat": now,
        "exp": now + 300,
        "jti": uuid.uuid4().hex,
    }
    token = jwt.encode(claims, context.demo_key.key, algorithm=context.demo_key.algorithm, headers={"kid": "demo"})
    return json({"identity": token})
