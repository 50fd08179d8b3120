"""Whether a mail and the figures of its answer speak of different numbers."""

from __future__ import annotations

from saldo.mail.ask_bot import MailUnderstanding
from saldo.nlu.entity_extraction import find_entities

COUNTED = frozenset({"licences", "users", "count"})
"""What a mail counts: licences, users, and the quantity on an invoice."""


def contradicts(text: str, understood: MailUnderstanding) -> bool:
    """Whether the mail names a count or an amount, the answer has figures of that kind, and none of them is that one.

    One of a mail's numbers that no figure has may only be another matter; that is for a person to see.
    """
    values = {fact.value for fact in understood.facts}
    counts = {value for value in values if isinstance(value, int)}
    amounts = {value for value in values if isinstance(value, str) and value.endswith(" EUR")}
    for entity in find_entities(text, understood.language) if values else ():
        if counts and entity.entity in COUNTED and entity.value not in counts:
            return True
        if amounts and entity.entity == "amount" and isinstance(entity.value, int):
            euros, cents = divmod(entity.value, 100)
            if f"{euros}.{cents:02} EUR" not in amounts:
                return True
    return False
