"""The mail that a request carries: as it came over the wire, or by its fields as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from sanic.request import Request

from saldo.mail.helpdesk.fields import list_at, number_at, text_at
from saldo.mail.helpdesk.written import WrittenMail, as_incoming
from saldo.mail.parse.bodies import Attachment
from saldo.mail.parse.incoming import IncomingMail, read
from saldo.web.requests import Problem

MOST_JSON_BYTES = 2_000_000
"""A text as long as is read, in HTML and with every character escaped, and room to spare."""
MOST_ATTACHMENTS = 100
RAW, JSON = "message/rfc822", "application/json"
TEXTS = (
    "from", "subject", "text", "html", "to", "cc", "reply_to", "date", "message_id", "in_reply_to",
    "authentication_results",
)  # fmt: skip
"""The fields that are text. The last is known so that it can be told of: in JSON it proves nobody."""


def mail_of(request: Request) -> Callable[[], IncomingMail]:
    """What reads the mail of a request; a Problem if the request is not of the right form."""
    kind = request.content_type.split(";")[0].strip().lower()
    data: bytes = request.body
    if kind == RAW:
        if not data.strip():
            raise Problem(HTTPStatus.BAD_REQUEST, "The body must be a mail.")
        return lambda: read(data)
    if kind != JSON:
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {RAW} or {JSON}.")
    written = _written(json_object(data))
    return lambda: as_incoming(written)


def json_object(data: bytes) -> Mapping[str, Any]:
    """The JSON object of a body; a Problem if it is none or too large."""
    if len(data) > MOST_JSON_BYTES:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"JSON may have at most {MOST_JSON_BYTES:,} bytes.")
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.")
    return body


def _written(body: Mapping[str, Any]) -> WrittenMail:
    for name in TEXTS:
        if not isinstance(body.get(name), (str, type(None))):
            raise Problem(HTTPStatus.BAD_REQUEST, f"{name} must be text.")
    if not text_at(body, "from").strip():
        raise Problem(HTTPStatus.BAD_REQUEST, "from must be the address of whoever wrote.")
    if not (text_at(body, "text") + text_at(body, "html")).strip():
        raise Problem(HTTPStatus.BAD_REQUEST, "text or html must be what was written.")
    attachments = body.get("attachments")
    if not isinstance(attachments, (list, type(None))) or len(attachments or ()) > MOST_ATTACHMENTS:
        raise Problem(HTTPStatus.BAD_REQUEST, f"attachments must be a list of at most {MOST_ATTACHMENTS}.")
    return WrittenMail(
        sender=text_at(body, "from"),
        subject=text_at(body, "subject"),
        text=text_at(body, "text"),
        html=text_at(body, "html"),
        to=text_at(body, "to"),
        cc=text_at(body, "cc"),
        reply_to=text_at(body, "reply_to"),
        date=text_at(body, "date"),
        message_id=text_at(body, "message_id"),
        in_reply_to=text_at(body, "in_reply_to"),
        is_automatic=body.get("automatic") is True,
        claims_proof=bool(text_at(body, "authentication_results")),
        attachments=tuple(
            Attachment(text_at(each, "name"), text_at(each, "type"), number_at(each, "bytes") or 0)
            for each in list_at(body, "attachments")
        ),
    )
