"""What the desk's requests carry, read with suspicion, and how whatever goes wrong is told."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from sanic.exceptions import InvalidUsage
from sanic.request import Request
from sanic.response import HTTPResponse, json

from saldo.mail.desk.queue import SHOWN, STATES, Shown, State

LONGEST_FIND = 200
MOST_TOPICS = 50


class Problem(Exception):
    """A request that cannot be answered, as RFC 9457 tells it."""

    def __init__(self, status: HTTPStatus, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail

    def response(self) -> HTTPResponse:
        body = {"type": "about:blank", "title": self.status.phrase, "status": int(self.status), "detail": self.detail}
        return json(body, status=int(self.status), content_type="application/problem+json")


def refuse_strangers(request: Request, port: int) -> None:
    """Problem unless the browser called this machine by a name of its own: other names may be made to lead here."""
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    if request.headers.get("host", "").lower() not in hosts:
        raise Problem(HTTPStatus.MISDIRECTED_REQUEST, "The desk is at 127.0.0.1 and nowhere else.")
    origin = request.headers.get("origin")
    if origin is not None and origin.lower() not in {f"http://{host}" for host in hosts}:
        raise Problem(HTTPStatus.FORBIDDEN, "Only the desk's own page may call it.")


def refuse_unknown(request: Request, token: str) -> None:
    """Problem unless the request bears the token that was printed at the start."""
    if not hmac.compare_digest((request.token or "").encode("utf-8", "replace"), token.encode()):
        raise Problem(HTTPStatus.UNAUTHORIZED, "Open the address that the command printed.")


def body_of(request: Request) -> Mapping[str, Any]:
    """The JSON object that a request carries."""
    if request.content_type.split(";")[0].strip().lower() != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
    try:
        body = request.json
    except (InvalidUsage, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.")
    return body


def text_in(body: Mapping[str, Any], name: str) -> str:
    """A text that the body must hold."""
    value = body.get(name)
    if not isinstance(value, str):
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} must be text.")
    return value


def topics_in(body: Mapping[str, Any]) -> Sequence[str]:
    """The topics that the body must name."""
    value = body.get("topics")
    if not isinstance(value, list) or len(value) > MOST_TOPICS or not all(isinstance(each, str) for each in value):
        raise Problem(HTTPStatus.BAD_REQUEST, "topics must be a list of topics.")
    return value


def state_in(body: Mapping[str, Any]) -> State:
    """What became of a mail. That it lies in Drafts nobody says but the desk itself."""
    value = body.get("state")
    for state in STATES:
        if value == state and state != "in_drafts":
            return state
    raise Problem(HTTPStatus.BAD_REQUEST, "state must be open, handled or not_a_question.")


def page_of(request: Request) -> tuple[Shown, str, int]:
    """Which part of the queue, what is looked for in it, and which page."""
    shown, number = request.args.get("show", "open"), request.args.get("page", "0")
    for each in SHOWN:
        if shown == each and number.isdecimal() and len(number) < 9:
            return each, request.args.get("find", "")[:LONGEST_FIND], int(number)
    raise Problem(HTTPStatus.BAD_REQUEST, "show must be open, done or skipped, and page a number.")
