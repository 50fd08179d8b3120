"""The only way from here into a helpdesk: what is written there is private, by the way the request is built.

Whatever text an adapter hands over, the fields that make it private are put over it, and no other field than those
named goes out. There is no kind of request here that a customer would see.
"""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from saldo.errors import BadSetting, SaldoError

SECONDS = 10.0
"""How long a helpdesk may take to answer."""
MOST_BYTES = 30_000_000
NAME_OF_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class HelpdeskFault(SaldoError):
    """A helpdesk that does not answer, or not as its documents say; trying again may help."""

    def __init__(self, what: str, status: int = 0) -> None:
        super().__init__(what)
        self.status = status


@dataclass(frozen=True)
class Kind:
    """One thing that can be laid into a helpdesk."""

    method: Literal["POST", "PUT"]
    path: str
    """With a place for each number that it takes."""
    fields: frozenset[str]
    """What may be filled in."""
    fixed: Mapping[str, Any]
    """What makes it private, or leaves everything else as it is."""


ZAMMAD_NOTE = Kind(
    "POST",
    "/api/v1/ticket_articles",
    frozenset({"ticket_id", "subject", "body"}),
    {"type": "note", "internal": True, "content_type": "text/plain"},
)
"""An article that agents see."""
ZAMMAD_DRAFT = Kind(
    "PUT", "/api/v1/tickets/{}/shared_draft", frozenset({"new_article"}), {"ticket_attributes": {}}
)  # fmt: skip
"""The ticket's one shared draft: an agent opens it, edits it, and sends it or not."""
CHATWOOT_NOTE = Kind(
    "POST",
    "/api/v1/accounts/{}/conversations/{}/messages",
    frozenset({"content"}),
    {"private": True, "message_type": "outgoing", "content_type": "text"},
)
"""A private note, which agents see."""
KINDS = (ZAMMAD_NOTE, ZAMMAD_DRAFT, CHATWOOT_NOTE)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows nowhere: the token is for one server."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Server:
    """A helpdesk's API: reads, and lays what is private."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self.url, self._headers = url, headers
        self._opener = urllib.request.build_opener(_NoRedirect)

    def read(self, path: str) -> bytes:
        """What is there; HelpdeskFault."""
        return self._call(urllib.request.Request(f"{self.url}{path}", method="GET"))

    def lay(self, kind: Kind, place: tuple[int, ...], content: Mapping[str, Any]) -> Any:
        """Lay something private down; the answer's JSON, None if it is none. HelpdeskFault."""
        if kind not in KINDS or set(content) - kind.fields:
            raise ValueError("only what is private can be laid down")
        body = json.dumps({**content, **kind.fixed}).encode()
        request = urllib.request.Request(f"{self.url}{kind.path.format(*map(int, place))}", body, method=kind.method)
        request.add_header("Content-Type", "application/json")
        return json_of(self._call(request))

    def _call(self, request: urllib.request.Request) -> bytes:
        for name, value in self._headers.items():
            request.add_header(name, value)
        asked = f"{request.get_method()} {urlsplit(request.full_url).path} at {urlsplit(self.url).hostname}"
        try:
            with self._opener.open(request, timeout=SECONDS) as reply:
                return bytes(reply.read(MOST_BYTES))
        except HTTPError as error:
            error.close()
            raise HelpdeskFault(f"{asked} was answered with {error.code}.", error.code) from None
        except (URLError, OSError, ValueError) as error:
            why = getattr(error, "reason", error)
            raise HelpdeskFault(f"{asked} failed ({type(why).__name__}).") from None


def json_of(data: bytes) -> Any:
    """JSON, or None if it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def address_of(name: str, value: str) -> str:
    """A helpdesk's address as it was set under that name; BadSetting unless a token may be sent there."""
    try:
        parts = urlsplit(value)
        usable = parts.hostname and not parts.username and not parts.query and not parts.fragment
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in NAME_OF_THIS_MACHINE)
    except ValueError:
        usable = is_safe = False
    if not (usable and is_safe):
        raise BadSetting(name, "…", "an https: address such as https://helpdesk.example.com, without a password")
    return value.rstrip("/")
