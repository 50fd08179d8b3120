"""What a message broker is told of answers, and that one that is away costs no turn."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import closing, suppress
from typing import Any, NoReturn
from uuid import uuid4

import aio_pika
import pytest

from saldo.rasa_runtime import events
from saldo.rasa_runtime.events import EXCHANGE, AnswerEvents, answer_told
from tests.fault_table import Seen
from tests.serving import free_port
from tests.waiting import DEADLINE

KEY = "a key of at least 32 characters, or so"
SAID = {"kind": "answer", "topics": ["paid_twice"], "language": "nl", "blocks": [{"text": "Kraanvogel"}]}


def answer(conversation: str) -> dict[str, Any]:
    """Rasa's event of an answer, as it is given to brokers."""
    return {"event": "bot", "sender_id": conversation, "timestamp": 1.5, "text": None, "data": {"custom": SAID}}


def test_of_an_answer_the_topics_are_told_and_no_word() -> None:
    told = answer_told(answer("widget-1"), KEY)
    assert told is not None
    assert {name: told[name] for name in ("event", "at", "kind", "topics", "language")} == {
        "event": "answer", "at": 1.5, "kind": "answer", "topics": ["paid_twice"], "language": "nl",
    }  # fmt: skip
    assert "Kraanvogel" not in json.dumps(told)
    assert "widget-1" not in json.dumps(told)


@pytest.mark.parametrize("event", ["user", "slot", "action", "session_started"])
def test_of_other_events_nothing_is_told(event: str) -> None:
    typed = {"event": event, "sender_id": "widget-1", "text": "Kraanvogel", "data": {"custom": SAID}}
    assert answer_told(typed, KEY) is None


@pytest.mark.fault(
    "RabbitMQ is away when answers are given", expected="no turn waits for it; it is told when it is there"
)
def test_a_broker_that_comes_later_is_told_what_it_missed(
    needs_service: Callable[[str], NoReturn], monkeypatch: pytest.MonkeyPatch, seen: Seen
) -> None:
    with closing(socket.socket()) as probe:
        if probe.connect_ex(("127.0.0.1", 5672)):
            needs_service("no RabbitMQ at 127.0.0.1:5672")
    monkeypatch.setattr(events, "AGAIN", 0.2)
    asyncio.run(_comes_later(free_port()))
    seen("3 answers given without a wait, 3 told later")


async def _comes_later(port: int) -> None:
    conversations = [uuid4().hex for _ in range(3)]
    wanted = [(answer_told(answer(each), KEY) or {})["conversation"] for each in conversations]
    async with await aio_pika.connect("amqp://guest:guest@127.0.0.1/") as connection:
        channel = await connection.channel()
        await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.FANOUT, durable=True)
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(EXCHANGE)
        broker = AnswerEvents(f"amqp://guest:guest@127.0.0.1:{port}/", KEY)
        for each in conversations:
            broker.publish(answer(each))
        await asyncio.sleep(0.5)
        way = await asyncio.start_server(_to_rabbitmq, "127.0.0.1", port)
        found: list[str] = []
        async with queue.iterator(timeout=DEADLINE) as messages:
            async for message in messages:
                told = json.loads(message.body)["conversation"]
                found += [told] if told in wanted else []
                if len(found) == 3:
                    break
        assert found == wanted
        await broker.close()
        way.close()


async def _to_rabbitmq(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass a connection on to the real one."""
    there, back = await asyncio.open_connection("127.0.0.1", 5672)
    with suppress(ConnectionError, asyncio.CancelledError):
        await asyncio.gather(_pass(reader, back), _pass(there, writer))


async def _pass(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while data := await source.read(65536):
        sink.write(data)
    sink.close()
