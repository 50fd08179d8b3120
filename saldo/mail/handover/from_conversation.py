"""A conversation that a person takes over. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from saldo.conversation import Utterance
from saldo.mail.ask_bot import MailUnderstanding, read_turn, together
from saldo.mail.handover.handover import (
    Channel,
    Handover,
    KnownCustomer,
    answered_in,
    reason_of,
    reference_of,
    transcript_of,
)


def understood_in(spoken: Sequence[Utterance], language: str) -> MailUnderstanding:
    """All that a conversation's turns came to, each topic and figure once."""
    answers = [one.answer for one in spoken if one.answer is not None]
    return together([read_turn(answer) for answer in answers if "questions" in answer], language)


def handover_of(
    conversation: str, spoken: Sequence[Utterance], understood: MailUnderstanding, channel: Channel, *,
    language: str, customer: KnownCustomer | None, address: str | None, text: str, unhelpful: bool,
) -> Handover:  # fmt: skip
    """The handover of a conversation as far as it has gone; without the letter, which is written of it."""
    answers = [one.answer for one in spoken if one.answer is not None]
    return Handover(
        reference=reference_of(conversation, len(spoken)),
        channel=channel,
        reason=reason_of(answers, unhelpful=unhelpful),
        language=answers[-1]["language"] if answers else language,
        questions=understood.questions,
        answered=answered_in(understood),
        customer=customer,
        facts=tuple(dict.fromkeys(understood.facts)),
        transcript=transcript_of(spoken),
        address=address,
        text=text,
    )
