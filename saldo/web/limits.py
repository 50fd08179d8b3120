"""How often one session may speak, and one address may begin a session; in memory, or in Redis for several servers."""

from __future__ import annotations

import logging
import math
import time
from http import HTTPStatus

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from saldo.settings import Settings
from saldo.web.requests import Problem

log = logging.getLogger(__name__)
PATIENCE = 0.5
"""Seconds that Redis may take; meanwhile every caller waits."""
APART = 10
"""Seconds without asking a Redis that failed, so that its failure slows down one message in many."""


class Limits:
    """Counts in the Redis of the settings, or in this process's memory: without one, and while it is away."""

    def __init__(self, settings: Settings) -> None:
        memory = MemoryStorage()
        shared = _redis(settings.redis_url) if settings.redis_url else memory
        # a limiter holds its storage by a weak reference only
        self._storages = memory, shared
        self._here, self._shared = MovingWindowRateLimiter(memory), MovingWindowRateLimiter(shared)
        self._alone_until = 0.0
        self._messages = RateLimitItemPerMinute(settings.messages_per_minute, namespace="messages")
        self._sessions = RateLimitItemPerMinute(settings.sessions_per_minute, namespace="sessions")
        self._others = RateLimitItemPerMinute(4 * settings.messages_per_minute, namespace="others")

    def message(self, conversation: str) -> None:
        """Count a message; a Problem 429 with Retry-After when there were too many."""
        self._spend(self._messages, conversation)

    def session(self, address: str) -> None:
        """Count a session begun from an address."""
        self._spend(self._sessions, address)

    def other(self, conversation: str) -> None:
        """Count a replay or a feedback, which cost less than a message."""
        self._spend(self._others, conversation)

    def _spend(self, limit: RateLimitItem, who: str) -> None:
        wait = self._wait(limit, who)
        if wait:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS, f"Too many requests; try again in {wait} s.", {"Retry-After": str(wait)}
            )

    def _wait(self, limit: RateLimitItem, who: str) -> int:
        """Seconds to wait, 0 if there are none. While Redis is away customers are served, and counted here."""
        if time.monotonic() < self._alone_until:
            return _wait(self._here, limit, who)
        try:
            wait = _wait(self._shared, limit, who)
        except RedisError as error:
            self._manage_alone(error)
            return _wait(self._here, limit, who)
        if self._alone_until:
            self._alone_until = 0
            log.error("Redis is back; the rate limits are counted for all servers together again.")
        return wait

    def _manage_alone(self, error: RedisError) -> None:
        if not self._alone_until:  # told once, not with each message
            log.error(
                "Redis is away (%s); each server counts its rate limits by itself meanwhile.", type(error).__name__
            )
        self._alone_until = time.monotonic() + APART


def _wait(limiter: MovingWindowRateLimiter, limit: RateLimitItem, who: str) -> int:
    if limiter.hit(limit, who):
        return 0
    reset, _ = limiter.get_window_stats(limit, who)
    return max(1, math.ceil(float(reset) - time.time()))


def _redis(url: str) -> Storage:
    storage = f"redis+{url}" if url.startswith("unix:") else url  # what the limiter calls it
    return storage_from_string(storage, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)
