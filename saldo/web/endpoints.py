"""The conversation over HTTP: sessions, messages, both sides replayed, feedback and signing out.

Of a conversation's past only what a call sends is turned into messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.answers.answer import Answer
from saldo.answers.blocks import block_to_json
from saldo.conversation import TurnMetadata, instant
from saldo.identity import mint
from saldo.insight.turn import begin as begin_turn
from saldo.locks import turn_locks
from saldo.rasa_runtime.channel import (
    OnNewMessage,
    Utterance,
    answer,
    answered,
    book_of,
    check_actions,
    is_ready,
    length,
    utterances,
)
from saldo.rasa_runtime.channel import say as put
from saldo.storage.conversations import Overtaken
from saldo.storage.engines import off_loop
from saldo.web.auth.sessions import LIFETIME, RENEWABLE, Session, begin, seal, unseal
from saldo.web.context import WebContext
from saldo.web.edge.gate import gate_of
from saldo.web.middleware import address_of, json
from saldo.web.readiness import Check
from saldo.web.requests import (
    Problem,
    body_of,
    browser_language,
    cursor_of,
    ended,
    language_of,
    message_id_of,
    session_of,
    text_of,
    verdict_of,
)

Json = dict[str, Any]
TRIES = 4
"""Times that a message is taken before it gives way to those that other servers take in the same conversation."""


def as_sent(utterance: Utterance) -> Json:
    """One side's message in the published shape."""
    if utterance.answer is None:
        at = {"at": instant(utterance.at)} if utterance.at else {}
        return {"id": utterance.id, "from": "customer", "text": utterance.text, **at}
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
        "instead": content.get("instead", []),
        "next": content.get("next", []),
        **({"at": content["at"]} if "at" in content else {}),
        **({"figures_of": answer.figures_of} if answer.figures_of else {}),
    }


def offered(last: Utterance | None) -> list[Json]:
    """The choices of the last answer, if it offered any; those for whom it does not help and those who go on, too."""
    if last is None or last.answer is None:
        return []
    message = as_message(last.answer)
    choices = [item for block in message["blocks"] if block["type"] == "options" for item in block["items"]]
    return [*choices, *message["instead"], *message["next"]]


