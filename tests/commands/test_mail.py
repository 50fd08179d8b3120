"""`saldo mail` from the outside: one command from an .eml to a draft, and one line for every mistake."""

from __future__ import annotations

import json
import subprocess
from email import message_from_bytes, policy
from pathlib import Path

import pytest

MESSAGES = Path(__file__).parents[1] / "mail" / "messages"


def saldo(environment: dict[str, str], *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in environment.items() if not name.startswith("SALDO_MAIL")}
    return subprocess.run(["saldo", "mail", *args], env={**kept, **more}, capture_output=True, text=True, check=False)


def test_from_a_mail_to_a_draft_and_its_review(commands_environment: dict[str, str], tmp_path: Path) -> None:
    mail, out = MESSAGES / "nl" / "02_seats_and_remove.eml", str(tmp_path / "out")
    ran = saldo(commands_environment, "draft", str(mail), "--out", out, SALDO_MAIL_AUTHSERV_ID="mx.saldo.example")
    assert (ran.returncode, ran.stdout.strip()) == (0, f"1 draft in {out}")
    draft = message_from_bytes(
        next((tmp_path / "out").glob("02_seats_and_remove-*.eml")).read_bytes(), policy=policy.default
    )
    assert draft["X-Unsent"] == "1"
    assert draft["Subject"] == "Re: Licenties"
    review = json.loads(next((tmp_path / "out").glob("02_seats_and_remove-*.review.json")).read_text(encoding="utf-8"))
    assert review["identity"] == "authenticated"
    assert [each["topic"] for each in review["questions"]] == ["seat_count", "manage_licences"]
    assert review["facts"]

    again = saldo(commands_environment, "draft", str(mail), "--out", out)
    assert again.stdout.strip() == f"1 done before in {out}"
    table = saldo(commands_environment, "review", out)
    assert "seat_count" in table.stdout and "authenticated" in table.stdout
    page = tmp_path / "page.html"
    assert saldo(commands_environment, "review", out, "--html", str(page)).returncode == 0
    assert "srcdoc=" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("draft", "nowhere.eml", "--out", "x"), "nowhere.eml: there is no such file"),
        (("review", "nowhere"), "nowhere: there is no such folder"),
        (("evaluate", "nowhere"), "nowhere: there are no .eml files in it"),
        (("watch", "imaps://a:b@x.example"), "SALDO_MAIL_PASSWORD"),
        (("watch", "ftp://x"), "must begin with imaps://"),
        (("watch", "imaps://a@x.example"), "There is no password"),
        (("check", "imaps://a@x.example"), "There is no password"),
        (("watch", "imaps://a@x.example", "--all", "--since", "2026-07-01"), "do not go together"),
        (("watch", "imaps://a@x.example", "--drafts", " "), "--drafts must be the name of a folder"),
        (("watch", "imaps://a@x.example", "--sent", " "), "--sent must be the name of a folder"),
    ],
)
def test_a_mistake_is_one_line(
    commands_environment: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    args: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    ran = saldo(commands_environment, *args)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1
