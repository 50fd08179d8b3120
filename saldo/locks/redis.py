"""The line among servers in Redis: redis-py's lock for having a conversation, a list for the order.

That nobody else has it rests on the lock alone: set at once or not at all, gone when its server is, renewed while the
turn lasts, and released by none but its holder. The list only says whose turn it is to try.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Coroutine
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, RedisError

from saldo.locks.patience import Presence, T, within
from saldo.locks.turns import Hold, Line, TurnRefused

LEASE = 6.0
"""Seconds after which the conversations of a server that died are free."""
ANSWERS_WITHIN = 1.0
"""Seconds that Redis may take."""
POLL = 0.02
PLACE = """
local head = redis.call('lindex', KEYS[1], 0)
while head and head ~= ARGV[1] and redis.call('exists', ARGV[2] .. head) == 0 do
  redis.call('lpop', KEYS[1])
  head = redis.call('lindex', KEYS[1], 0)
end
redis.call('set', ARGV[2] .. ARGV[1], 1, 'px', ARGV[3])
if ARGV[4] == 'join' or not redis.call('lpos', KEYS[1], ARGV[1]) then
  redis.call('rpush', KEYS[1], ARGV[1])
end
redis.call('pexpire', KEYS[1], 10 * ARGV[3])
return redis.call('lindex', KEYS[1], 0) == ARGV[1] and 1 or 0
"""
"""Passes over the places of servers that are gone, says that this one is alive, takes a place if it is to join or has
lost its own, and tells whether the first place is its."""


class RedisLine(Line):
    """A line in the Redis of the settings."""

    def __init__(self, url: str, lease: float = LEASE, prefix: str = "saldo:turns:") -> None:
        self._redis: Redis[bytes] = Redis.from_url(url)
        self._place = self._redis.register_script(PLACE)
        self._lease, self._prefix = lease, prefix
        self._me = uuid.uuid4().hex
        self._presence = Presence("Redis")
        self._locks: dict[str, tuple[Lock, asyncio.Task[None]]] = {}

    async def join(self, conversation: str) -> None:
        await self._is_first(conversation, "join")

    async def hold(self, conversation: str, deadline: float) -> Hold | None:
        lock = Lock(self._redis, f"{self._prefix}lock:{conversation}", timeout=self._lease, thread_local=False)
        while True:
            asked = time.monotonic()
            if await self._is_first(conversation, "wait") and await self._ask(lock.acquire(blocking=False)):
                hold = Hold(conversation, until=asked + self._lease)
                self._locks[conversation] = lock, asyncio.ensure_future(self._renew(lock, hold))
                return hold
            if time.monotonic() > deadline:
                return None
            await asyncio.sleep(POLL)

    async def release(self, hold: Hold) -> None:
        lock, renewing = self._locks.pop(hold.conversation)
        renewing.cancel()
        with contextlib.suppress(TurnRefused):  # it ends by itself then
            try:
                await self._ask(lock.release())
            except LockError:
                hold.lost = True
            await self._ask(self._redis.lrem(self._line(hold.conversation), 1, self._me))

    async def leave(self, conversation: str) -> None:
        with contextlib.suppress(TurnRefused):
            await self._ask(self._redis.lrem(self._line(conversation), -1, self._me))

    async def check(self) -> None:
        await self._ask(self._redis.ping())

    async def close(self) -> None:
        await self._redis.close(close_connection_pool=True)

    async def _is_first(self, conversation: str, how: str) -> bool:
        arguments = [self._me, f"{self._prefix}alive:", int(self._lease * 1000), how]
        return bool(await self._ask(self._place(keys=[self._line(conversation)], args=arguments)))

    async def _renew(self, lock: Lock, hold: Hold) -> None:
        """Until cancelled, or until it is known to be lost; a Redis that is away for a moment is asked again."""
        while True:
            await asyncio.sleep(self._lease / 4)
            asked = time.monotonic()
            try:
                await within(ANSWERS_WITHIN, lock.reacquire())
                alive = self._redis.set(f"{self._prefix}alive:{self._me}", 1, px=int(self._lease * 1000))
                await within(ANSWERS_WITHIN, alive)
                hold.until = asked + self._lease
            except LockError:
                hold.lost = True
                return
            except (RedisError, OSError, asyncio.TimeoutError):
                continue

    async def _ask(self, question: Coroutine[Any, Any, T]) -> T:
        """The answer to a question; where Redis is away, turns are refused, for a moment even without asking."""
        try:
            self._presence.must_be_there()
        except TurnRefused:
            question.close()
            raise
        try:
            answer = await within(ANSWERS_WITHIN, question)
        except LockError:  # an answer, too
            raise
        except (RedisError, OSError, asyncio.TimeoutError) as error:
            self._me = uuid.uuid4().hex  # what it still knows of our places ends with their old name
            raise self._presence.failed(error) from None
        self._presence.answered()
        return answer

    def _line(self, conversation: str) -> str:
        return f"{self._prefix}line:{conversation}"
