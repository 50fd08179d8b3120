"""Removes what has had its time, by hand or once a day: one process of all that share a store, in small steps."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Column, Float, String, Table, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from saldo.errors import SaldoError, place_of
from saldo.insight.store import metadata
from saldo.privacy.erasing import Line
from saldo.privacy.inventory import inventory
from saldo.privacy.kept import Pause
from saldo.privacy.stores import open_stores
from saldo.settings import Settings
from saldo.storage.engines import insert_into

log = logging.getLogger(__name__)
DAY = 86_400.0
LOOK = 600.0
"""Seconds between looks whether it is time."""
REST = 0.05
"""Seconds between two steps of the daily work, and between looks whether a turn is still being answered."""
LONGEST = 300.0
"""Seconds that the daily work may take; the rest is the next day's."""

upkeep = Table(
    "upkeep",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("begun_at", Float, nullable=False),
)


def purge(
    settings: Settings, days: int, *, dry_run: bool = False, folders: Sequence[Path] = (), pause: Pause = lambda: True
) -> list[Line]:
    """Remove what nobody has touched for so many days; what went, or would, from each place."""
    moment = time.time() - days * DAY
    with open_stores(settings, folders) as stores:
        places = inventory(stores)
        if dry_run:
            return [Line(place.what, place.place, place.count_before(moment)) for place in places]
        return [Line(place.what, place.place, place.purge(moment, pause) if pause() else 0) for place in places]


def is_due(store: Engine, now: float) -> bool:
    """Whether a day has gone since anybody began; who is told so has begun, and nobody else is told."""
    row = insert_into(store, upkeep).values(name="purge", begun_at=0.0).on_conflict_do_nothing()
    taken = update(upkeep).where(upkeep.c.name == "purge", upkeep.c.begun_at <= now - DAY).values(begun_at=now)
    with store.begin() as connection:
        connection.execute(row)
        return bool(connection.execute(taken).rowcount)


@dataclass
class Daily:
    """Purges once a day in a thread of its own, as long as the process lives; never while somebody waits."""

    settings: Settings
    is_busy: Callable[[], bool] = lambda: False
    folders: tuple[Path, ...] = ()

    def start(self) -> None:
        """Begin to look; nothing ever expires where SALDO_KEEP_DAYS is 0."""
        if self.settings.keep_days:
            threading.Thread(target=self._run, name="saldo-expiry", daemon=True).start()

    def _run(self) -> None:
        while True:
            self.look()
            time.sleep(LOOK)

    def look(self) -> None:
        """Purge if it is time. What fails is told in the log, and tried again the next day."""
        try:
            with open_stores(self.settings, self.folders) as stores:
                if not is_due(stores.insight, time.time()):
                    return
            end = time.monotonic() + LONGEST
            lines = purge(self.settings, self.settings.keep_days, folders=self.folders, pause=lambda: self._rest(end))
            gone = {line.what: line.count for line in lines if line.count}
            if gone:
                log.info("purged what is older than %s days: %s", self.settings.keep_days, gone)
        except (SaldoError, SQLAlchemyError, OSError) as error:
            log.error("what has had its time was not removed: %s", place_of(error))

    def _rest(self, end: float) -> bool:
        time.sleep(REST)
        while self.is_busy() and time.monotonic() < end:
            time.sleep(REST)
        return time.monotonic() < end