async def open_session(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Begin a conversation, or go on with the one whose token is shown, if it is still the same customer."""
    context.limits.session(address_of(request))
    body = body_of(request)
    language = language_of(body)
    vouched = await off_loop(context.vouched, body["identity"]) if "identity" in body else None
    earlier = await off_loop(_earlier, request, context, vouched)
    session = _renewed(earlier, language) if earlier else begin(language or browser_language(request), vouched)
    customer = await off_loop(context.customer_of, session)
    if not earlier and customer and not language:
        session = _renewed(session, customer.language)
    await _note(session, context)
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
    await off_loop(context.end, session)
    return response.empty(headers={"Cache-Control": "no-store"})


async def say(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """One message and its answer; the same id again gets the same answer again."""
    session = session_of(request, context.key)
    context.limits.message(session.conversation)
    body = body_of(request)
    name = message_id_of(body)
    begin_turn(session.conversation, name)
    async with context.in_turn(session.conversation):  # before anything waits: messages keep the order they came in
        await present(request, context)
        await _note(session, context)
        for _ in range(TRIES):
            before = await answered(request.app, session.conversation, name) if name else None
            if before:
                return json({"messages": [as_sent(one) for one in before[0]], "cursor": before[1]})
            with suppress(Overtaken):  # by another server: what it was told counts in what is answered here
                return json(await _answer(request.app, session, context, turn, body))
    raise Overtaken()


async def replay(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Both sides of the conversation from a place on, and its greeting."""
    session = await present(request, context)
    context.limits.other(session.conversation)
    after = cursor_of(request)
    renewed = _renewed(session, language_of({"language": request.args.get("language")}))
    spoken = await utterances(request.app, session.conversation, after)
    verdicts = await off_loop(context.feedback.verdicts, session.conversation) if spoken else {}
    replayed = [{**message, "helpful": verdicts.get(message["id"])} if message.get("feedback") else message
            for message in map(as_sent, spoken)]  # fmt: skip
    greeting = as_message(context.greeting(renewed, await off_loop(context.known_by_name, session)))
    cursor = after + len(spoken) if spoken else await length(request.app, session.conversation)
    handed = await off_loop(context.handed_over.newest, session.conversation) if spoken else None
    passed_on = {"handover": {"reference": handed[0], "at": instant(handed[1])}} if handed else {}
    return json({"messages": replayed, "cursor": cursor, "greeting": greeting, **passed_on})


async def rate(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Whether an answer of this conversation helped; the last verdict counts."""
    session = await present(request, context)
    context.limits.other(session.conversation)
    name, helpful, comment = verdict_of(body_of(request))
    found = await answer(request.app, session.conversation, name)
    message = as_message(found.answer) if found and found.answer is not None else None
    if message is None or not message["feedback"]:
        raise Problem(HTTPStatus.NOT_FOUND, "There is no such answer in this conversation.")
    verdict = (name, helpful, comment, message["topics"], message["language"])
    await off_loop(context.feedback.take, session.conversation, *verdict)
    return response.empty(headers={"Cache-Control": "no-store"})


async def health(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """Whether a turn can be answered."""
    if gate_of(request.app).is_closing:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The server is about to end.")
    if not is_ready(request.app):
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "The model is not loaded.")
    stores = {"The store of conversations": book_of(request.app).check, **context.checks()}
    checks: dict[str, Check] = {name: partial(off_loop, check) for name, check in stores.items()}
    checks["What keeps turns in line"] = turn_locks().line.check
    checks["The action server"] = partial(check_actions, request.app)
    if fault := await context.readiness.fault(checks):
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, fault)
    return json({"status": "ok"})


async def live(request: Request, context: WebContext, turn: OnNewMessage) -> HTTPResponse:
    """That the process lives; nothing else is looked at."""
    return json({"status": "ok"})


async def present(request: Request, context: WebContext) -> Session:
    """The session of a call, if nobody signed out of it."""
    session = session_of(request, context.key)
    if await off_loop(context.has_ended, session):
        raise ended()
    return session


async def _note(session: Session, context: WebContext) -> None:
    """Have the conversation on record; within the hour it is there already, and nobody waits for the store."""
    if not context.register.has(session.conversation):
        await off_loop(context.register.note, session.conversation, session.customer, session.language)


def _earlier(request: Request, context: WebContext, customer: str | None) -> Session | None:
    """The conversation to go on with. One of another customer, or of one who is signed in no more, ends here."""
    session = unseal(context.key, request.token, grace=RENEWABLE) if request.token else None
    if session is None or context.has_ended(session):
        return None
    if session.customer == customer:
        return session
    context.end(session)
    return None


def _renewed(session: Session, language: str | None) -> Session:
    return Session(session.conversation, language or session.language, session.customer)


async def _answer(app: Sanic, session: Session, context: WebContext, turn: OnNewMessage, body: Json) -> Json:
    chosen = language_of(body)
    text, option = text_of(body, context.faq, chosen or session.language), None
    if text is None:
        option, text = _option(body, await answer(app, session.conversation))
    metadata = TurnMetadata(
        identity=mint(context.key, session.customer) if session.customer else None,
        language=chosen or session.language,
        language_chosen=bool(chosen),
        option=option,
    )
    contents = await put(turn, "widget", text, session.conversation, metadata.to_json(), message_id_of(body))
    return {
        "messages": [as_message(content) for content in contents],
        "cursor": await length(app, session.conversation),
    }


def _option(body: Json, last: Utterance | None) -> tuple[str, str]:
    """The choice and its wording, if this conversation's last answer offered it."""
    found = next((option for option in offered(last) if option["id"] == body.get("option")), None)
    if found is None:
        raise Problem(HTTPStatus.BAD_REQUEST, "Send text, or an option that was just offered.")
    return found["id"], found["label"]
