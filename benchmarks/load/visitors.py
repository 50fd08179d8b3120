"""Visitors of the widget's channel: each holds a conversation, and afterwards reads back what the server kept of it."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import aiohttp
import jwt

PATH = "/webhooks/widget"
PATIENCE = aiohttp.ClientTimeout(total=60)
ISSUER, KID, KEY = "https://load.example", "load", "a secret of at least 32 characters"


@dataclass(frozen=True)
class Turn:
    """One message and what came of it."""

    id: str
    status: int
    """Of HTTP; 0 where no reply came."""
    seconds: float
    answers: tuple[str, ...]
    """The ids of the answers, as the server gave them."""


@dataclass
class Kept:
    """What servers kept of acknowledged turns, added up over conversations."""

    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0

    def add(self, other: Kept) -> None:
        self.lost += other.lost
        self.doubled += other.doubled
        self.out_of_order += other.out_of_order


@dataclass
class Visitor:
    """One conversation. With several servers, each message goes to the next of them."""

    http: aiohttp.ClientSession
    servers: Sequence[str]
    """Addresses, such as `http://127.0.0.1:5005`."""
    customer: str | None = None
    turns: list[Turn] = field(default_factory=list)
    _token: str = ""

    async def arrive(self) -> None:
        """Begin the conversation, signed in if there is a customer."""
        body = {"language": "nl", **({"identity": _identity(self.customer)} if self.customer else {})}
        async with self.http.post(f"{self.servers[0]}{PATH}/session", json=body, timeout=PATIENCE) as reply:
            reply.raise_for_status()
            self._token = (await reply.json())["session"]

    async def say(self, text: str, server: int | None = None, name: str | None = None) -> Turn:
        """Send one message and keep what came of it."""
        at = self.servers[(len(self.turns) if server is None else server) % len(self.servers)]
        name, began, answers, status = name or uuid.uuid4().hex, time.perf_counter(), (), 0
        try:
            body = {"text": text, "id": name}
            async with self.http.post(
                f"{at}{PATH}/messages", json=body, headers=self._headers, timeout=PATIENCE
            ) as reply:
                status, content = reply.status, await reply.json(content_type=None)
                answers = tuple(message["id"] for message in content.get("messages", ()))
        except (aiohttp.ClientError, asyncio.TimeoutError):
            pass  # a turn without a reply, which is what status 0 says
        turn = Turn(name, status, time.perf_counter() - began, answers)
        self.turns.append(turn)
        return turn

    async def kept(self, ordered: bool = True) -> Kept:
        """What the last server has of acknowledged turns; `ordered` if each was sent after the one before."""
        address = f"{self.servers[-1]}{PATH}/messages?after=0"
        async with self.http.get(address, headers=self._headers, timeout=PATIENCE) as reply:
            reply.raise_for_status()
            spoken = (await reply.json())["messages"]
        return compare([turn for turn in self.turns if turn.status == 200], spoken, ordered)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}


def compare(acknowledged: Sequence[Turn], spoken: Sequence[dict[str, Any]], ordered: bool = True) -> Kept:
    """What a replay holds of acknowledged turns. Each message is to stand there once, right before its own answers."""
    said = [one["id"] for one in spoken if one["from"] == "customer"]
    times, wanted = Counter(said), list(dict.fromkeys(turn.id for turn in acknowledged))
    followed = dict(_followed(spoken))
    found = Kept(
        lost=sum(1 for turn in acknowledged if not turn.answers or followed.get(turn.id) != turn.answers),
        doubled=sum(times[name] - 1 for name in wanted if times[name] > 1),
    )
    if ordered:
        places = [said.index(name) for name in wanted if name in times]
        found.out_of_order = sum(later < earlier for earlier, later in pairwise(places))
    return found


def _followed(spoken: Sequence[dict[str, Any]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each of the customer's messages, with the answers between it and the next."""
    name, answers = None, []
    for one in spoken:
        if one["from"] != "customer":
            answers.append(one["id"])
            continue
        if name is not None:
            yield name, tuple(answers)
        name, answers = one["id"], []
    if name is not None:
        yield name, tuple(answers)


async def talk(visitor: Visitor, texts: Sequence[str], until: float, pause: float, chance: random.Random) -> None:
    """Hold a conversation until that time (`time.monotonic`), with about `pause` seconds before each message."""
    await asyncio.sleep(chance.uniform(0, pause))
    await visitor.arrive()
    while time.monotonic() < until:
        await visitor.say(chance.choice(texts))
        await asyncio.sleep(chance.expovariate(1 / pause) if pause else 0)


def _identity(customer: str) -> str:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": "saldo", "sub": customer, "iat": now, "exp": now + 300, "jti": uuid.uuid4().hex}
    return jwt.encode(claims, KEY, algorithm="HS256", headers={"kid": KID})
