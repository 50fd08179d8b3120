"""docs/embedding.md's nginx before a server: TLS, compression, and whose address is counted."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any, NoReturn

import brotli
import pytest

from tests.conftest import environment_of
from tests.serving import Server, free_port
from tests.snippets import snippet
from tests.support import Reply, answer_of
from tests.waiting import DEADLINE, until

SESSIONS = 3
"""That one address may begin in a minute, here."""
OWN_FOLDERS = "".join(f"{kind}_temp_path {kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
CERTIFICATE = "req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost"


@dataclass(frozen=True)
class Front:
    """The proxy, called by TLS; the certificate that it shows is the only one believed."""

    port: int
    context: ssl.SSLContext

    def call(
        self, address: str, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """One request below `/webhooks/widget`, from an address of this machine's."""
        content = {"Content-Type": "application/json"} if body is not None else {}
        connection = HTTPSConnection(
            "localhost", self.port, context=self.context, timeout=DEADLINE, source_address=(address, 0)
        )
        sent = None if body is None else json.dumps(body)
        connection.request(method, f"/webhooks/widget{path}", sent, {**content, **(headers or {})})
        return answer_of(connection)


@pytest.fixture(scope="module")
def behind(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that believes one proxy."""
    own = {"SALDO_PROXIES": "1", "SALDO_SESSIONS_PER_MINUTE": str(SESSIONS)}
    log = tmp_path_factory.mktemp("behind") / "server.log"
    server = Server(free_port(), {**environment_of(home), **own}, log)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def front(
    behind: Server, tmp_path_factory: pytest.TempPathFactory, needs_service: Callable[[str], NoReturn]
) -> Iterator[Front]:
    """nginx with the document's configuration; only ports and places are this machine's."""
    command = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if command is None or shutil.which("openssl") is None:
        needs_service("no nginx or no openssl here: apt-get install nginx-light openssl")
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    made = ["openssl", *CERTIFICATE.split(), "-out", "saldo.example.com.pem", "-keyout", "saldo.example.com.key"]
    subprocess.run(made, cwd=folder, check=True, capture_output=True)
    shown = snippet("embedding.md", "TLS and compression in front", "nginx")
    for documented, here in (
        ("listen 443 ", f"listen 127.0.0.1:{port} "),
        ("/etc/ssl/", f"{folder}/"),
        ("127.0.0.1:5005", f"127.0.0.1:{behind.port}"),
        ("http {\n", f"http {{ {OWN_FOLDERS}\n"),
    ):
        assert documented in shown
        shown = shown.replace(documented, here)
    (folder / "nginx.conf").write_text(f"daemon off; pid nginx.pid; error_log stderr;\n{shown}")
    with (folder / "log").open("wb") as log:
        nginx = subprocess.Popen([command, "-p", folder, "-c", "nginx.conf", "-e", "stderr"], stderr=log)
    try:
        until(lambda: listens(port), lambda: f"nginx did not start: {(folder / 'log').read_text()}")
        yield Front(port, ssl.create_default_context(cafile=str(folder / "saldo.example.com.pem")))
    finally:
        nginx.terminate()
        nginx.wait(DEADLINE)


def listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port)):
        return True


def test_the_page_and_the_script_come_by_tls(front: Front) -> None:
    page = front.call("127.0.0.1", "GET", "/")
    assert page.status == 200
    assert b"<saldo-chat>" in page.body
    assert "max-age" in page.headers["strict-transport-security"]
    script = front.call("127.0.0.1", "GET", "/saldo-chat.js", headers={"Accept-Encoding": "gzip, br"})
    assert script.headers["content-encoding"] == "br"
    assert b"customElements.define" in brotli.decompress(script.body)
    known = {"Accept-Encoding": "gzip, br", "If-None-Match": script.headers["etag"]}
    assert front.call("127.0.0.1", "GET", "/saldo-chat.js", headers=known).status == 304


def test_browsers_are_offered_http_2(front: Front) -> None:
    front.context.set_alpn_protocols(["h2", "http/1.1"])
    plain = socket.create_connection(("127.0.0.1", front.port))
    with front.context.wrap_socket(plain, server_hostname="localhost") as secure:
        assert secure.selected_alpn_protocol() == "h2"
    front.context.set_alpn_protocols(["http/1.1"])


def test_a_turn_is_answered_and_compressed(front: Front, addresses: Iterator[str]) -> None:
    address, own = next(addresses), {"Origin": f"https://localhost:{front.port}"}
    begun = front.call(address, "POST", "/session", {"language": "nl"}, own)
    assert begun.status == 201
    bearer = {**own, "Authorization": f"Bearer {begun.json()['session']}", "Accept-Encoding": "gzip, br"}
    answer = front.call(address, "POST", "/messages", {"text": "Hoe zeg ik Severa op?"}, bearer)
    assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip")
    assert json.loads(gzip.decompress(answer.body))["messages"][0]["topics"] == ["cancel_service"]
    assert answer.headers["cache-control"] == "no-store"


def test_another_origin_is_refused_behind_it_too(front: Front) -> None:
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert front.call("127.0.0.1", "POST", "/session", {}, elsewhere).is_problem(403)


def test_the_customers_address_is_counted_not_the_proxys(front: Front, addresses: Iterator[str]) -> None:
    """Nor one that a customer claims to have."""
    many, other = next(addresses), next(addresses)
    statuses = [front.call(many, "POST", "/session", {}).status for _ in range(SESSIONS + 1)]
    assert statuses == [201] * SESSIONS + [429]
    claimed = {"X-Forwarded-For": "203.0.113.7"}
    assert front.call(many, "POST", "/session", {}, claimed).is_problem(429)
    assert front.call(other, "POST", "/session", {}).status == 201


def test_nothing_but_the_widget_is_passed_on(front: Front) -> None:
    connection = HTTPSConnection("localhost", front.port, context=front.context, timeout=DEADLINE)
    connection.request("POST", "/webhooks/rest/webhook", "{}", {"Content-Type": "application/json"})
    assert answer_of(connection).status == 404
