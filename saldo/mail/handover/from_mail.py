"""A mail that a person takes over, as the same object as a conversation. Pure."""

from __future__ import annotations

from saldo.mail.ask_bot import MailUnderstanding
from saldo.mail.handover.handover import Handover, KnownCustomer, Line, answered_in, reason_of_mail
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.sender.identity import Identity

LONGEST = 20_000
"""Characters of a mail that its handover repeats."""


def handover_of(incoming: IncomingMail, understood: MailUnderstanding, identity: Identity, to: Address) -> Handover:
    """The handover; its reference is what tells this mail from every other."""
    return Handover(
        reference=incoming.short_key,
        channel="mail",
        reason=reason_of_mail(understood),
        language=understood.language,
        questions=understood.questions,
        answered=answered_in(understood),
        customer=KnownCustomer(identity.customer, identity.name) if identity.customer else None,
        facts=understood.facts,
        transcript=(Line("customer", incoming.own[:LONGEST]),),
        address=to.email,
    )
