"""What a person has to know of a handover before answering: the verdict, and who the customer is. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from saldo.mail.ask_bot import MailUnderstanding
from saldo.mail.handover.handover import Handover, Reason
from saldo.mail.sender.identity import Identity
from saldo.mail.signals import signals_in
from saldo.mail.triage import Verdict

REASONS: Mapping[Reason, str] = {
    "asked": "the customer asked for a person",
    "two_failed_tries": "the question was not understood twice",
    "not_helpful": "an answer did not help",
    "escalation": "a complaint, a legal step or a hardship",
    "notice": "something is ordered, cancelled, handed in or announced in it",
}
"""How a review tells why a conversation is a person's."""


def identity_of(handover: Handover, owners: list[str]) -> Identity:
    """Who it is; `owners` are the customers that have the given address among their contacts."""
    customer, address = handover.customer, handover.address
    if customer:
        elsewhere = bool(address) and customer.id not in owners
        risks = ("reply_to_elsewhere",) if elsewhere else ()
        return Identity("authenticated", f"signed in where the chat is: {customer.id}", customer.id, risks=risks)
    if owners:
        return Identity("known", f"not signed in; {address} is a contact of {', '.join(owners)}, and was only typed")
    return Identity("none", "not signed in")


def verdict_on(handover: Handover, understood: MailUnderstanding, identity: Identity) -> Verdict:
    """A person's, always; urgent where a mail that says the same would be."""
    written = "\n".join([*(line.text for line in handover.transcript if line.speaker == "customer"), handover.text])
    signals = signals_in(written)
    risks = tuple(dict.fromkeys(_risks(understood, identity, signals)))
    return Verdict("person", REASONS[handover.reason], risks, "complaint" in risks or bool(signals))


def _risks(understood: MailUnderstanding, identity: Identity, signals: tuple[str, ...]) -> Iterator[str]:
    if "escalate" in understood.acts:
        yield "complaint"
    yield from signals
    if {"notice", "withdraw"} & {*understood.acts}:
        yield "not_a_question"
    yield from (risk for part in understood.parts for risk in part.risks)
    yield from identity.risks
