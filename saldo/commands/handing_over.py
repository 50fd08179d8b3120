"""A conversation of the terminal, laid before a person as the widget's are."""

from __future__ import annotations

import os
from collections.abc import Sequence

from saldo.billing import Customer, Repository, open_database
from saldo.conversation import Utterance
from saldo.errors import SaldoError
from saldo.faq import Faq
from saldo.insight.handovers import HandoverBook
from saldo.insight.store import open_store
from saldo.mail.handover.from_conversation import handover_of, understood_in
from saldo.mail.handover.handover import KnownCustomer
from saldo.mail.handover.taking import Handovers
from saldo.mail.parse.addresses import canonical
from saldo.settings import Settings


def hand_over(
    settings: Settings, faq: Faq, conversation: str, spoken: Sequence[Utterance], customer: Customer | None,
    address: str, language: str,
) -> str:  # fmt: skip
    """Lay it into the review, and into the team's mailbox if there is one; its reference.

    SaldoError if nothing was said yet, or the address is none.
    """
    if not spoken:
        raise SaldoError("Nothing was said yet; ask something first.")
    if address and not canonical(address):
        raise SaldoError(f"{address!r} is no mail address; write /person name@example.com, or /person alone.")
    understood = understood_in(spoken, language)
    handover = handover_of(
        conversation, spoken, understood, "shell",
        language=language, customer=KnownCustomer(customer.id, customer.name) if customer else None,
        address=canonical(address) if address else None, text="", unhelpful=False,
    )  # fmt: skip
    handovers = Handovers(settings, faq, HandoverBook(open_store(settings)), os.environ)
    prepared = handovers.prepare(handover, understood, Repository(open_database(settings.database_url)))
    if not handovers.lay(conversation, prepared):
        handovers.lay_into_mailbox(prepared)
    return handover.reference
