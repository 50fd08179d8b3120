"""The conversation laid before a person: what that person gets, shown before, and the handover itself."""

from __future__ import annotations

import asyncio
from functools import partial
from http import HTTPStatus

from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.mail.handover.from_conversation import handover_of, understood_in
from saldo.mail.handover.handover import KnownCustomer, transcript_of
from saldo.mail.handover.taking import Prepared
from saldo.rasa_runtime.channel import OnNewMessage, Utterance, utterances
from saldo.storage.engines import off_loop
from saldo.web.auth.sessions import Session
from saldo.web.context import WebContext
from saldo.web.endpoints import present
from saldo.web.middleware import json
from saldo.web.requests import Problem, address_of, body_of, language_of, text_of

PATIENCE = 8.0
"""Seconds that the team's mailbox may take; meanwhile the customer waits. It goes on after that."""


async def preview(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """What a person would get: the customer reads it before it is passed on."""
    session = await present(request, context)
    context.limits.other(session.conversation)
    spoken = await utterances(request.app, session.conversation)
    customer, lines = await off_loop(_customer, session, context), transcript_of(spoken)
    return json(
        {
            "customer": {"name": customer.name} if customer else None,
            "transcript": [{"from": line.speaker, "text": line.text} for line in lines],
        }
    )


async def hand_over(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Lay the conversation before a person; again, with nothing said meanwhile, it has the same reference."""
    session = await present(request, context)
    context.limits.message(session.conversation)
    body = body_of(request)
    language = language_of(body) or session.language
    address = address_of(body, context.faq, language)
    text = text_of(body, context.faq, language) if body.get("text") else None
    async with context.in_turn(session.conversation):
        spoken = await utterances(request.app, session.conversation)
        if not spoken and not text:
            raise Problem(HTTPStatus.BAD_REQUEST, context.faq.says("empty", language))
        laying = partial(_lay, session, context, spoken, language, address, text or "")
        prepared, known = await off_loop(laying)
        in_mailbox = known or await _in_mailbox(context, prepared)
    link = {} if in_mailbox else {"mailto": prepared.link}
    return json({"reference": prepared.handover.reference, **link}, status=HTTPStatus.ACCEPTED)


def _lay(
    session: Session, context: WebContext, spoken: list[Utterance], language: str, address: str | None, text: str
) -> tuple[Prepared, bool]:
    """The handover as it is laid into the review, and whether the team has it in its mailbox just so."""
    understood = understood_in(spoken, language)
    handover = handover_of(
        session.conversation, spoken, understood, "widget",
        language=language, customer=_customer(session, context), address=address, text=text,
        unhelpful=not all(context.feedback.verdicts(session.conversation).values()),
    )  # fmt: skip
    prepared = context.handovers.prepare(handover, understood, context.records())
    return prepared, context.handovers.lay(session.conversation, prepared)


async def _in_mailbox(context: WebContext, prepared: Prepared) -> bool:
    """Whether the team has it in its mailbox by now; a mailbox takes its time, and that is nobody else's."""
    laying = asyncio.create_task(asyncio.to_thread(context.handovers.lay_into_mailbox, prepared))
    done, _ = await asyncio.wait([laying], timeout=PATIENCE)
    return laying in done and laying.result()


def _customer(session: Session, context: WebContext) -> KnownCustomer | None:
    """Who is signed in; by the id alone while the records cannot be read."""
    if session.customer is None:
        return None
    customer = context.known_by_name(session)
    return KnownCustomer(session.customer, customer.name if customer else session.customer)
