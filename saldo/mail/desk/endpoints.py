"""The desk's calls: which function answers which, once it is known who asks."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from sanic import response
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.mail.desk.desk import Desk
from saldo.mail.desk.requests import body_of, page_of, state_in, text_in, topics_in

Endpoint = Callable[[Request, Desk], Coroutine[Any, Any, HTTPResponse]]


async def words(request: Request, desk: Desk) -> HTTPResponse:
    """What the page says, the topics in their order, and whether there is a mailbox."""
    said = desk.words
    texts = {**said.texts.dict(exclude={"reasons"}), "risks": said.risks, "statuses": said.notes.statuses}
    order = [each for each in desk.faq.topics if each in texts["topics"]]
    return response.json({**texts, "language": said.language, "order": order, "mailbox": desk.open_drafts is not None})


async def queue(request: Request, desk: Desk) -> HTTPResponse:
    """A page of the queue."""
    return response.json(desk.queue(*page_of(request)))


async def mail(request: Request, desk: Desk) -> HTTPResponse:
    """One mail with its letter."""
    return response.json(desk.mail(request.args.get("mail", "")))


async def draft(request: Request, desk: Desk) -> HTTPResponse:
    """The draft as a file."""
    return response.raw(desk.draft(request.args.get("mail", "")), content_type="message/rfc822")


async def state(request: Request, desk: Desk) -> HTTPResponse:
    """Handled, not a question, or open again."""
    body = body_of(request)
    return response.json(desk.set_state(text_in(body, "mail"), state_in(body)))


async def letter(request: Request, desk: Desk) -> HTTPResponse:
    """A letter that a person has written."""
    body = body_of(request)
    return response.json(desk.edit(text_in(body, "mail"), text_in(body, "text"), text_in(body, "revision")))


async def topics(request: Request, desk: Desk) -> HTTPResponse:
    """A new letter, on the topics that a person picked."""
    body = body_of(request)
    return response.json(await desk.draft_on(text_in(body, "mail"), topics_in(body), text_in(body, "revision")))


async def drafts(request: Request, desk: Desk) -> HTTPResponse:
    """The letter into the mailbox's Drafts."""
    body = body_of(request)
    return response.json(await desk.to_drafts(text_in(body, "mail"), text_in(body, "revision")))


ENDPOINTS: tuple[tuple[str, str, Endpoint], ...] = (
    ("GET", "words", words),
    ("GET", "queue", queue),
    ("GET", "mail", mail),
    ("GET", "draft", draft),
    ("POST", "state", state),
    ("POST", "letter", letter),
    ("POST", "topics", topics),
    ("POST", "drafts", drafts),
)
