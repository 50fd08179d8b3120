"""Rasa's lock store: the same locks that the widget's channel holds around its turns."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LOCK_LIFETIME, LockStore
from rasa.utils.endpoints import EndpointConfig

from saldo.locks import TurnLocks, turn_locks


class ConversationLocks(LockStore):
    """Named in `endpoints.yml` for stock `rasa run`; Rasa's own for Redis is not atomic and loses turns."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, turns: TurnLocks | None = None) -> None:
        super().__init__()
        self.turns = turns or turn_locks()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = LOCK_LIFETIME, wait_time_in_seconds: float = 1
    ) -> AsyncGenerator[TicketLock, None]:
        """Have the conversation alone; lifetime and waiting are those of `saldo.locks`."""
        async with self.turns.hold(conversation_id):
            yield TicketLock(conversation_id)
