"""Another application, of another origin: its pages embed the widget as the documents say, each under the strictest
policy that its way allows."""

from __future__ import annotations

import http.server
from http.cookies import SimpleCookie
from typing import Any

from tests.serving import Server
from tests.snippets import EXAMPLE, snippet
from tests.support import Caller

OWN = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'self'"
BY_SCRIPT = f"{OWN}; script-src {{0}}; connect-src {{0}}"
BY_FRAME = f"{OWN}; frame-src {{0}}; script-src 'self'; connect-src 'self'"
PAGE = """<!doctype html><html lang="nl"><meta name="viewport" content="width=device-width"><title>Host</title>
<link rel="stylesheet" href="/host.css">{1}<main><h1>Host</h1>{0}</main>"""
ASKED = '<script src="/host.js"></script>'
"""Who is signed in; it stands before the frame."""
STYLE = "body { margin: 0 } iframe { display: block; width: 100%; height: 600px; border: 0 }"
CUSTOMER = "customer"
"""The cookie that says who is signed in here."""


def host_of(bot: Server) -> type[http.server.BaseHTTPRequestHandler]:
    """The application's pages: `/` pins the widget, `/plain` has its newest, `/framed` frames it."""
    saldo = f"http://localhost:{bot.port}"

    def shown(section: str, language: str) -> str:
        return snippet("embedding.md", section, language).replace(EXAMPLE, saldo)

    class Host(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, _, language = self.path.partition("?")
            if path == "/":
                self._reply("text/html", PAGE.format(bot.embedding(), ""), BY_SCRIPT)
            elif path == "/plain":
                self._reply("text/html", PAGE.format(shown("Plain HTML", "html"), ""), BY_SCRIPT)
            elif path == "/framed":
                frame = shown("In an iframe", "html").replace("language=nl", f"language={language}")
                self._reply("text/html", PAGE.format(frame, ASKED), BY_FRAME)
            elif path == "/host.js":
                self._reply("text/javascript", shown("In an iframe", "js"))
            elif path == "/host.css":
                self._reply("text/css", STYLE)
            elif path == "/saldo-identity":
                self._identity()
            else:
                self.send_error(404)

        def _identity(self) -> None:
            customer = SimpleCookie(self.headers["Cookie"]).get(CUSTOMER)
            self._reply("text/plain", identity_of(bot, customer.value) if customer else "")

        def _reply(self, kind: str, content: str, policy: str = "") -> None:
            self.send_response(200 if content else 204)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Cache-Control", "no-store")
            if policy:
                self.send_header("Content-Security-Policy", policy.format(saldo))
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Host


def identity_of(bot: Server, customer: str) -> str:
    """A token for a sample customer, signed with the demonstration's key."""
    reply = Caller(bot.port, "127.0.0.1").post("/demo/identity", {"customer": customer})
    return str(reply.json()["identity"])
