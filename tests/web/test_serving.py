"""A server as an operator runs it, without the demonstration: what it keeps silent about, and how it stops."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from uuid import uuid4

import jwt
import pytest

from saldo.billing import Repository, create_database, sample_accounts
from tests.serving import Server, free_port
from tests.support import CHECKOUT, TODAY, Caller, Reply
from tests.waiting import until

PERSONAL = ("NL91ABNA0417164300", "anna@voorbeeld.example", "Annabel Verschuren", "06-12345678", "Kraanvogel")
SAID = (
    "Ik ben Annabel Verschuren (anna@voorbeeld.example, 06-12345678, NL91ABNA0417164300): "
    "waarom staan er 60 licenties op mijn factuur?"
)
FULL = "CREATE TRIGGER full BEFORE INSERT ON {} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
BROKEN = (
    ("widget.db", FULL.format("feedback"), "DROP TRIGGER full"),
    ("conversations.db", FULL.format("events"), "DROP TRIGGER full"),
    ("conversations.db", "ALTER TABLE events RENAME data TO gone", "ALTER TABLE events RENAME gone TO data"),
    ("saldo.db", "ALTER TABLE customers RENAME TO gone", "ALTER TABLE gone RENAME TO customers"),
)
"""A store, what breaks it, and what mends it."""
Pairs = dict[str, tuple[str, str, str]]


@pytest.fixture(scope="module")
def own_home(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Path:
    """A home whose records these tests may spoil."""
    home = tmp_path_factory.mktemp("operator")
    for name in ("config.yml", "domain.yml", "data", "faq", "models"):
        (home / name).symlink_to(CHECKOUT / name)
    Repository(create_database(f"sqlite:///{home}/var/saldo.db")).add(sample_accounts(date.fromisoformat(TODAY)))
    return home


@pytest.fixture(scope="module")
def plain(own_home: Path, host_keys: Pairs) -> Iterator[Server]:
    """That server; it believes one key of the host's."""
    keys = own_home / "keys.json"
    keys.write_text(json.dumps({"ed": {"algorithm": "EdDSA", "key": host_keys["ed"][2]}}))
    environment = {"SALDO_HOME": str(own_home), "SALDO_TODAY": TODAY, "SALDO_IDENTITY_KEYS": str(keys)}
    server = Server(free_port(), environment, own_home / "server.log", demo=False)
    server.start()
    yield server
    server.stop(signal.SIGKILL)


@pytest.fixture
def operated(plain: Server) -> Caller:
    return Caller(plain.port, "127.0.0.1")


@pytest.fixture
def identity(host_keys: Pairs) -> Callable[[], str]:
    """Signs for NL-1001."""

    def sign(kid: str = "ed", key: str = host_keys["ed"][1], algorithm: str = "EdDSA") -> str:
        now = int(time.time())
        claims = {"iss": "host", "aud": "saldo", "sub": "NL-1001", "iat": now, "exp": now + 300, "jti": uuid4().hex}
        return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": kid})

    return sign


def test_nobody_can_pick_a_customer(operated: Caller) -> None:
    assert operated.get("/demo/customers").is_problem(404)
    assert operated.post("/demo/identity", {"customer": "NL-1001"}).is_problem(404)


@pytest.mark.parametrize("key", ["demo", "a key of 32 characters, guessed …"])
def test_the_demonstrations_key_is_not_known(operated: Caller, identity: Callable[..., str], key: str) -> None:
    reply = operated.post("/session", {"identity": identity("demo", key, "HS256")})
    assert reply.is_problem(401)
    assert "kid" in reply.json()["detail"]


def test_it_tells_how_to_embed_the_version_it_serves(operated: Caller, plain: Server) -> None:
    """What it prints is all a page needs: the address of this version and the hash of what stands there."""
    found = re.search(r'src="http://localhost:\d+/webhooks/widget(/\S+)" integrity="sha384-(\S+)"', plain.embedding())
    assert found
    served = operated.get(found[1])
    assert served.status == 200
    assert base64.b64encode(hashlib.sha384(served.body).digest()).decode() == found[2]
    assert "immutable" in served.headers["cache-control"]
    assert operated.get("/saldo-chat-0123456789ab.js").is_problem(404)


def test_nothing_personal_is_logged(
    operated: Caller, plain: Server, own_home: Path, identity: Callable[..., str]
) -> None:
    """Neither of a conversation that goes well nor of one whose stores break in the middle."""
    session = operated.begin(identity=identity())
    answer = operated.ask(session, SAID)
    assert answer["kind"] == "answer"
    verdict = {"message": answer["id"], "helpful": False, "comment": SAID}
    assert operated.post("/feedback", verdict, session).status == 204
    assert operated.post("/session", {"identity": SAID}).status == 401
    assert operated.call("POST", "/messages", f'{{"text": "{SAID}'.encode(), session).status == 400
    assert operated.get(f"/nothing/{PERSONAL[0]}").status == 404
    for store, spoil, mend in BROKEN:
        change(own_home / "var" / store, spoil)
        asked = operated.post("/messages", {"text": SAID}, session)
        rated = operated.post("/feedback", verdict, session)
        change(own_home / "var" / store, mend)
        assert asked.status == (503 if store == "conversations.db" else 200)  # what is not kept is not answered
        assert rated.status in (204, 503)
    assert operated.ask(session, SAID)["kind"] == "answer"
    said = plain.said()
    assert "The store of conversations in" in said  # what broke is told
    assert "The store of feedback and used ids in" in said
    assert [one for one in (*PERSONAL, session, "Annabel", "eyJ", "[parameters") if one in said] == []


def change(store: Path, how: str) -> None:
    with sqlite3.connect(store) as database:
        database.execute(how)
    database.close()


@pytest.mark.fault("Ctrl-C", expected="it ends quietly; what was answered is kept")
def test_ctrl_c_ends_it_quietly_and_spoils_no_answer_that_is_out(operated: Caller, plain: Server) -> None:
    """Three messages of one conversation are answered in turn; it is stopped when the first answer is out."""
    session = operated.begin()
    replies: list[Reply] = []

    def ask() -> None:
        with contextlib.suppress(OSError):  # one that it never took, it may refuse
            replies.append(operated.post("/messages", {"text": SAID}, session))

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for each in asking:
        each.start()
    until(lambda: replies, "none of three messages is answered")
    assert plain.stop(signal.SIGINT) == 0
    for each in asking:
        each.join()
    assert {reply.status for reply in replies} == {200}
    assert "Traceback" not in plain.said()
