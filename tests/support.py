"""Hands for the end-to-end tests: a conversation, a run of the command, a caller of the HTTP channel."""

from __future__ import annotations

import asyncio
import fcntl
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from saldo.answers.plain_text import plain_text
from saldo.identity import mint
from tests.waiting import DEADLINE

if TYPE_CHECKING:
    from saldo.rasa_runtime.agent import Bot

CHECKOUT = Path(__file__).resolve().parent.parent
ARTICLES = CHECKOUT.parent / "shared" / "articles"
TODAY = "2026-11-22"
"""The day that the sample's companies are made for."""
UNCLEAR = {
    "nl": ("rekening", "licenties", "Vraag over de factuur", "60"),
    "fi": ("laskusta", "lisenssit", "Kysymys laskusta", "45"),
}
"""Messages too vague to answer. Which of them are asked back is the model's business, that some are is its duty."""
DOUBTED = {
    "nl": ("Waarom betaal ik voor 60 licenties?", "Kan ik minder licenties krijgen?", "Waarom is de rekening zo hoog?"),
    "fi": ("Miksi lasku on niin suuri?", "Voiko lisenssejä vähentää?", "Miksi maksamme 60 lisenssistä?"),
}
"""Questions that are answered though another topic was near. Which of them are, is the model's business too."""
Json = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """What a run of the command came to."""

    code: int
    out: str
    err: str

    def objects(self) -> list[Json]:
        """The output read as JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


def run_command(patch: pytest.MonkeyPatch, args: tuple[str, ...], stdin: str | bytes) -> Ran:
    """Run `saldo` in this process: its entry point, with streams of its own. Importing Rasa once is enough."""
    from saldo.commands.main import run

    typed = stdin.encode() if isinstance(stdin, str) else stdin
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    patch.setattr(sys, "argv", ["saldo", *args])
    patch.setenv("SALDO_DEMO", os.environ.get("SALDO_DEMO", "0"))  # `serve --demo` sets it, for this run alone
    patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed), encoding="utf-8"))
    patch.setattr(sys, "stdout", out)
    patch.setattr(sys, "stderr", err)
    code = 0
    try:
        run()
    except SystemExit as end:
        code = int(end.code or 0)
    return Ran(code, written(out), written(err))


def written(stream: io.TextIOWrapper) -> str:
    """All that was written to a stream in memory."""
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode()


@dataclass
class Conversation:
    """One conversation with the bot in this process."""

    bot: Bot
    loop: asyncio.AbstractEventLoop
    key: str
    id: str = field(default_factory=lambda: uuid4().hex)

    def say(self, text: str, customer: str | None = None, /, **metadata: Any) -> Json:
        """One turn, for a customer whose capability the channel minted, or with whatever else stands in `metadata`."""
        told = {**metadata, "identity": mint(self.key, customer)} if customer else metadata
        return self.loop.run_until_complete(self.bot.turn(text, self.id, told))

    def be_unclear(self, language: str, customer: str | None = None) -> Json:
        """Say something vague until it is asked back; that answer."""
        for text in UNCLEAR[language]:
            self.id = uuid4().hex
            if (answer := self.say(text, customer))["kind"] == "clarify":
                return answer
        raise AssertionError(f"nothing vague is asked back in {language}")

    def events(self) -> list[Any]:
        """What Rasa remembers of it."""
        tracker = self.loop.run_until_complete(self.bot._agent.tracker_store.retrieve(self.id))
        return list(tracker.events)


def words(answer: Mapping[str, Any]) -> str:
    """An answer as a customer reads it."""
    return plain_text(answer["blocks"])


def options(answer: Mapping[str, Any]) -> list[str]:
    """The ids of the choices that an answer offers."""
    return [item["id"] for block in answer["blocks"] if block["type"] == "options" for item in block["items"]]


def own_figures(answer: Mapping[str, Any]) -> set[str]:
    """What an answer says of somebody's own: its computed facts, and any invoice number in its words."""
    return {str(fact["value"]) for fact in answer.get("facts", ())} | set(re.findall(r"2026-\d{4}", json.dumps(answer)))


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def is_problem(self, status: int) -> bool:
        """Whether it is an error in the one shape that errors have (RFC 9457)."""
        content = self.json()
        named = content["status"] == self.status == status and content["title"] and content["detail"]
        return bool(named) and self.headers["content-type"] == "application/problem+json"


@dataclass(frozen=True)
class Caller:
    """Calls the server from an address of its own, so that no test uses up another's rate limit."""

    port: int
    address: str

    def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        token: str | None = None,
        content_type: str = "application/json",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request below `/webhooks/widget`; a body that is not bytes is sent as JSON."""
        sent_headers = {"Content-Type": content_type, **(headers or {})} if body is not None else dict(headers or {})
        if token is not None:
            sent_headers["Authorization"] = f"Bearer {token}"
        connection = HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE, source_address=(self.address, 0))
        try:
            sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            connection.request(method, f"/webhooks/widget{path}", sent, sent_headers)
            return answer_of(connection)
        finally:
            connection.close()

    def get(self, path: str, token: str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        return self.call("GET", path, token=token, headers=headers)

    def post(self, path: str, body: Any = None, token: str | None = None) -> Reply:
        return self.call("POST", path, body, token)

    def begin(self, **body: Any) -> str:
        """Begin a session; its token."""
        reply = self.post("/session", body)
        assert reply.status == 201, reply.body
        return str(reply.json()["session"])

    def ask(self, session: str, text: str) -> Json:
        """Say something; the one message that answers it."""
        reply = self.post("/messages", {"text": text}, session)
        assert reply.status == 200, reply.body
        (message,) = reply.json()["messages"]
        return dict(message)


def answer_of(connection: HTTPConnection) -> Reply:
    """What comes back for the request that was sent."""
    response = connection.getresponse()
    return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """The folder, made if need be, for one process of the tests alone."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
