"""Many conversations at once on real servers: time, memory, and what became of each turn.

    .venv/bin/python -m benchmarks.load [--short] [--only NAME …] [--database-url postgresql://…] [--write docs/load.md]

Each row starts servers of its own, with the sample's companies in a temporary home. Half of the visitors are signed in
and see figures; what they say comes from `tests/questions`. After each row every conversation is read back: a turn is
lost if it was acknowledged and does not stand there with its own answers, doubled if it stands there twice.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import aiohttp
import sqlalchemy
from rich.table import Table

from benchmarks.load.servers import Serving, make_home, serving
from benchmarks.load.visitors import Kept, Turn, Visitor, talk
from saldo.commands.terminal import terminal
from saldo.errors import SaldoError
from saldo.evaluation.labelled import read_labelled
from saldo.settings import Settings

CUSTOMERS = ("NL-1001", "NL-1002", "FI-2001", "FI-2002")
SEED = 20261127


@dataclass(frozen=True)
class Size:
    """How much is asked of the servers."""

    visitors: int = 200
    seconds: float = 300
    pause: float = 5
    many: int = 50_000
    long: int = 500
    at_once: int = 500


SHORT = Size(visitors=20, seconds=8, pause=1, many=300, long=60, at_once=60)


@dataclass(frozen=True)
class Row:
    """What one measurement found."""

    what: str
    found: str
    good: bool


Homes = Callable[[], "dict[str, str]"]


class Load:
    """The measurements; each is a method that gives its rows."""

    def __init__(self, size: Size, database_url: str | None) -> None:
        self._size, self._database_url = size, database_url
        questions = read_labelled([Settings().home / "tests" / "questions"])
        self._texts = [question.text for question in questions]

    def steady(self) -> list[Row]:
        """Conversations at the pace at which people type, on one process and on several."""
        return [asyncio.run(self._steady(processes)) for processes in (1, 2, 4)]

    def growth(self) -> list[Row]:
        """Turns without a pause: what they do to the memory."""
        return [asyncio.run(self._growth())]

    def long(self) -> list[Row]:
        """One conversation that goes on and on."""
        return [asyncio.run(self._long())]

    def together(self) -> list[Row]:
        """Turns sent to two servers at the same moment; needs PostgreSQL."""
        return [asyncio.run(self._together())]

    async def _steady(self, processes: int) -> Row:
        size = self._size
        with self._home() as settings, serving(settings, *_workers(processes)) as server:
            async with AsyncExitStack() as stack:
                clients = [await stack.enter_async_context(_http(number)) for number in range(size.visitors)]
                visitors = [Visitor(one, [server.address], _customer(number)) for number, one in enumerate(clients)]
                until = time.monotonic() + size.seconds
                talks = [
                    talk(visitor, self._texts, until, size.pause, random.Random(SEED + number))
                    for number, visitor in enumerate(visitors)
                ]
                await asyncio.gather(*talks)
                kept = await _kept(visitors)
        turns = [turn for visitor in visitors for turn in visitor.turns]
        named = f"{size.visitors} conversations at once for {size.seconds:.0f} s, {processes} process" + "es" * (
            processes > 1
        )
        failed = sum(turn.status != 200 for turn in turns)
        return Row(
            f"{named}; a message every {size.pause:g} s",
            f"{len(turns)} turns, {failed} errors, {_told(kept)}; {_times(turns)}",
            not failed and kept == Kept(),
        )

    async def _growth(self) -> Row:
        warm, size = max(self._size.many // 10, 1), self._size.many
        with self._home() as settings, serving(settings) as server:
            async with _http() as http:
                await _stream(http, server, self._texts, warm)
                before, began = server.megabytes(), time.monotonic()
                await _stream(http, server, self._texts, size - warm)
                after, seconds = server.megabytes(), time.monotonic() - began
        grown = after / before - 1
        pace = (size - warm) / seconds
        found = f"{before:.0f} MB after {warm}, {after:.0f} MB after {size}: {grown:+.1%}; {pace:.0f} turns a second"
        return Row(f"memory over {size} turns, 20 conversations at once", found, grown < 0.05)

    async def _long(self) -> Row:
        chance, length = random.Random(SEED), self._size.long
        with self._home() as settings, serving(settings) as server:
            async with _http() as http:
                visitors = [Visitor(http, [server.address], _customer(number)) for number in range(5)]
                for visitor in visitors:
                    await visitor.arrive()
                    for _ in range(length):
                        await visitor.say(chance.choice(self._texts))
                kept = await _kept(visitors)
        early = statistics.median(turn.seconds for visitor in visitors for turn in visitor.turns[2:12])
        late = statistics.median(turn.seconds for visitor in visitors for turn in visitor.turns[-10:])
        found = f"{1000 * early:.0f} ms at the 5th, {1000 * late:.0f} ms at the {length}th: {late / early:.2f} times"
        return Row(f"conversations of {length} turns", f"{found}; {_told(kept)}", late < 1.5 * early and kept == Kept())

    async def _together(self) -> Row:
        each, chance = 10, random.Random(SEED)
        if not self._database_url:
            raise SaldoError("Two servers share PostgreSQL; name one: --database-url postgresql+psycopg2://…/")
        with self._home() as settings, ExitStack() as stack:
            addresses = [stack.enter_context(serving(settings)).address for _ in range(2)]
            async with _http() as http:
                visitors = [Visitor(http, addresses, _customer(one)) for one in range(self._size.at_once // each)]
                await asyncio.gather(*(visitor.arrive() for visitor in visitors))
                said = [(visitor, uuid.uuid4().hex, number) for visitor in visitors for number in range(each)]
                twice = said[::7]  # a client that gave up waiting sends the same message to the other server
                sent = [visitor.say(chance.choice(self._texts), number, name) for visitor, name, number in said]
                sent += [visitor.say(chance.choice(self._texts), number + 1, name) for visitor, name, number in twice]
                await asyncio.gather(*sent)
                kept = await _kept(visitors, ordered=False)
                for visitor in visitors:
                    visitor.turns.clear()
                in_turn = [
                    _in_turn(visitor, self._texts, random.Random(number)) for number, visitor in enumerate(visitors)
                ]
                await asyncio.gather(*in_turn)
                kept.add(await _kept(visitors))
        turns = [turn for visitor in visitors for turn in visitor.turns]
        found = f"{_told(kept)}; then {len(turns)} in turn, to one server and the other: {_times(turns)}"
        named = f"{len(said)} turns at the same moment on two servers, {len(twice)} of them to both"
        return Row(named, found, kept == Kept())

    @contextmanager
    def _home(self) -> Iterator[dict[str, str]]:
        with tempfile.TemporaryDirectory() as folder, _database(self._database_url) as url:
            yield make_home(Path(folder), url)


async def _stream(http: aiohttp.ClientSession, server: Serving, texts: Sequence[str], turns: int) -> None:
    """That many turns, by 20 visitors who never pause and leave after 20 messages."""
    chance, left = random.Random(SEED), iter(range(turns))

    async def visit(number: int) -> None:
        visitor = None
        for _ in left:
            if visitor is None or len(visitor.turns) == 20:
                visitor = Visitor(http, [server.address], _customer(number))
                await visitor.arrive()
            await visitor.say(chance.choice(texts))

    await asyncio.gather(*(visit(number) for number in range(20)))


async def _in_turn(visitor: Visitor, texts: Sequence[str], chance: random.Random) -> None:
    for _ in range(10):
        await visitor.say(chance.choice(texts))


async def _kept(visitors: Sequence[Visitor], ordered: bool = True) -> Kept:
    found = Kept()
    for visitor in visitors:
        found.add(await visitor.kept(ordered))
    return found


def _http(number: int = 0) -> aiohttp.ClientSession:
    """Connections of one address; of 127.0.0.0/8 all are this machine's."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, local_addr=(f"127.0.1.{number % 250 + 1}", 0)))


