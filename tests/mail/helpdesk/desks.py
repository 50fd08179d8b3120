"""A helpdesk's API on a real socket, as far as the adapters call it: it keeps what it is given, and refuses the rest.

Paths, shapes and codes are those of the public API documents; `public` holds whatever a customer would have seen.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).with_name("payloads")


def payload(name: str) -> Any:
    """A payload as the public documents have it."""
    return json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class Desk:
    """What one fake helpdesk has and was told."""

    port: int = 0
    calls: list[tuple[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    mails: dict[int, bytes] = field(default_factory=dict)
    """The mail as it came, by the number of its article."""
    articles: list[dict[str, Any]] = field(default_factory=list)
    drafts: dict[int, dict[str, Any]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    fail: list[int] = field(default_factory=list)
    """How the next writes end: 0 well, 200 done and the answer lost, else refused with that code."""
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def public(self) -> list[dict[str, Any]]:
        """All that a customer would have got to see."""
        seen = [each for each in self.articles if not (each.get("internal") is True and each.get("type") == "note")]
        return seen + [each for each in self.messages if each.get("private") is not True]

    @property
    def notes(self) -> list[dict[str, Any]]:
        return [*self.articles, *self.messages]

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Code and content."""
        for known, pattern, act in self.routes:
            found = re.fullmatch(pattern, path)
            if known == method and found:
                return act(self, [int(each) for each in found.groups()], body)
        self.refused.append(f"{method} {path}")
        return 400, {"error": "unknown"}

    def plain(self, numbers: list[int], _: Any) -> tuple[int, Any]:
        mail = self.mails.get(numbers[0])
        return (200, mail) if mail is not None else (404, {"error": "No such object"})

    def by_ticket(self, numbers: list[int], _: Any) -> tuple[int, Any]:
        return 200, [each for each in self.articles if each["ticket_id"] == numbers[0]]

    def note(self, _: list[int], body: Any) -> tuple[int, Any]:
        self.articles.append(body)
        return 201, {"id": 1000 + len(self.articles), **body}

    def draft(self, numbers: list[int], _: Any) -> tuple[int, Any]:
        held = self.drafts.get(numbers[0])
        if held is None:
            return 200, {"shared_draft_id": None, "assets": None}
        reply = payload("zammad_shared_draft")
        reply["assets"]["TicketSharedDraftZoom"]["2"].update(ticket_id=numbers[0], **held)
        return 200, reply

    def put_draft(self, numbers: list[int], body: Any) -> tuple[int, Any]:
        self.drafts[numbers[0]] = body
        return self.draft(numbers, None)

    def conversation(self, numbers: list[int], _: Any) -> tuple[int, Any]:
        return 200, {"meta": {}, "payload": [each for each in self.messages if each["place"] == numbers]}

    def message(self, numbers: list[int], body: Any) -> tuple[int, Any]:
        self.messages.append({**body, "place": numbers})
        return 200, {"id": 2000 + len(self.messages), **body}

    routes = (
        ("GET", r"/api/v1/ticket_article_plain/(\d+)", plain),
        ("GET", r"/api/v1/ticket_articles/by_ticket/(\d+)", by_ticket),
        ("POST", r"/api/v1/ticket_articles", note),
        ("GET", r"/api/v1/tickets/(\d+)/shared_draft", draft),
        ("PUT", r"/api/v1/tickets/(\d+)/shared_draft", put_draft),
        ("GET", r"/api/v1/accounts/(\d+)/conversations/(\d+)/messages", conversation),
        ("POST", r"/api/v1/accounts/(\d+)/conversations/(\d+)/messages", message),
    )


@contextmanager
def running() -> Iterator[Desk]:
    """A fake helpdesk on a port of its own."""
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            desk.calls.append((self.command, self.path))
            desk.headers.append({name.lower(): value for name, value in self.headers.items()})
            code = desk.fail.pop(0) if desk.fail and self.command != "GET" else 0
            status, content = (code, {}) if code >= 300 else self._answer(data)
            if code == 200:
                self.close_connection = True
                return
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if 300 <= status < 400:
                self.send_header("Location", f"{desk.url}/elsewhere")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def _answer(self, data: bytes) -> tuple[int, Any]:
            return desk.answer(self.command, self.path, json.loads(data) if data else None)

        do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = handle_any

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    desk.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
