"""`saldo report`: a table by topic, from what the store knows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from saldo.billing import create_database
from saldo.commands.main import app
from saldo.mail.store.followed_drafts import Answered, FollowedDraft, FollowedDrafts, Proposal


@pytest.fixture
def drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FollowedDrafts:
    url = f"sqlite:///{tmp_path}/saldo.db"
    monkeypatch.setenv("SALDO_DATABASE_URL", url)
    return FollowedDrafts(create_database(url))


def lay(drafts: FollowedDrafts, name: str, *topics: str, confirm: bool = True) -> FollowedDraft:
    draft = FollowedDraft(
        mail=name, name=name, message_id=f"<{name}@x>", draft_id=f"<d-{name}@x>", fingerprint=name, thread=frozenset(),
        readers=("a@x",), topics=topics, language="nl", validity="1", number=1, arrived=0.0,
    )  # fmt: skip
    drafts.note("box", draft, "Per e-mail.")
    if confirm:
        drafts.confirm("box", name)
    return draft


def settle(drafts: FollowedDrafts, draft: FollowedDraft, answered: Answered, changed: float = 0.0) -> None:
    pair = Proposal(draft.topics, "nl", "Per e-mail.", "Per brief.") if answered == "edited" else None
    for _ in range(2):  # by two workers at once
        drafts.settle("box", draft, answered, changed, pair)


def test_nothing_to_report(drafts: FollowedDrafts) -> None:
    assert CliRunner().invoke(app, ["report"]).stdout.startswith("No draft was laid into a mailbox yet")


def test_what_became_of_drafts_by_topic(drafts: FollowedDrafts) -> None:
    both = lay(drafts, "1", "seat_count", "paid_twice")
    settle(drafts, both, "edited", 0.2)
    settle(drafts, lay(drafts, "2", "seat_count"), "edited", 0.4)
    settle(drafts, lay(drafts, "3", "seat_count"), "as drafted")
    settle(drafts, lay(drafts, "4", "seat_count"), "replaced", 0.9)
    drafts.meets("box", lay(drafts, "5", "seat_count"), "overtaken")
    lay(drafts, "6", "seat_count")
    lay(drafts, "7", "seat_count", confirm=False)  # which the server never took
    lay(drafts, "8")  # a courtesy, on no topic
    lines = [line.split() for line in CliRunner().invoke(app, ["report"]).stdout.splitlines()]
    assert ["paid_twice", "1", "0", "1", "20%", "0", "0", "0"] in lines
    assert ["seat_count", "6", "1", "2", "30%", "1", "1", "1"] in lines
    assert "2 edited letters are kept" in CliRunner().invoke(app, ["report"]).stdout
    found = json.loads(CliRunner().invoke(app, ["report", "--json"]).stdout)
    assert found["proposals"] == 2
    assert [each["topic"] for each in found["drafts"]] == ["paid_twice", "seat_count"]


def test_a_letter_is_forgotten_once_it_is_known_what_was_sent(drafts: FollowedDrafts) -> None:
    draft = lay(drafts, "1", "seat_count")
    assert drafts.letter("box", draft) == "Per e-mail."
    settle(drafts, draft, "as drafted")
    assert drafts.letter("box", draft) == ""
