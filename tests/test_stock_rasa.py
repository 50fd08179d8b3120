"""The project is an ordinary Rasa project: its own commands validate it, test it and run it, as safely as ours do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest
import yaml

from saldo.identity import key_of, mint
from saldo.rasa_runtime.action_server import action_secret
from saldo.settings import Settings
from saldo.web.edge.lines import MOST_IDLE, SILENT
from tests.serving import connected, is_closed
from tests.support import CHECKOUT, TODAY, own_figures
from tests.waiting import DEADLINE, START, until

pytestmark = pytest.mark.slow
RASA = Path(sys.executable).with_name("rasa")
QUESTION = "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?"
ORIGIN = "https://app.example.com"


def environment(home: Path) -> dict[str, str]:
    own = {"SALDO_HOME": str(home), "SALDO_TODAY": TODAY, "SALDO_ORIGINS": ORIGIN, "RASA_TELEMETRY_ENABLED": "false"}
    return {**os.environ, **own, "PYTHONWARNINGS": "ignore"}


def rasa(home: Path, *args: object) -> subprocess.CompletedProcess[str]:
    """Run a stock command in the checkout."""
    command = [str(RASA), *map(str, args)]
    ended = subprocess.run(
        command, cwd=CHECKOUT, env=environment(home), capture_output=True, text=True, check=False, timeout=600
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended


def test_rasa_data_validate_has_no_complaint(home: Path) -> None:
    assert rasa(home, "data", "validate", "--fail-on-warnings").returncode == 0


@pytest.mark.long
def test_rasa_test_follows_the_stories_and_measures_the_questions(home: Path, tmp_path: Path) -> None:
    tested = ("--stories", "tests/test_stories.yml", "--nlu", "tests/questions/nl")
    rasa(home, "test", *tested, "--model", home / "models", "--out", tmp_path, "--no-plot")
    stories = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert stories["correct"] == stories["total"] == 4
    assert json.loads((tmp_path / "intent_report.json").read_text())["accuracy"] > 0.8


@dataclass(frozen=True)
class Stock:
    """A stock Rasa server, and the stock action server beside it."""

    server: str
    actions: str

    def rest(self, message: str, **body: Any) -> str:
        """What the REST channel answers to a message in a new conversation; it parts a text at its blank lines."""
        sent = {"sender": uuid.uuid4().hex, "message": message, **body}
        return "\n\n".join(said["text"] for said in post(f"{self.server}/webhooks/rest/webhook", sent))


def post(url: str, body: Any, secret: str = "") -> Any:
    headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {secret}"} if secret else {})}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=DEADLINE) as reply:
        return json.load(reply)


def status_of(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=DEADLINE) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.fixture(scope="module")
def stock(home: Path, tmp_path_factory: pytest.TempPathFactory, free_ports: tuple[int, int]) -> Iterator[Stock]:
    """`rasa run` with the REST channel and the widget's, and `rasa run actions`."""
    folder, (port, actions_port) = tmp_path_factory.mktemp("stock"), free_ports
    credentials, endpoints = folder / "credentials.yml", folder / "endpoints.yml"
    credentials.write_text("rest:\nsaldo.web.widget.WidgetInput: {}\n")
    own = yaml.safe_load((CHECKOUT / "endpoints.yml").read_text())
    own["action_endpoint"]["url"] = f"http://127.0.0.1:{actions_port}/webhook"
    endpoints.write_text(yaml.safe_dump(own))
    serve = ["run", "--port", port, "-i", "127.0.0.1", "--model", home / "models" / "saldo.tar.gz",
             "--credentials", credentials, "--endpoints", endpoints]  # fmt: skip
    running = [
        subprocess.Popen([str(RASA), *map(str, args)], cwd=CHECKOUT, env=environment(home), stderr=log, stdout=log)
        for args, log in (
            (serve, (folder / "run.log").open("w")),
            (["run", "actions", "--port", actions_port], (folder / "actions.log").open("w")),
        )
    ]
    stock = Stock(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{actions_port}")
    try:
        wait_until_ready(stock, running, folder)
        yield stock
    finally:
        for process in running:
            process.kill()
            process.wait()


def wait_until_ready(stock: Stock, running: list[subprocess.Popen[bytes]], folder: Path) -> None:
    def ready() -> bool:
        assert all(process.poll() is None for process in running), logs()
        return status_of(f"{stock.server}/webhooks/widget/health") == status_of(f"{stock.actions}/health") == 200

    def logs() -> str:
        return "\n".join(log.read_text()[-2000:] for log in folder.glob("*.log"))

    until(ready, logs, seconds=START)


def test_a_dutch_question_over_rest_is_answered_in_plain_text(stock: Stock) -> None:
    answer = stock.rest(QUESTION)
    assert "6 × 10 = 60" in answer
    assert "Helpartikel: " in answer
    assert own_figures({"text": answer}) == set()


def test_a_finnish_question_over_rest_is_answered_in_finnish(stock: Stock) -> None:
    answer = stock.rest("Miten irtisanon palvelun?")
    assert "severa.support@visma.com" in answer
    assert "Asiakastuki" in answer


@pytest.mark.parametrize(
    "metadata",
    [
        {"identity": "forged"},
        {"identity": {"customer": "NL-1001", "level": "verified"}},
        {"identity": mint("another key of at least 32 characters", "NL-1001")},
        {"identity": "\ud800.\ud800.\ud800"},
        {"customer": "NL-1001"},
        {"identity": ["NL-1001"], "language": ["nl"]},
    ],
    ids=["a word", "an object", "another key", "half characters", "a customer", "lists"],
)
def test_a_rest_body_grants_no_figures(stock: Stock, metadata: Any) -> None:
    answer = stock.rest(QUESTION, metadata=metadata)
    assert "6 × 10 = 60" in answer
    assert own_figures({"text": answer}) == set()


def test_a_capability_signed_with_our_key_does(stock: Stock, home: Path) -> None:
    capability = mint(key_of(Settings(home=home)), "NL-1001")
    answer = stock.rest(QUESTION, metadata={"identity": capability})
    assert "2026-0142" in own_figures({"text": answer})


def test_a_slash_over_rest_is_text(stock: Stock) -> None:
    for typed in ('/invoice_quantity{"customer": "NL-1001"}', "/restart", " /session_start"):
        answer = stock.rest(typed)
        assert answer
        assert own_figures({"text": answer}) == set()


def test_a_forged_call_of_the_action_server_reads_no_figures(stock: Stock, home: Path) -> None:
    metadata = {"identity": "forged", "customer": "NL-1001"}
    latest = {"text": QUESTION, "intent": {"name": "invoice_quantity"}, "entities": [], "metadata": metadata}
    event = {"event": "user", "text": QUESTION, "metadata": metadata, "parse_data": latest, "input_channel": "widget"}
    tracker = {
        "sender_id": "NL-1001",
        "slots": {"customer": "NL-1001", "language": "nl"},
        "latest_message": latest,
        "events": [event],
        "paused": False,
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    call = {"next_action": "action_answer", "sender_id": "NL-1001", "tracker": tracker, "domain": {}, "version": "3.6"}
    said = post(f"{stock.actions}/webhook", call, action_secret(Settings(home=home)))["responses"]
    assert said
    assert own_figures({"said": said, **said[0]["custom"]}) == set()


@pytest.mark.fault("the action server is called without its secret, or with another", expected="401, and no action")
@pytest.mark.parametrize("secret", ["", "another secret of at least 32 characters", "\u00e9"])
def test_the_action_server_answers_those_alone_who_have_the_secret(stock: Stock, secret: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(f"{stock.actions}/webhook", {"next_action": "action_answer"}, secret)
    assert refused.value.code == 401
    assert refused.value.headers["content-type"] == "application/problem+json"


def test_the_action_server_listens_on_this_machine_alone(stock: Stock) -> None:
    port = int(stock.actions.rpartition(":")[2])
    sockets = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    assert {one[1].partition(":")[0] for one in sockets if one[1].endswith(f":{port:04X}")} == {"0100007F"}


def test_stock_rasa_has_the_same_guards_as_ours(stock: Stock) -> None:
    """A page of another origin is told whether it may ask, bodies are capped, and every error is a problem."""
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    allowed = call(stock, "/webhooks/widget/messages", "OPTIONS", asks)
    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    large = call(stock, "/webhooks/widget/session", "POST", {"Content-Type": "application/json"}, b"x" * 70_000)
    lost = call(stock, "/nowhere", "GET", {})
    assert (large.status, lost.status) == (413, 404)
    assert {each.headers["content-type"] for each in (large, lost)} == {"application/problem+json"}


@pytest.mark.fault("an address says nothing to stock Rasa", expected="the oldest connections give way")
def test_stock_rasa_keeps_no_silent_connections_of_one_address_beyond_the_most(stock: Stock) -> None:
    port = int(stock.server.rpartition(":")[2])
    with ExitStack() as stack:
        silent = [connected(port, stack) for _ in range(MOST_IDLE + 20)]
        time.sleep(SILENT + 0.1)
        assert status_of(f"{stock.server}/webhooks/widget/live") == 200
        until(lambda: is_closed(silent[0]), "the oldest connection stays open")
        assert not is_closed(silent[-1])


def call(stock: Stock, path: str, method: str, headers: dict[str, str], body: bytes | None = None) -> HTTPResponse:
    connection = HTTPConnection(stock.server.partition("://")[2], timeout=DEADLINE)
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    reply.read()
    connection.close()
    return reply


def test_the_widgets_channel_works_there_too_and_nobody_picks_a_customer(stock: Stock) -> None:
    session = post(f"{stock.server}/webhooks/widget/session", {"language": "nl"})
    assert session["customer"] is None
    assert status_of(f"{stock.server}/webhooks/widget/") == 200
    assert status_of(f"{stock.server}/webhooks/widget/demo/customers") == 404
    with pytest.raises(urllib.error.HTTPError) as refused:
        post(f"{stock.server}/webhooks/widget/demo/identity", {"customer": "NL-1001"})
    assert refused.value.code in (404, 405)


@pytest.mark.parametrize("path", ["/conversations/x/tracker", "/model/parse", "/domain", "/status"])
def test_rasas_own_api_stays_closed(stock: Stock, path: str) -> None:
    assert status_of(f"{stock.server}{path}") == 404
