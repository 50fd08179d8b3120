"""What is to become of a mail: a letter, a person's look first, or nothing; and what is to be looked at before it goes.

What the mail does decides (design, section 4.5): only a question gets a standard letter. Whoever is unsure whether
anybody need look takes it for a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from saldo.mail.ask_bot import MailUnderstanding
from saldo.mail.contradictions import contradicts
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.sender.identity import Identity
from saldo.mail.signals import gives_account, signals_in

Outcome = Literal["draft", "person", "none"]

UNSURE = 0.6
"""An answer to a question that is less sure is a risk, …"""
UNSURE_WITH_FIGURES = 0.8
"""… and with the customer's own figures already from here."""
SIGNALS = {
    "account_number_changed": "it speaks of a changed bank account; that is verified by other means than mail",
    "bereavement": "it speaks of a death",
    "insolvency": "it speaks of an insolvency",
    "legal_step": "it speaks of a legal step",
    "polite_order": "something is ordered in it, put politely",
    "document_handed_in": "a document is handed in, and more is said",
}
"""How the review names what is found in a mail's words."""
EVERYDAY = frozenset({"polite_order", "document_handed_in"})
"""Those of them that can wait their turn."""
ORDERED = frozenset({"cancel_service", "licence_change", "manage_licences", "change_package", "refund_requirements"})
"""Topics in which something can be ordered or handed in, and an order taken back."""
SELDOM_ORDERED = frozenset({"invoice_status", "payment_reminder", "payment_extension", "paid_twice"})
"""Topics in which a notice only tells ("we pay tomorrow"), so that nobody has to act on it."""


FOREIGN = "it is written in none of our languages"
HANDED_IN = "a document is handed in with it"


@dataclass(frozen=True)
class Verdict:
    """What is to become of a mail, and why."""

    outcome: Outcome
    reason: str
    risks: tuple[str, ...] = ()
    urgent: bool = False
    """Whether it should not wait its turn: a complaint, a death, an insolvency, a possible fraud."""

    @property
    def only_foreign(self) -> bool:
        """Whether nothing but its language is in the way, so that a courtesy is apt."""
        return self.reason == FOREIGN

    @property
    def only_hands_in(self) -> bool:
        """Whether all that it does is to hand in a document, so that its receipt may be told."""
        return self.reason == HANDED_IN


def verdict(incoming: IncomingMail, understood: MailUnderstanding, identity: Identity) -> Verdict:
    """The verdict on a mail that was read; one that nobody need read has none."""
    signals = signals_in(incoming.own)
    risks = tuple(dict.fromkeys(_risks(incoming, understood, identity, signals)))
    urgent = "complaint" in risks or bool({*signals} - EVERYDAY)
    if why := next(_for_a_person(incoming, understood, signals), None):
        return Verdict("person", why, risks, urgent)
    if understood.parts:
        return Verdict("draft", "what is asked can be answered", risks)
    return Verdict("none", "nothing is asked", risks)


def _for_a_person(incoming: IncomingMail, understood: MailUnderstanding, signals: tuple[str, ...]) -> Iterator[str]:
    """Why a person has to look, the gravest reason first."""
    yield from (SIGNALS[signal] for signal in signals if signal not in EVERYDAY)
    if gives_account(incoming.own) and "?" not in incoming.own:
        yield "a bank account is given in it; that is verified by other means than mail"
    if "escalate" in understood.acts:
        yield "a complaint, a legal step or a hardship"
    if _hands_in(incoming, understood):
        yield HANDED_IN
    yield from (SIGNALS[signal] for signal in signals if signal in EVERYDAY)
    if "notice" in understood.acts and not _only_announces(understood):
        yield "something is ordered, cancelled, handed in or announced in it"
    if "withdraw" in understood.acts and _topics(understood, "withdraw") & ORDERED:
        yield "something that was ordered or cancelled is taken back"
    yield from (*understood.notes, *incoming.unread)
    if "unsupported_language" in understood.kinds:
        yield FOREIGN
    if not incoming.own.strip() and not understood.parts:
        yield "it holds no text of its own"
    if understood.parts:
        return
    if understood.questions or "ask" in understood.acts:
        yield "what is asked cannot be answered from the reviewed texts"
    if incoming.attachments:
        yield "something came with it that was not read"


def _only_announces(understood: MailUnderstanding) -> bool:
    """Whether all that is given notice of is a payment."""
    topics = _topics(understood, "notice")
    return bool(topics) and topics <= SELDOM_ORDERED


def _hands_in(incoming: IncomingMail, understood: MailUnderstanding) -> bool:
    """Whether all that is done is to hand in what a refund needs, a file came with it, and all of it can be read."""
    return (
        {*understood.acts} <= {"notice", "tell", "courtesy"}
        and _topics(understood, "notice") == {"refund_requirements"}
        and incoming.files > 0
        and not incoming.unread
    )


def _topics(understood: MailUnderstanding, act: str) -> set[str]:
    return {each.topic for each in understood.deeds if each.act == act}


def _risks(
    incoming: IncomingMail, understood: MailUnderstanding, identity: Identity, signals: tuple[str, ...]
) -> Iterator[str]:
    """What is to be looked at before the letter goes."""
    if "escalate" in understood.acts:
        yield "complaint"
    yield from signals
    if gives_account(incoming.own):
        yield "account_number_given"
    if {"notice", "withdraw"} & {*understood.acts}:
        yield "not_a_question"
    yield from (risk for part in understood.parts for risk in part.risks)
    if contradicts(incoming.own, understood):
        yield "figure_contradicts"
    least = UNSURE_WITH_FIGURES if understood.facts else UNSURE
    if any(each.status == "answered" and each.confidence < least for each in understood.questions):
        yield "low_confidence"
    if incoming.attachments:
        yield "unread_attachment"
    if incoming.unread or understood.notes:
        yield "unread_part"
    if "unsupported_language" in understood.kinds:
        yield "foreign_language"
    yield from identity.risks
