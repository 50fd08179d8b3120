"""The databases and folders in which something of people is kept, opened for erasing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import Engine, make_url

from saldo.billing import Repository, open_database
from saldo.billing.store.database import connect, transaction
from saldo.billing.store.tables import customers
from saldo.insight.store import open_store
from saldo.mail.store.layout import make_tables
from saldo.privacy.rows import overwriting
from saldo.settings import Settings
from saldo.storage.conversations import ConversationBook
from saldo.storage.engines import sqlite
from saldo.storage.store import Store, is_shared


@dataclass(frozen=True)
class Stores:
    """All that is opened; `close` it."""

    settings: Settings
    insight: Engine
    conversations: Engine
    records: Optional[Engine]
    """The billing records and what mail keeps beside them; None where there are none."""
    folders: tuple[Path, ...]
    """Of reviews and drafts: `var/mail`, and others that were named."""

    @property
    def repository(self) -> Optional[Repository]:
        return Repository(self.records) if self.records else None

    @property
    def engines(self) -> list[Engine]:
        return [engine for engine in (self.insight, self.conversations, self.records) if engine is not None]


@contextmanager
def open_stores(settings: Settings, folders: Sequence[Path] = ()) -> Iterator[Stores]:
    """The stores of these settings. DatabaseUnusable if one is there and cannot be used."""
    stores = Stores(
        settings,
        _engine(settings, "widget.db", open_store(settings)),
        _engine(settings, "conversations.db", ConversationBook(settings).store),
        _records(settings),
        tuple(dict.fromkeys((settings.state / "mail", *(folder.absolute() for folder in folders)))),
    )
    try:
        yield stores
    finally:
        for engine in stores.engines:
            engine.dispose()


def _records(settings: Settings) -> Engine | None:
    url = make_url(settings.database_url or f"sqlite:///{settings.state / 'saldo.db'}")
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    address = url.render_as_string(hide_password=False)
    with transaction(connect(address)) as connection:
        if not inspect(connection).has_table(customers.name):
            return None
    engine = overwriting(open_database(address))
    make_tables(engine)
    return engine


def _engine(settings: Settings, file: str, store: Store) -> Engine:
    """An engine of one's own: what is done here may take longer than a turn may wait. DatabaseUnusable if it fails."""
    settings.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    store.check()  # which makes its tables
    if is_shared(settings):
        return create_engine(settings.database_url, future=True, hide_parameters=True)
    return overwriting(sqlite(settings.state / file, make=False))
