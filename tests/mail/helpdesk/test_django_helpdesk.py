"""django-helpdesk from PyPI with Saldo's app, for real: each customer's message gets a private follow-up, and no more.

Its requirements have nothing to do with Rasa's, so it lives in an environment of its own, made once in var/.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.mail.helpdesk.conftest import SECRET, MailServer
from tests.mail.mails import mail_bytes
from tests.serving import clean_environment
from tests.support import CHECKOUT, one_at_a_time

PACKAGES = ("django-helpdesk==2.6.1", "django==5.2.*")  # the long-term one, which runs on Python 3.10
APP = CHECKOUT / "docs" / "helpdesks"


@pytest.fixture(scope="session")
def django_python(needs_service: Callable[[str], NoReturn]) -> Path:
    """The Python that has django-helpdesk, installed once."""
    folder = CHECKOUT / "var" / "django-helpdesk"
    python, done = folder / "bin" / "python", folder / ".installed"
    with one_at_a_time(folder):
        if not done.is_file() or done.read_text() != repr(PACKAGES):
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES]
            if subprocess.run(install, check=False).returncode:  # type: ignore[arg-type]
                needs_service(f"{PACKAGES[0]} could not be installed")
            done.write_text(repr(PACKAGES))
    return python


@dataclass
class Site:
    """A running helpdesk."""

    process: subprocess.Popen[str]
    log: Path

    def do(self, **deeds: Any) -> dict[str, Any]:
        """Let something happen there; what is there afterwards."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(f"{json.dumps(deeds)}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, self.log.read_text(encoding="utf-8")
        return dict(json.loads(line))


@pytest.fixture(scope="module")
def running_site(django_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("django-helpdesk")
    command = [django_python, Path(__file__).with_name("django_site.py"), APP, folder / "helpdesk.db"]
    pipe = subprocess.PIPE
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command, env=clean_environment(), stdin=pipe, stdout=pipe, stderr=log, text=True
        )  # fmt: skip
    yield Site(process, folder / "log")
    process.kill()
    process.wait()


@pytest.fixture
def site(running_site: Site, served: MailServer) -> Site:
    """The helpdesk, with a Saldo to ask."""
    running_site.do(
        environment={
            "SALDO_DRAFTS_URL": f"http://127.0.0.1:{served.port}/mail/draft",
            "SALDO_DRAFTS_SECRET": SECRET,
        }
    )
    return running_site


def asked(number: int, body: str, **headers: str) -> str:
    sender = f"Jane <jane{number}@acme.example>"
    message_id = f"<{number}@acme.example>"
    return mail_bytes(body, **{"from": sender, "subject": "Contract", "message_id": message_id, **headers}).decode()  # type: ignore[arg-type]


def private(state: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in state["follow_ups"] if not each["public"]]


def seen(state: dict[str, Any]) -> str:
    """All that customers get to see: their pages, their mails, the public follow-ups."""
    public = [each["comment"] for each in state["follow_ups"] if each["public"]]
    return "\n".join([*state["pages"], *state["sent"], *public])


def test_each_message_of_a_customer_gets_one_private_draft(site: Site) -> None:
    first = site.do(mail=asked(11, "Hoe kan ik opzeggen?"))
    (note,) = private(first)
    assert note["title"] == f"Saldo #{first['follow_ups'][0]['id']}"
    assert note["comment"].startswith("Saldo heeft een antwoord voorbereid.")
    assert "Re: Contract\n\n~~~\nGeachte heer, mevrouw," in note["comment"] and "Per e-mail." in note["comment"]
    assert first["codes"] == [200] and "opzeggen" in first["pages"][0]
    assert first["sent"], "the helpdesk's own confirmation goes out; so the customer's mails are looked at"

    answered = site.do(mail=asked(12, "En hoe kan ik nu opzeggen?", in_reply_to="<11@acme.example>"))
    assert len(private(answered)) == 2 and len(answered["pages"]) == 1

    by_colleague = site.do(staff="Hoe u kunt opzeggen, schrijf ik u morgen.")
    assert len(private(by_colleague)) == 2

    number = int(private(answered)[0]["title"].rpartition("#")[2])
    assert site.do(again=number)["follow_ups"] == by_colleague["follow_ups"]

    last = site.do(form={"submitter_email": "x@acme.example", "title": "Vraag", "body": "Hoe kan ik opzeggen?"})
    assert len(private(last)) == 3 and len(last["pages"]) == 2
    assert "Per e-mail." not in seen(last) and "Saldo" not in seen(last)


def test_where_nothing_is_to_be_answered_nothing_is_written(site: Site) -> None:
    before = site.do()
    after = site.do(mail=asked(21, "Hoe kan ik opzeggen?", **{"from": "no-reply@acme.example"}))
    assert len(after["follow_ups"]) == len(before["follow_ups"]) + 1
    assert private(after) == private(before)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SECRET", "x" * 40), ("URL", "http://127.0.0.1:1/mail/draft"), ("URL", "nowhere"), ("URL", "")],
)
def test_whatever_fails_costs_the_helpdesk_nothing(site: Site, name: str, value: str) -> None:
    before, told = site.do(), site.log.read_text(encoding="utf-8")
    after = site.do(environment={f"SALDO_DRAFTS_{name}": value}, mail=asked(31, "Hoe kan ik opzeggen?"))
    assert len(after["follow_ups"]) == len(before["follow_ups"]) + 1
    assert private(after) == private(before)
    lines = site.log.read_text(encoding="utf-8").removeprefix(told).splitlines()
    assert len([line for line in lines if "no draft for ticket" in line]) == 1


def writing(source: str) -> list[str]:
    """What in the app's code writes, with what makes it private left out."""
    calls = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Call)]
    named = {
        "create",
        "save",
        "update",
        "bulk_create",
        "get_or_create",
        "update_or_create",
        "send",
        "FollowUp",
        "update_ticket",
    }
    found = [each for each in calls if ast.unparse(each.func).rpartition(".")[2] in named]
    return [
        ast.unparse(each.func) for each in found if not any(ast.unparse(one) == "public=False" for one in each.keywords)
    ]


def test_the_app_writes_nothing_public() -> None:
    source = (APP / "saldo_drafts.py").read_text(encoding="utf-8")
    assert writing(source) == []
    assert source.count("private.create(") == 1


@pytest.mark.parametrize("code", ["x.create(public=True)", "FollowUp(ticket=t).save()", "x.create()", "ticket.send(x)"])
def test_the_search_finds_what_it_is_for(code: str) -> None:
    assert writing(code)
