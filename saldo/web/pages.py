"""What browsers load: the widget's script and words, the demonstration's page and its sample customers."""

from __future__ import annotations

import gzip
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
from saldo.language import DEFAULT
from saldo.rasa_runtime.channel import OnNewMessage
from saldo.web.auth.host_tokens import AUDIENCE
from saldo.web.context import WebContext
from saldo.web.middleware import json
from saldo.web.requests import Problem, body_of

STATIC = Path(__file__).parent / "static"
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-cache",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FOR_ALL = {"Access-Control-Allow-Origin": "*"}
"""Code is public; what it may ask for is what the edge guards."""
FOR_EVER = "public, max-age=31536000, immutable"
PINNED = re.compile(r"saldo-chat-([0-9a-f]{12})[.]js")
PEOPLE = ("invoicing", "support")
"""The contacts that the widget always shows."""


async def page(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """The page that `saldo serve` prints the address of."""
    if not request.path.endswith("/"):  # what the page names stands beside it
        return response.redirect(f"{request.path}/")
    language = _preferred(request)
    content = _template().render(language=language, says=context.faq.words[language].says)
    return response.html(content, headers={**PAGE_HEADERS, "Vary": "Accept-Language"})


async def file(request: Request, context: WebContext, turn: OnNewMessage, name: str, **_: Any) -> HTTPResponse:
    """A file of the page, or the widget as it was when a page pinned it."""
    if pinned := PINNED.fullmatch(name):  # not a route of its own: a parameter takes a whole part of a path
        return _pinned_script(request, context, pinned[1])
    path = STATIC / name
    if path.parent != STATIC or not path.is_file():
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such file.")
    return await response.file(path, headers={"Cache-Control": "no-cache", **FOR_ALL})


async def script(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """The widget, always the newest."""
    headers = {"Cache-Control": "no-cache", "ETag": f'"{context.script.version}"', **FOR_ALL}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return response.empty(304, headers)
    return _javascript(request, context.script.content, context.script.compressed, headers)


async def words(request: Request, context: WebContext, turn: OnNewMessage, language: str) -> HTTPResponse:
    """The interface words of a language, and the people who can help."""
    if language not in LANGUAGES:
        raise Problem(HTTPStatus.NOT_FOUND, "There are words in nl and fi.")
    spoken = context.faq.words[language]
    people = [{"label": spoken.contacts[name].label, "email": spoken.contacts[name].email} for name in PEOPLE]
    return json({**spoken.says, "contacts": people})


@cache
def _template() -> Template:
    """The page, in which every word is escaped."""
    return Environment(loader=FileSystemLoader(STATIC), autoescape=True, undefined=StrictUndefined).get_template(
        "index.html"
    )


def _preferred(request: Request) -> str:
    """The language of ours that the browser asks for first; Dutch if it asks for neither."""
    asked = [part.split(";")[0].strip().lower()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((code for code in asked if code in LANGUAGES), DEFAULT)


def _javascript(request: Request, content: bytes, compressed: bytes, headers: dict[str, str]) -> HTTPResponse:
    headers = {**headers, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        content, headers = compressed, {**headers, "Content-Encoding": "gzip"}
    return response.raw(content, content_type="text/javascript; charset=utf-8", headers=headers)


def _pinned_script(request: Request, context: WebContext, version: str) -> HTTPResponse:
    content = context.script.pinned(version)
    if content is None:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such version; `saldo serve` prints the one there is.")
    headers = {"Cache-Control": FOR_EVER, **FOR_ALL}
    return _javascript(request, content, gzip.compress(content, mtime=0), headers)


def add_routes(routes: Blueprint, context: WebContext, guarded: Callable[..., Any]) -> None:
    """Add the demonstration's two calls."""
    routes.add_route(guarded(_customers, context), "/demo/customers", methods=["GET"], name="demo_customers")
    routes.add_route(guarded(_identity, context), "/demo/identity", methods=["POST"], name="demo_identity")


async def _customers(request: Request, context: WebContext, turn: Any) -> HTTPResponse:
    customers = [{"id": one.id, "name": one.name, "language": one.language} for one in context.records().customers()]
    return json(customers)


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
