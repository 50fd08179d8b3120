"""What is kept of somebody, gathered from every place for that person to read."""

from __future__ import annotations

import time

from saldo.conversation.utterance import instant
from saldo.privacy.finding import NobodyKept, find
from saldo.privacy.inventory import STAYS, inventory
from saldo.privacy.kept import Json
from saldo.privacy.stores import Stores


def export(stores: Stores, name: str) -> Json:
    """All that is kept of a customer, a conversation or a mail address. NobodyKept if nothing is."""
    who = find(stores, name)
    if who is None:
        raise NobodyKept(name)
    kept = [
        {"what": place.what, "why": place.why, "until": place.until, "items": items}
        for place in inventory(stores)
        if (items := place.export(who))
    ]
    return {
        "about": who.name,
        "kind": who.kind,
        "made_at": instant(time.time()),
        "kept": kept,
        "elsewhere": [{"what": each.what, "where": each.where, "why": each.why} for each in STAYS[:2]],
    }
