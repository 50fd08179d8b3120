"""Erases somebody from every place of the inventory, and tells what went: the receipt."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from saldo.conversation.utterance import instant
from saldo.identity import derived, key_of
from saldo.insight.store import open_store
from saldo.privacy.finding import NobodyKept, find
from saldo.privacy.inventory import inventory
from saldo.privacy.kept import Json, Kept, Who
from saldo.privacy.rows import Rows, sweep
from saldo.privacy.stores import Stores
from saldo.private_files import private_file
from saldo.settings import Settings
from saldo.web.auth.revocation import UsedIds, ended
from saldo.web.auth.sessions import LIFETIME, RENEWABLE

RECEIPTS = "erasures.jsonl"


@dataclass(frozen=True)
class Line:
    """What went from one place, or would."""

    what: str
    where: str
    count: int


@dataclass(frozen=True)
class Receipt:
    """What erasing came to."""

    name: str
    kind: str
    at: str
    dry_run: bool
    lines: tuple[Line, ...]
    shared: tuple[str, ...] = ()
    """Addresses whose mails stay, since they are a contact of other customers too."""
    unswept: tuple[str, ...] = ()
    """Databases in whose files bytes are left, since another program was at work there."""

    @property
    def total(self) -> int:
        return sum(line.count for line in self.lines)

    def to_json(self) -> Json:
        return asdict(self)


def erase(stores: Stores, name: str, dry_run: bool) -> Receipt:
    """Erase a customer, a conversation or a mail address. NobodyKept if nothing is kept of it and never was."""
    who, places = find(stores, name), inventory(stores)
    if who is None:
        if not _was_erased(stores.settings, name):
            raise NobodyKept(name)
        who = Who(name, "address" if "@" in name else "conversation")
    if dry_run:
        return _receipt(who, [Line(place.what, place.place, place.count(who)) for place in places], True)
    _end(stores, who)
    lines = [Line(place.what, place.place, place.erase(who)) for place in places]
    receipt = _receipt(who, lines, False, sweep_all(stores, places) if any(line.count for line in lines) else ())
    _keep(stores.settings, receipt)
    return receipt


def hashed(settings: Settings, name: str) -> str:
    """What stands in kept receipts for a name: only who has Saldo's key can tell whether it is that of a given one."""
    return derived(key_of(settings), f"erased:{name}")


def sweep_all(stores: Stores, places: Iterable[Kept]) -> tuple[str, ...]:
    """Take the bytes of what was deleted out of the databases' files; which of them did not let that be done."""
    tables: dict[int, set[str]] = {}
    for place in places:
        if isinstance(place, Rows) and place.engine is not None:
            tables.setdefault(id(place.engine), set()).update(place.tables)
    left = [engine for engine in stores.engines if not sweep(engine, tables.get(id(engine), ()))]
    return tuple(str(engine.url.database) for engine in left)


def _receipt(who: Who, lines: Sequence[Line], dry_run: bool, unswept: tuple[str, ...] = ()) -> Receipt:
    return Receipt(who.name, who.kind, instant(time.time()), dry_run, tuple(lines), tuple(sorted(who.shared)), unswept)


def _end(stores: Stores, who: Who) -> None:
    """No token of an erased conversation is good any more: nothing is to be said in it again."""
    spent = UsedIds(open_store(stores.settings))
    for conversation in who.conversations:
        spent.spend(ended(conversation), time.time() + LIFETIME + RENEWABLE)


def _keep(settings: Settings, receipt: Receipt) -> None:
    lines = {line.what: line.count for line in receipt.lines}
    kept = {"at": receipt.at, "kind": receipt.kind, "who": hashed(settings, receipt.name), "erased": lines}
    with private_file(settings.state / RECEIPTS, os.O_APPEND) as file:
        file.write(json.dumps(kept, ensure_ascii=False) + "\n")


def _was_erased(settings: Settings, name: str) -> bool:
    path: Path = settings.state / RECEIPTS
    if not path.is_file():
        return False
    mark = hashed(settings, name)
    return any(mark in line for line in path.read_text(encoding="utf-8").splitlines())
