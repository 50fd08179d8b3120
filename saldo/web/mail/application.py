"""The server: its routes, how every failure ends, and what each reply carries. Nothing here sends mail."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from saldo.errors import SaldoError, place_of
from saldo.mail.helpdesk.article import Helpdesk
from saldo.mail.helpdesk.drafting import Drafting, TooManyWaiting
from saldo.mail.helpdesk.laying import AtWork, Laying
from saldo.mail.helpdesk.private import HelpdeskFault
from saldo.mail.parse.incoming import LARGEST, UnreadableMail
from saldo.settings import Settings
from saldo.web.mail.callers import Callers, must_be_addressed
from saldo.web.mail.requests import json_object, mail_of
from saldo.web.measured import measure
from saldo.web.middleware import ALWAYS, json
from saldo.web.requests import Problem, problem_of

log = logging.getLogger(__name__)
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]
PATIENCE = {"Retry-After": "5"}


@dataclass(frozen=True)
class MailService:
    """What the server has at hand."""

    settings: Settings
    drafting: Drafting
    callers: Callers
    laying: Laying
    helpdesks: Sequence[Helpdesk]


def mail_application(service: MailService) -> Sanic:
    """The server, ready to run. A helpdesk has a route only if it is set."""
    app = Sanic("saldo_mail", register=False, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = LARGEST
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.add_route(_guarded(_draft, service), "/mail/draft", methods=["POST"], name="draft")
    app.add_route(_guarded(_health, service), "/mail/health", name="health")
    app.add_route(_guarded(_live, service), "/mail/live", name="live")
    for helpdesk in service.helpdesks:
        route = _guarded(_told_by(helpdesk), service)
        app.add_route(route, f"/mail/{helpdesk.name}", methods=["POST"], name=helpdesk.name)
    app.error_handler.add(SanicException, lambda _, error: _dressed(problem_of(error).response()))
    app.error_handler.add(Exception, _unforeseen)
    measure(app)
    app.register_listener(lambda *_: service.drafting.close(), "after_server_stop")
    return app


async def _draft(request: Request, service: MailService) -> HTTPResponse:
    """A mail comes in, its draft and its review go back; nothing is laid anywhere."""
    await service.callers.must_be_known(request)
    drafted = await service.drafting.draft(mail_of(request))
    return json(drafted.as_json())


def _told_by(helpdesk: Helpdesk) -> Handler:
    async def told(request: Request, service: MailService) -> HTTPResponse:
        """A helpdesk tells of a message; its draft is laid there, where colleagues see it."""
        headers = {name.lower(): value for name, value in request.headers.items()}
        if not helpdesk.is_signed(headers, request.body):
            raise Problem(HTTPStatus.UNAUTHORIZED, f"This is not signed by {helpdesk.name}.")
        article = helpdesk.article(json_object(request.body))
        if article is None:
            return json({"outcome": "ignored"})
        # a helpdesk that hangs up meanwhile does not undo what was begun
        begun = asyncio.ensure_future(service.laying.lay(helpdesk, article))
        begun.add_done_callback(lambda done: done.cancelled() or done.exception())
        return json({"outcome": await asyncio.shield(begun)})

    return told


async def _health(request: Request, service: MailService) -> HTTPResponse:
    """Whether a mail can be drafted."""
    await service.drafting.look()
    return json({"status": "ok"})


async def _live(request: Request, service: MailService) -> HTTPResponse:
    """That the process lives."""
    return json({"status": "ok"})


def _guarded(handler: Handler, service: MailService) -> Handler:
    """Every way a request can fail ends as a problem, never as a traceback."""

    @wraps(handler)
    async def guard(request: Request) -> HTTPResponse:
        try:
            must_be_addressed(request, service.settings.mail_serve_hosts)
            return _dressed(await handler(request, service))
        except Problem as problem:
            return _dressed(problem.response())
        except SaldoError as error:
            return _dressed(_problem_of(error).response())

    return guard


def _problem_of(error: SaldoError) -> Problem:
    if isinstance(error, UnreadableMail):
        return Problem(HTTPStatus.BAD_REQUEST, f"The body is no mail: {error}.")
    if isinstance(error, (TooManyWaiting, AtWork)):
        return Problem(HTTPStatus.SERVICE_UNAVAILABLE, str(error), PATIENCE)
    log.error("%s", error)
    if isinstance(error, HelpdeskFault):
        return Problem(HTTPStatus.BAD_GATEWAY, "The helpdesk did not take it; nothing was lost. Try again.", PATIENCE)
    return Problem(HTTPStatus.SERVICE_UNAVAILABLE, "Mails cannot be drafted at the moment; try again.", PATIENCE)


async def _unforeseen(request: Request, error: Exception) -> HTTPResponse:
    """A fault of ours; its place goes to the log, and nothing of what people wrote."""
    log.error("drafting failed: %s", place_of(error))
    detail = "Something went wrong; nothing was lost. Try again."
    return _dressed(Problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail).response())


def _dressed(reply: HTTPResponse) -> HTTPResponse:
    reply.headers.update(ALWAYS)
    return reply
