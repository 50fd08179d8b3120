"""The project is an ordinary Rasa project: its own commands validate it, test it and run it, as safely as ours do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from saldo.identity import key_of, mint
from saldo.settings import Settings
from tests.support import CHECKOUT, TODAY, own_figures
from tests.waiting import DEADLINE, START, until

pytestmark = pytest.mark.slow
RASA = Path(sys.executable).with_name("rasa")
QUESTION = "Waarom staan er 60 licenties op mijn factuur terwijl we er 10 hebben?"
START_SECONDS = 180


def environment(home: Path) -> dict[str, str]:
    own = {"SALDO_HOME": str(home), "SALDO_TODAY": TODAY, "RASA_TELEMETRY_ENABLED": "false"}
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


def post(url: str, body: Any) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
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


def test_a_forged_call_of_the_action_server_reads_no_figures(stock: Stock) -> None:
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
    said = post(f"{stock.actions}/webhook", call)["responses"]
    assert said
    assert own_figures({"said": said, **said[0]["custom"]}) == set()


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
