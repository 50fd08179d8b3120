"""`saldo erase`, `export` and `purge` as they are typed; a conversation over HTTP is kept, given out and erased."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import jwt
import pytest

from tests.support import Caller, Ran

pytestmark = pytest.mark.long

Saldo = Callable[..., Ran]
IBAN = "NL91 ABNA 0417 1643 00"
TEXT = f"Mijn rekening is {IBAN}. Wat is er nodig voor een terugbetaling?"


@pytest.fixture
def session(caller: Caller) -> str:
    """A customer's, in which something was said."""
    identity = caller.post("/demo/identity", {"customer": "NL-1003"}).json()["identity"]
    session = caller.begin(identity=identity)
    caller.ask(session, TEXT)
    return session


@pytest.fixture
def conversation(session: str) -> str:
    return str(jwt.decode(session, options={"verify_signature": False})["sub"])


def events(home: Path, conversation: str) -> str:
    """The raw rows of a conversation."""
    with sqlite3.connect(home / "var" / "conversations.db") as connection:
        rows = connection.execute("SELECT data FROM events WHERE sender_id = ?", (conversation,))
        return "\n".join(row[0] for row in rows)


def test_a_turn_is_kept_without_its_capability_and_its_words_once(home: Path, session: str, conversation: str) -> None:
    kept = events(home, conversation)
    assert (kept.count(IBAN), kept.count("identity"), kept.count("eyJ")) == (1, 0, 0)


def test_the_customer_reads_the_own_words_again_and_goes_on(caller: Caller, session: str) -> None:
    first, answer = caller.get("/messages", session).json()["messages"]
    assert (first["text"], answer["topics"]) == (TEXT, ["refund_requirements"])
    assert caller.ask(session, "En hoe lang duurt dat?")["topics"] == ["refund_requirements"]
    shown = caller.get("/handover", session).json()["transcript"]
    assert shown[0]["text"] == TEXT


def test_it_is_known_whose_it_is_and_all_of_it_can_be_given_out(
    saldo: Saldo, session: str, conversation: str, tmp_path: Path
) -> None:
    out = tmp_path / "export.json"
    out.touch(mode=0o644)
    assert saldo("export", "NL-1003", "--out", str(out)).code == 0
    assert out.stat().st_mode & 0o777 == 0o600
    found = json.loads(out.read_text(encoding="utf-8"))
    spoken = next(each["items"] for each in found["kept"] if each["what"] == "words of conversations")
    (mine,) = [each["messages"] for each in spoken if each["conversation"] == conversation]
    assert [(each["from"], each["text"] == TEXT) for each in mine] == [("customer", True), ("saldo", False)]
    assert json.loads(saldo("export", conversation).out)["kind"] == "conversation"


def test_a_running_server_is_erased_from(
    saldo: Saldo, caller: Caller, home: Path, session: str, conversation: str
) -> None:
    looked = saldo("erase", conversation, "--dry-run", "--json")
    assert looked.code == 0, looked.err
    refused = saldo("erase", conversation)
    assert (refused.code, refused.out) == (2, "") and "--yes" in refused.err
    assert caller.get("/messages", session).status == 200
    ran = saldo("erase", conversation, "--yes", "--json")
    receipt = {line["what"]: line["count"] for line in json.loads(ran.out)["lines"]}
    assert receipt["words of conversations"] > 3 and receipt["whose a conversation is"] == 1
    assert events(home, conversation) == ""
    databases = [path for path in (home / "var").iterdir() if ".db" in path.name]
    assert len(databases) > 2
    assert [path.name for path in databases if conversation.encode() in path.read_bytes()] == []
    assert caller.get("/messages", session).status == 401
    assert caller.ask(caller.begin(), TEXT)["kind"] == "answer"
    again = saldo("erase", conversation, "--yes")
    assert again.code == 0 and "erased" in again.out
    (kept,) = (line for line in (home / "var" / "erasures.jsonl").read_text().splitlines()[-2:-1])
    assert conversation not in kept


@pytest.mark.parametrize("verb", ["erase", "export"])
def test_of_whom_nothing_is_kept(saldo: Saldo, verb: str) -> None:
    ran = saldo(verb, "NL-9998", *(["--yes"] if verb == "erase" else []))
    assert (ran.code, ran.out) == (2, "") and ran.err.count("\n") == 1 and "NL-9998" in ran.err


def test_purging_tells_what_went(saldo: Saldo) -> None:
    told = json.loads(saldo("purge", "--dry-run", "--json").out)
    assert (told["days"], told["dry_run"], {line["count"] for line in told["lines"]}) == (90, True, {0})
    assert "Older than 400 days, removed" in saldo("purge", "--days", "400").out
    never = saldo("purge", SALDO_KEEP_DAYS="0")
    assert never.code == 2 and "--days" in never.err


@pytest.fixture
def loaded() -> Iterator[set[str]]:
    from tests.test_import_rule import loaded_with

    verbs = ("erasing", "exporting", "expiry", "stores")
    yield set().union(*(loaded_with(f"saldo.privacy.{verb}") for verb in verbs))


def test_these_verbs_are_quick(loaded: set[str]) -> None:
    assert loaded & {"rasa", "rasa_sdk", "spacy", "sklearn", "sanic"} == set()
