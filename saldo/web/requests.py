"""What a request carries, read with suspicion; anything unexpected is a Problem that says what would be right."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from sanic.exceptions import InvalidUsage, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from saldo.answers.formats import fill
from saldo.faq import LANGUAGES, Faq
from saldo.language import DEFAULT
from saldo.mail.parse.addresses import canonical
from saldo.text import LONGEST, EmptyText, TextTooLong, usable
from saldo.web.auth.sessions import RENEWABLE, Session, unseal


class Problem(Exception):
    """A request that cannot be answered; turned into a response at the channel's edge."""

    def __init__(self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers or {}

    def response(self) -> HTTPResponse:
        body: dict[str, Any] = {"type": "about:blank", "title": self.status.phrase, "status": int(self.status)}
        return json(
            {**body, "detail": self.detail},
            status=int(self.status),
            headers={"Cache-Control": "no-store", **self.headers},
            content_type="application/problem+json",
        )


def problem_of(error: SanicException) -> Problem:
    """What the server itself refuses: an unknown path, another method, a body that is no JSON."""
    status = HTTPStatus(getattr(error, "status_code", 500))
    return Problem(status, f"{status.description or status.phrase}.", getattr(error, "headers", None))


SOON = 3
"""Seconds after which to come again when something is away or busy."""
MOST_BYTES = 32_768
"""A message of the longest text, each character escaped, and room to spare."""
DEEPEST = 4
"""Levels that a body may nest; the contract needs one."""
LONGEST_COMMENT = 1000
NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")
LONGEST_ADDRESS = 254
ADDRESS = re.compile(r"[^\s\"@]+@[^@.]+(?:[.][^@.]+)+")
"""An address that a reply can be sent to from elsewhere: its domain has a dot, and nothing in it needs quotes."""


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object that a request carries; empty if it carries nothing."""
    if not request.body:
        return {}
    if len(request.body) > MOST_BYTES:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body may have at most {MOST_BYTES} bytes.")
    if request.content_type.split(";")[0].strip().lower() != "application/json":
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.")
    try:
        body = request.json
    except InvalidUsage:  # no JSON, or nested without an end
        body = None
    if not isinstance(body, dict) or _is_deeper(body, DEEPEST):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.")
    return body


def session_of(request: Request, key: str) -> Session:
    """The session whose token the request bears."""
    session = unseal(key, request.token or "")
    if session is None:
        raise ended()
    return session


def ended() -> Problem:
    """The answer to a token that is good no more, or never was."""
    return Problem(HTTPStatus.UNAUTHORIZED, "The session has ended; begin a new one.", {"WWW-Authenticate": "Bearer"})


def away(request: Request, faq: Faq, key: str, said: str = "away", wait: int = SOON) -> Problem:
    """What a customer is told while something that a turn needs is away: nothing is lost, and whom to write to."""
    session = unseal(key, request.token or "", grace=RENEWABLE)
    language = session.language if session else browser_language(request)
    people = {name: contact.email for name, contact in faq.words[language].contacts.items() if contact.email}
    told = fill(faq.says(said, language), people, language)
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, told, {"Retry-After": str(wait)})


def language_of(body: dict[str, Any]) -> str | None:
    """The language that the customer chose, if any."""
    language = body.get("language")
    if language not in (None, *LANGUAGES):
        raise Problem(HTTPStatus.BAD_REQUEST, "language must be nl or fi.")
    return language


def browser_language(request: Request) -> str:
    """The language of ours that the browser asks for first; Dutch if it asks for neither."""
    asked = [part.split(";")[0].strip().lower()[:2] for part in request.headers.get("accept-language", "").split(",")]
    return next((code for code in asked if code in LANGUAGES), DEFAULT)


def text_of(body: dict[str, Any], faq: Faq, language: str) -> str | None:
    """What was typed, if anything was; a customer reads what is wrong with it, so it is told in their language."""
    text = body.get("text")
    if text is None:
        return None
    if not isinstance(text, str):
        raise Problem(HTTPStatus.BAD_REQUEST, "text must be text.")
    try:
        return usable(text)
    except EmptyText:
        raise Problem(HTTPStatus.BAD_REQUEST, faq.says("empty", language)) from None
    except TextTooLong:
        detail = fill(faq.says("too_long", language), {"limit": LONGEST}, language)
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail) from None


def message_id_of(body: dict[str, Any]) -> str | None:
    """The id that the sender gave its message, so that it can send it again without saying it twice."""
    name = body.get("id")
    if name is not None and not (isinstance(name, str) and NAME.fullmatch(name)):
        raise Problem(HTTPStatus.BAD_REQUEST, "id must be 8 to 64 letters, digits, - or _.")
    return name


def verdict_of(body: dict[str, Any]) -> tuple[str, bool, str | None]:
    """A feedback: which message, whether it helped, and a comment if there is one."""
    message, helpful, comment = body.get("message"), body.get("helpful"), body.get("comment")
    if not isinstance(message, str) or not isinstance(helpful, bool):
        raise Problem(HTTPStatus.BAD_REQUEST, "message must be an id and helpful true or false.")
    if not isinstance(comment, (str, type(None))):
        raise Problem(HTTPStatus.BAD_REQUEST, "comment must be text.")
    if comment and len(comment) > LONGEST_COMMENT:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"comment may have at most {LONGEST_COMMENT} characters.")
    try:
        return message, helpful, usable(comment) if comment else None
    except EmptyText:
        return message, helpful, None


def address_of(body: dict[str, Any], faq: Faq, language: str) -> str | None:
    """The mail address that a customer gave to be answered at, in its one way of writing; None if they gave none."""
    given = body.get("email")
    if given is None or given == "":
        return None
    if not isinstance(given, str):
        raise Problem(HTTPStatus.BAD_REQUEST, "email must be text.")
    address = canonical(given) if len(given) <= LONGEST_ADDRESS else None
    if address is None or not ADDRESS.fullmatch(address):
        raise Problem(HTTPStatus.BAD_REQUEST, faq.says("widget_handover_bad_address", language))
    return address


def cursor_of(request: Request) -> int:
    """The place in the conversation to go on from."""
    after = request.args.get("after", "0")
    if not after.isdecimal() or len(after) > 9:
        raise Problem(HTTPStatus.BAD_REQUEST, "after must be a number.")
    return int(after)


def _is_deeper(value: Any, levels: int) -> bool:
    """Whether it nests deeper than that; looks no further down, so that no body exhausts the stack."""
    if levels == 0:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_is_deeper(one, levels - 1) for one in inner)
