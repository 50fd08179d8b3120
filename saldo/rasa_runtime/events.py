"""Tells a message broker what was answered, for whoever counts it elsewhere: topics, kind and language, no word said.

Rasa's own brokers publish whole events, with what customers wrote. This one publishes one message per answer, under a
name for the conversation that cannot be traced back to it. A broker that is away costs no turn: answers wait for it.
"""

from __future__ import annotations

import asyncio
import json
import logging
from asyncio import AbstractEventLoop
from collections import deque
from collections.abc import Mapping
from typing import Any, Optional

import aio_pika
from rasa.core.brokers.broker import EventBroker
from rasa.utils.endpoints import EndpointConfig

from saldo.identity import derived, key_of
from saldo.settings import from_environment
from saldo.storage.conversations import content_of

log = logging.getLogger(__name__)
EXCHANGE = "saldo.answers"
QUEUE = "saldo.answers"
WAITING = 10_000
"""Answers that are remembered while the broker is away; of more, the oldest are forgotten."""
AGAIN = 2.0
"""Seconds between two attempts to reach the broker."""


class AnswerEvents(EventBroker):
    """Publishes to RabbitMQ: a durable fanout exchange, and a queue bound to it so that nothing is lost unread."""

    def __init__(self, url: str, key: str) -> None:
        self._url, self._key = url, key
        self._waiting: deque[bytes] = deque(maxlen=WAITING)
        self._wake = asyncio.Event()
        self._delivering = asyncio.ensure_future(self._deliver())

    @classmethod
    async def from_endpoint_config(
        cls, broker_config: EndpointConfig, event_loop: Optional[AbstractEventLoop] = None
    ) -> AnswerEvents:
        """The broker at the `url` of an `event_broker` in `endpoints.yml`."""
        return cls(broker_config.url or "", key_of(from_environment()))

    def publish(self, event: Mapping[str, Any]) -> None:
        """Have an answer delivered soon; other events are nobody's business."""
        if (told := answer_told(event, self._key)) is not None:
            self._waiting.append(json.dumps(told).encode())
            self._wake.set()

    async def close(self) -> None:
        """Deliver nothing more."""
        self._delivering.cancel()

    async def _deliver(self) -> None:
        """For as long as the server runs; an answer leaves the line once the broker has it."""
        away = False
        while True:
            try:
                async with await aio_pika.connect(self._url) as connection:
                    channel = await connection.channel()
                    exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.FANOUT, durable=True)
                    await (await channel.declare_queue(QUEUE, durable=True)).bind(exchange)
                    if away:
                        log.error("the message broker is back; what was answered meanwhile is told to it")
                    away = False
                    await self._deliver_to(exchange)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # whatever a broker does wrong, it costs no turn
                if not away:
                    log.error("the message broker is away (%s); answers wait to be told to it", type(error).__name__)
                away = True
                await asyncio.sleep(AGAIN)

    async def _deliver_to(self, exchange: aio_pika.abc.AbstractExchange) -> None:
        kept = aio_pika.DeliveryMode.PERSISTENT
        while True:
            while self._waiting:
                message = aio_pika.Message(self._waiting[0], content_type="application/json", delivery_mode=kept)
                await exchange.publish(message, routing_key="", timeout=AGAIN)
                self._waiting.popleft()
            self._wake.clear()
            await self._wake.wait()


def answer_told(event: Mapping[str, Any], key: str) -> dict[str, Any] | None:
    """What is told of an event: of an answer what it was about, of all others nothing."""
    content = content_of(event)
    if content is None:
        return None
    name = derived(key, str(event.get("sender_id")))[:16]
    about = {part: content.get(part) for part in ("kind", "topics", "language")}
    return {"event": "answer", "conversation": name, "at": event.get("timestamp"), **about}