def _customer(number: int) -> str | None:
    return CUSTOMERS[number // 2 % len(CUSTOMERS)] if number % 2 else None


def _workers(processes: int) -> list[str]:
    return ["--workers", str(processes)] if processes > 1 else []


def _told(kept: Kept) -> str:
    return f"{kept.lost} lost, {kept.doubled} doubled, {kept.out_of_order} out of order"


def _times(turns: Sequence[Turn]) -> str:
    times = sorted(1000 * turn.seconds for turn in turns)
    cut = [times[int(share * (len(times) - 1))] for share in (0.5, 0.95, 0.99)]
    return "median {:.0f} ms, p95 {:.0f} ms, p99 {:.0f} ms".format(*cut)


@contextmanager
def _database(url: str | None) -> Iterator[str | None]:
    """A database made on that server for one row and dropped after it; None where each home has a file of its own."""
    if url is None:
        yield None
        return
    server, name = sqlalchemy.engine.make_url(url), f"saldo_load_{uuid.uuid4().hex[:8]}"
    engine = sqlalchemy.create_engine(server.set(database="postgres"), isolation_level="AUTOCOMMIT", future=True)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


def main() -> None:
    options = _options()
    load, console = Load(SHORT if options.short else Size(), options.database_url), terminal()
    rows: list[Row] = []
    for name in options.only or ("steady", "long", "together", "growth"):
        with console.status(f"Measuring: {name} …"):
            found: list[Row] = getattr(load, name)()
        rows += found
        for row in found:
            console.print(f"{row.what}: {row.found}", soft_wrap=True)
    if options.write:
        options.write.write_text(_page(rows, options), encoding="utf-8")
    table = Table("load", "found", "as wanted")
    for row in rows:
        table.add_row(row.what, row.found, "yes" if row.good else "no")
    console.print(table)
    raise SystemExit(0 if all(row.good for row in rows) else 1)


def _page(rows: Sequence[Row], options: argparse.Namespace) -> str:
    store = "PostgreSQL" if options.database_url else "SQLite"
    head = f"{os.cpu_count()} cores, Python {platform.python_version()}, {store}, {date.today().isoformat()}"
    lines = [f"| {row.what} | {row.found} | {'yes' if row.good else 'no'} |" for row in rows]
    return "\n".join([PAGE.format(head=head), *lines]) + "\n"


PAGE = """# Load

Made by `make load` on {head}; the visitors share the cores with the servers. A turn is lost if it was acknowledged and
does not stand in the conversation afterwards with its own answers. Wanted: no error, nothing lost, doubled or out of
order; memory within 5 %; the last turn of a long conversation within 1.5 times the 5th.

| load | found | as wanted |
|---|---|---|"""


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help="a minute instead of an hour")
    parser.add_argument("--only", nargs="+", choices=("steady", "long", "together", "growth"))
    parser.add_argument("--database-url", help="a PostgreSQL server; each row makes a database of its own on it")
    parser.add_argument("--write", type=Path, help="write the table to this file")
    return parser.parse_args()


if __name__ == "__main__":
    main()
