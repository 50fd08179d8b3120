"""Waiting for an answer no longer than it may take, and not taking a busy process of our own for a silent server."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
TURNS = 20
"""Turns of the event loop in which all that had arrived when the time was up is read."""


async def within(seconds: float, asked: Coroutine[Any, Any, T]) -> T:
    """What is asked, if it is answered in time; else `asyncio.TimeoutError`, and it is given up.

    A process that worked on something else for seconds learns of the time and of the answer at the same moment; of the
    two `asyncio.wait_for` believes the time. Here the answer counts.
    """
    task = asyncio.ensure_future(asked)
    try:
        await asyncio.wait([task], timeout=seconds)
        for _ in range(TURNS):
            if task.done():
                return task.result()
            await asyncio.sleep(0)
    finally:
        task.cancel()
    await asyncio.wait([task])
    raise asyncio.TimeoutError
