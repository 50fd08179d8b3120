"""Many conversations at once, and what became of each turn: for tests of several servers and several processes."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp

from benchmarks.load.visitors import Kept, Visitor
from tests.waiting import DEADLINE

QUESTIONS = ("Hoe zeg ik op?", "Wanneer moet ik betalen?", "Ik wil uitstel van betaling", "We hebben dubbel betaald")


def run(test: Callable[[aiohttp.ClientSession], Coroutine[Any, Any, None]]) -> None:
    async def run_test() -> None:
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            await test(http)

    asyncio.run(run_test())


async def insist(visitor: Visitor, text: str, server: int, name: str) -> int:
    """Send a message until it is acknowledged, each time to the next server; how often it was refused."""
    end, tries = time.monotonic() + 2 * DEADLINE, 0
    while (await visitor.say(text, server + tries, name)).status != 200:
        assert time.monotonic() < end, [turn.status for turn in visitor.turns]
        tries += 1
        await asyncio.sleep(0.2)
    return tries


@dataclass(frozen=True)
class Crowd:
    """What became of many turns at once."""

    kept: Kept
    sent: int
    refused: int


async def crowd(http: aiohttp.ClientSession, servers: list[str], conversations: int, each: int) -> Crowd:
    """All turns of all conversations at the same moment, some to both servers; what was kept, turns and refusals."""
    visitors = [Visitor(http, servers) for _ in range(conversations)]
    await asyncio.gather(*(visitor.arrive() for visitor in visitors))
    said = [(visitor, number, uuid.uuid4().hex) for visitor in visitors for number in range(each)]
    sent = [insist(visitor, QUESTIONS[number % 4], number, name) for visitor, number, name in said]
    sent += [insist(visitor, QUESTIONS[number % 4], number + 1, name) for visitor, number, name in said[::7]]
    refused = sum(await asyncio.gather(*sent))
    kept = Kept()
    for visitor in visitors:
        kept.add(await visitor.kept(ordered=False))
    return Crowd(kept, len(sent), refused)
