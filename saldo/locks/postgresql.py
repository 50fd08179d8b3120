"""The line among servers in PostgreSQL: advisory locks for having a conversation, a table for the order.

One connection for each server holds its locks and asks all its questions, without ever stopping the event loop. With
the connection go locks and places: what a server that dies leaves behind is free at once. It must be a connection of
its own to the end, so no pooler that hands connections from one transaction to the next (pgbouncer's `session` mode).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Mapping
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy.engine import make_url

from saldo.locks.patience import Presence, within
from saldo.locks.turns import Hold, Line, TurnRefused

ANSWERS_WITHIN = 1.5
"""Seconds that PostgreSQL may take."""
CONNECTS_WITHIN = 3.0
POLL = 0.02
TABLE = """
SELECT pg_advisory_xact_lock(7355605);
CREATE UNLOGGED TABLE IF NOT EXISTS saldo_turns (
  place bigserial PRIMARY KEY, conversation bigint NOT NULL, pid integer NOT NULL, since timestamptz NOT NULL);
CREATE INDEX IF NOT EXISTS saldo_turns_line ON saldo_turns (conversation, place);
DELETE FROM saldo_turns t WHERE NOT EXISTS (
  SELECT FROM pg_stat_activity a WHERE a.pid = t.pid AND a.backend_start = t.since)
"""
"""The places taken, and by which connection; what dead servers left is cleared away."""
JOIN = """
INSERT INTO saldo_turns (conversation, pid, since)
SELECT %(conversation)s, pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid() RETURNING place
"""
TRY = """
WITH first AS MATERIALIZED (
  SELECT t.pid FROM saldo_turns t JOIN pg_stat_activity a ON a.pid = t.pid AND a.backend_start = t.since
  WHERE t.conversation = %(conversation)s ORDER BY t.place LIMIT 1)
SELECT CASE WHEN pid = pg_backend_pid() THEN pg_try_advisory_lock(%(conversation)s) ELSE false END FROM first
"""
LEAVE = """
DELETE FROM saldo_turns WHERE place = (
  SELECT {0}(place) FROM saldo_turns WHERE conversation = %(conversation)s AND pid = pg_backend_pid())
RETURNING place
"""
RELEASE = "SELECT pg_advisory_unlock(%(conversation)s)"


class PostgresqlLine(Line):
    """A line in the PostgreSQL of the settings."""

    def __init__(self, url: str) -> None:
        address = make_url(url)
        _, self._options = address.get_dialect()().create_connect_args(address)
        self._connection: Any = None
        self._in_turn = asyncio.Lock()
        self._presence = Presence("PostgreSQL")
        self._holds: dict[str, Hold] = {}

    async def join(self, conversation: str) -> None:
        await self._ask(JOIN, conversation)

    async def hold(self, conversation: str, deadline: float) -> Hold | None:
        while True:
            found = await self._ask(TRY, conversation)
            if found:
                hold = self._holds[conversation] = Hold(conversation)
                return hold
            if found is None:  # the connection is another than the one that took our place
                await self.join(conversation)
            elif time.monotonic() > deadline:
                return None
            else:
                await asyncio.sleep(POLL)

    async def release(self, hold: Hold) -> None:
        self._holds.pop(hold.conversation, None)
        if hold.lost:
            return
        with contextlib.suppress(TurnRefused):  # it went with the connection then
            await self._ask(RELEASE, hold.conversation)
            await self._ask(LEAVE.format("min"), hold.conversation)

    async def leave(self, conversation: str) -> None:
        with contextlib.suppress(TurnRefused):
            await self._ask(LEAVE.format("max"), conversation)

    async def check(self) -> None:
        await self._ask("SELECT true", "")

    async def close(self) -> None:
        self._forget()

    async def _ask(self, question: str, conversation: str) -> Any:
        """The first value of the answer, None if there is none. Where PostgreSQL is away, turns are refused."""
        try:
            async with self._in_turn:
                self._presence.must_be_there()
                kept = self._connection is not None
                try:
                    answer = await self._answered(question, conversation)
                except psycopg2.Error:  # one that was kept open may have been ended meanwhile, by a restart
                    if not kept:
                        raise
                    self._forget()
                    answer = await self._answered(question, conversation)
        except (psycopg2.Error, OSError, asyncio.TimeoutError) as error:
            self._forget()
            raise self._presence.failed(error) from None
        self._presence.answered()
        return answer

    async def _answered(self, question: str, conversation: str) -> Any:
        if self._connection is None:
            self._connection = await within(CONNECTS_WITHIN, _connected(self._options))
        return await within(ANSWERS_WITHIN, self._answer(question, conversation))

    async def _answer(self, question: str, conversation: str) -> Any:
        with self._connection.cursor() as cursor:
            cursor.execute(question, {"conversation": key_of(conversation)})
            await _until_done(self._connection)
            row = cursor.fetchone()
            return row[0] if row else None

    def _forget(self) -> None:
        """Give up the connection, and with it all that it held."""
        for hold in self._holds.values():
            hold.lost = True
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(psycopg2.Error):
                connection.close()


def key_of(conversation: str) -> int:
    """The number that an advisory lock has for a conversation."""
    return int.from_bytes(hashlib.sha256(conversation.encode("utf-8", "replace")).digest()[:8], "big", signed=True)


async def _connected(options: Mapping[str, Any]) -> Any:
    connection = psycopg2.connect(**options, async_=True, application_name="saldo turns")
    try:
        await _until_done(connection)
        with connection.cursor() as cursor:
            cursor.execute(TABLE)
            await _until_done(connection)
    except BaseException:
        connection.close()
        raise
    return connection


async def _until_done(connection: Any) -> None:
    """Until what was asked is answered; psycopg2 says what it waits for, and the event loop waits."""
    loop = asyncio.get_running_loop()
    while (state := connection.poll()) != extensions.POLL_OK:
        number, ready = connection.fileno(), loop.create_future()
        watch, unwatch = (
            (loop.add_reader, loop.remove_reader)
            if state == extensions.POLL_READ
            else (loop.add_writer, loop.remove_writer)
        )
        watch(number, ready.cancel)
        try:
            await asyncio.wait([ready])
        finally:
            unwatch(number)
