"""The demonstration's own host application: lets one pick a sample customer and signs for it. Only with `--demo`."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import jwt
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.web.auth.host_tokens import AUDIENCE
from saldo.web.context import WebContext
from saldo.web.middleware import json
from saldo.web.problems import Problem
from saldo.web.requests import body_of


def add_routes(routes: Blueprint, office: WebContext, guarded: Callable[..., Any]) -> None:
    """Add the demonstration's two calls."""
    routes.add_route(guarded(_customers, office), "/demo/customers", methods=["GET"], name="demo_customers")
    routes.add_route(guarded(_identity, office), "/demo/identity", methods=["POST"], name="demo_identity")


async def _customers(request: Request, office: WebContext, turn: Any) -> HTTPResponse:
    customers = [{"id": one.id, "name": one.name, "language": one.language} for one in office.records().customers()]
    return json(customers)


async def _identity(request: Request, office: WebContext, turn: Any) -> HTTPResponse:
    wanted = body_of(request).get("customer")
    if not isinstance(wanted, str):
        raise Problem(HTTPStatus.BAD_REQUEST, "customer must be an id.")
    now = int(time.time())
    claims = {
        "iss": office.settings.identity_issuer or "demo",
        "aud": AUDIENCE,
        "sub": wanted,
        "iat": now,
        "exp": now + 300,
        "jti": uuid.uuid4().hex,
    }
    token = jwt.encode(claims, office.demo_key.key, algorithm=office.demo_key.algorithm, headers={"kid": "demo"})
    return json({"identity": token})
