"""`saldo mail serve` as it is started, with the trained model: its key, drafts with figures, a line for a mistake."""

from __future__ import annotations

import json
import re
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.commands.test_mail import MESSAGES, saldo
from tests.serving import clean_environment, free_port
from tests.support import CHECKOUT, Json
from tests.waiting import DEADLINE, START, until


@dataclass
class Serving:
    port: int
    home: Path
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def key(self) -> Path:
        return self.home / "var" / "mail-serve-key"

    def call(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        found = reply.status, reply.read()
        connection.close()
        return found

    def draft(self, body: bytes, kind: str) -> Json:
        bearer = f"Bearer {self.key.read_text()}"
        status, content = self.call("POST", "/mail/draft", body, Content_Type=kind, Authorization=bearer)
        assert status == 200, content
        return dict(json.loads(content))


@pytest.fixture(scope="module")
def serving(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    port, log = free_port(), tmp_path_factory.mktemp("serve") / "log"
    more = {"SALDO_HOME": str(home), "SALDO_TODAY": "2026-11-22", "SALDO_MAIL_AUTHSERV_ID": "mx.saldo.example"}
    command = [str(CHECKOUT / ".venv" / "bin" / "saldo"), "mail", "serve", "--port", str(port)]
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=clean_environment(**more), stdout=file, stderr=subprocess.STDOUT)
    running = Serving(port, home, process, log)

    def ready() -> bool:
        assert process.poll() is None, log.read_text()
        return running.call("GET", "/mail/health")[0] == 200

    until(ready, lambda: log.read_text(), seconds=START)
    yield running
    process.send_signal(signal.SIGINT)
    assert process.wait(DEADLINE) == 0
    assert "Traceback" not in log.read_text()


def test_it_says_in_one_line_where_it_is_and_where_its_secret_lies(serving: Serving) -> None:
    until(lambda: "Saldo drafts mails" in serving.log.read_text(), "it says where it is")
    (line,) = serving.log.read_text().splitlines()
    assert line.startswith(f"Saldo drafts mails at http://127.0.0.1:{serving.port}/mail/draft")
    assert str(serving.key) in line and serving.key.read_text() not in line
    assert stat.S_IMODE(serving.key.stat().st_mode) == 0o600


def test_a_proven_customer_gets_their_own_figures_and_fields_prove_nobody(serving: Serving) -> None:
    raw = (MESSAGES / "nl" / "02_seats_and_remove.eml").read_bytes()
    proven = serving.draft(raw, "message/rfc822")
    assert proven["review"]["identity"] == "authenticated" and proven["review"]["facts"]
    assert "2 = 10 − 8" in proven["draft"]["text"]
    text = "Wij worden gefactureerd voor 10 gebruikers, maar er werken er nog maar 8 met Severa. Hoe kan dat?"
    mail = {"from": proven["review"]["from"], "subject": "Licenties", "text": text}
    fields = serving.draft(json.dumps(mail).encode(), "application/json")
    assert (fields["review"]["identity"], fields["review"]["facts"]) == ("known", [])
    assert fields["draft"] and "2026-" not in fields["draft"]["text"]


def test_a_finnish_order_is_a_persons(serving: Serving) -> None:
    mail = {"from": "a@b.example", "text": "Irtisanomme palvelun täten 31.12. alkaen. Vahvistakaa, olkaa hyvä."}
    body = serving.draft(json.dumps(mail).encode(), "application/json")
    assert (body["draft"], body["review"]["outcome"]) == (None, "person")
    assert body["note"].startswith("Asiakaspalvelijan pitää katsoa tämä ensin.")


def test_what_the_page_on_helpdesks_has_one_type_works(serving: Serving, tmp_path: Path) -> None:
    """With curl and openssl, as they are on any machine that one types at."""
    if not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("there is no curl or no openssl")
    page = (CHECKOUT / "docs" / "helpdesks.md").read_text(encoding="utf-8")
    blocks = [each for each in re.findall(r"```\n(.*?)```", page, re.DOTALL) if "curl " in each]
    assert len(blocks) == 3
    (tmp_path / "var").symlink_to(serving.home / "var")
    shutil.copy(MESSAGES / "nl" / "02_seats_and_remove.eml", tmp_path / "mail.eml")
    for block in blocks:
        typed = block.replace(":5006", f":{serving.port}").replace("curl ", "curl -s ")
        ran = subprocess.run(["bash", "-c", typed], cwd=tmp_path, capture_output=True, check=True)
        assert json.loads(ran.stdout)["review"]["outcome"] == "draft", block


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"SALDO_MAIL_SERVE_SECRET": "short"}, "SALDO_MAIL_SERVE_SECRET is '5 characters'"),
        ({"SALDO_ZAMMAD_URL": "https://zammad.example"}, "SALDO_ZAMMAD_TOKEN is ''"),
        (
            {"SALDO_CHATWOOT_URL": "http://x.example", "SALDO_CHATWOOT_TOKEN": "t", "SALDO_CHATWOOT_SECRET": "s"},
            "SALDO_CHATWOOT_URL is '…'; allowed: an https: address",
        ),
    ],
)
def test_a_mistake_is_one_line(commands_environment: dict[str, str], more: dict[str, str], said: str) -> None:
    kept = {name: value for name, value in commands_environment.items() if not name.startswith("SALDO_MAIL")}
    port = str(free_port())
    command = ["saldo", "mail", "serve", "--port", port]
    ran = subprocess.run(command, env={**kept, **more}, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert said in ran.stderr and len(ran.stderr.strip().splitlines()) == 1


def test_a_port_that_is_taken_is_one_line(commands_environment: dict[str, str], serving: Serving) -> None:
    ran = saldo(commands_environment, "serve", "--port", str(serving.port))
    assert ran.returncode == 2 and f"Port {serving.port} on 127.0.0.1 is taken" in ran.stderr
