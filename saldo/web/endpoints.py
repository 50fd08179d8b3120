"""The conversation over HTTP: sessions, messages, both sides replayed, feedback and signing out.

Of a conversation's past only what a call sends is turned into messages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from itertools import takewhile
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.answers.answer import Answer
from saldo.answers.blocks import block_to_json
from saldo.billing import Customer
from saldo.conversation import TurnMetadata
from saldo.errors import SaldoError
from saldo.identity import mint
from saldo.rasa_runtime.channel import OnNewMessage, Utterance, is_ready, utterances
from saldo.rasa_runtime.channel import say as put
from saldo.web.auth.sessions import LIFETIME, RENEWABLE, Session, begin, seal, unseal
from saldo.web.context import WebContext
from saldo.web.middleware import address_of, json
from saldo.web.requests import (
    Problem,
    body_of,
    cursor_of,
    ended,
    language_of,
    message_id_of,
    session_of,
    text_of,
    verdict_of,
)

Json = dict[str, Any]


def as_sent(utterance: Utterance) -> Json:
    """One side's message in the published shape."""
    if utterance.answer is None:
        return {"id": utterance.id, "from": "customer", "text": utterance.text}
    return as_message(utterance.answer)


def as_message(content: Mapping[str, Any]) -> Json:
    """An answer in the published shape of a message."""
    answer = Answer.from_json(content)
    return {
        "id": content["id"],
        "from": "saldo",
        "kind": answer.kind,
        "topics": list(answer.topics),
        "language": answer.language,
        "blocks": [block_to_json(block) for block in answer.blocks],
        "feedback": answer.kind == "answer",
    }


def offered(spoken: Sequence[Utterance]) -> list[Json]:
    """The choices of the last answer, if it offered any."""
    last = next((each.answer for each in reversed(spoken) if each.answer is not None), None)
    blocks: list[Json] = as_message(last)["blocks"] if last is not None else []
    return [item for block in blocks if block["type"] == "options" for item in block["items"]]


def answers_to(spoken: Sequence[Utterance], name: str | None) -> Json | None:
    """What was answered to the customer's message of that id, if it was said before; a body as the first time."""
    place = next((at for at, one in enumerate(spoken) if one.answer is None and one.id == name), None)
    if place is None:
        return None
    answers = [as_sent(one) for one in takewhile(lambda one: one.answer is not None, spoken[place + 1 :])]
    return {"messages": answers, "cursor": place + 1 + len(answers)}


async def open_session(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Begin a conversation, or go on with the one whose token is shown, if it is still the same customer."""
    context.limits.session(address_of(request))
    body = body_of(request)
    language = language_of(body)
    customer = context.customer(body["identity"]) if "identity" in body else None
    earlier = _earlier(request, context, customer)
    session = _renewed(earlier, language) if earlier else _new(language, customer)
    reply = {
        "session": seal(context.key, session),
        "expires_in": LIFETIME,
        "language": session.language,
        "customer": {"name": customer.name} if customer else None,
        "continued": earlier is not None,
        "messages": [as_message(context.greeting(session, customer))],
    }
    return json(reply, status=201)


async def close_session(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Sign out: no token of this conversation is good any more."""
    session = unseal(context.key, request.token or "", grace=RENEWABLE)
    if session is None:
        raise ended()
    context.end(session)
    return response.empty(headers={"Cache-Control": "no-store"})


async def say(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """One message and its answer; the same id again gets the same answer again."""
    session = _present(request, context)
    context.limits.message(session.conversation)
    body = body_of(request)
    name = message_id_of(body)
    async with context.in_turn(session.conversation):
        before = await utterances(request.app, session.conversation)
        answered = answers_to(before, name)
        return json(answered or await _answer(session, context, turn, body, before))


async def replay(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Both sides of the conversation from a place on, and its greeting."""
    session = _present(request, context)
    context.limits.other(session.conversation)
    after = cursor_of(request)
    renewed = _renewed(session, language_of({"language": request.args.get("language")}))
    spoken, verdicts = (
        await utterances(request.app, session.conversation),
        context.feedback.verdicts(session.conversation),
    )
    replayed = [{**message, "helpful": verdicts.get(message["id"])} if message.get("feedback") else message
            for message in map(as_sent, spoken[after:])]  # fmt: skip
    greeting = as_message(context.greeting(renewed, context.customer_of(session)))
    return json({"messages": replayed, "cursor": len(spoken), "greeting": greeting})


async def rate(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Whether an answer of this conversation helped; the last verdict counts."""
    session = _present(request, context)
    context.limits.other(session.conversation)
    name, helpful, comment = verdict_of(body_of(request))
    spoken = await utterances(request.app, session.conversation)
    answer = next((each.answer for each in spoken if each.answer is not None and each.id == name), None)
    message = as_message(answer) if answer is not None else None
    if message is None or not message["feedback"]:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such answer in this conversation.")
    context.feedback.take(session.conversation, name, helpful, comment, message["topics"], message["language"])
    return response.empty(headers={"Cache-Control": "no-store"})


async def health(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Whether a turn can be answered."""
    if not is_ready(request.app):
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The model is not loaded.")
    try:
        context.records().is_empty()
    except SaldoError:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The billing records cannot be read.") from None
    return json({"status": "ok"})


def _present(request: Request, context: WebContext) -> Session:
    """The session of a call, if nobody signed out of it."""
    session = session_of(request, context.key)
    if context.has_ended(session):
        raise ended()
    return session


def _earlier(request: Request, context: WebContext, customer: Customer | None) -> Session | None:
    """The conversation to go on with. One of another customer, or of one who is signed in no more, ends here."""
    session = unseal(context.key, request.token, grace=RENEWABLE) if request.token else None
    if session is None or context.has_ended(session):
        return None
    if session.customer == (customer.id if customer else None):
        return session
    context.end(session)
    return None


def _renewed(session: Session, language: str | None) -> Session:
    return Session(session.conversation, language or session.language, session.customer)


def _new(language: str | None, customer: Customer | None) -> Session:
    return begin(language or (customer.language if customer else "nl"), customer.id if customer else None)


async def _answer(
    session: Session, context: WebContext, turn: OnNewMessage, body: Json, before: Sequence[Utterance]
) -> Json:
    chosen = language_of(body)
    text, option = text_of(body, context.faq, chosen or session.language), None
    if text is None:
        option, text = _option(body, before)
    metadata = TurnMetadata(
        identity=mint(context.key, session.customer) if session.customer else None,
        language=chosen or session.language,
        language_chosen=bool(chosen),
        option=option,
    )
    contents = await put(turn, "widget", text, session.conversation, metadata.to_json(), message_id_of(body))
    answers = [as_message(content) for content in contents]
    if not answers:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "There is no answer at the moment; try again.")
    return {"messages": answers, "cursor": len(before) + 1 + len(answers)}


def _option(body: Json, before: Sequence[Utterance]) -> tuple[str, str]:
    """The choice and its wording, if this conversation's last answer offered it."""
    found = next((option for option in offered(before) if option["id"] == body.get("option")), None)
    if found is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "Send text, or an option that was just offered.")
    return found["id"], found["label"]
