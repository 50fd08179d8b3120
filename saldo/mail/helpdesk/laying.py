"""Lays what came of a customer's message into the helpdesk: once for each message, however often it is told of.

A message is claimed as a mail in a mailbox is. What fails is released, so that it is tried again when the helpdesk
tells of it again; then the helpdesk is asked first whether the note stands there already.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Literal
from weakref import WeakValueDictionary

from sqlalchemy.engine import Engine

from saldo.errors import BadSetting, SaldoError
from saldo.mail.helpdesk.article import Article, Helpdesk
from saldo.mail.helpdesk.chatwoot import Chatwoot
from saldo.mail.helpdesk.drafting import Drafting
from saldo.mail.helpdesk.laid_drafts import LaidDrafts
from saldo.mail.helpdesk.note import NoteWriter
from saldo.mail.helpdesk.private import address_of
from saldo.mail.helpdesk.zammad import Zammad
from saldo.mail.store.claims import Claims
from saldo.mail.triage import Outcome

SETTINGS = ("URL", "TOKEN", "SECRET")
"""What each helpdesk takes, as in SALDO_ZAMMAD_URL: its address, the token to call it with, and what it signs with."""


class AtWork(SaldoError):
    """Another process has claimed the message."""

    def __init__(self) -> None:
        super().__init__("Another worker is at this message; ask again in a while.")


class Laying:
    """Drafts messages of helpdesks and lays the results there."""

    def __init__(self, drafting: Drafting, claims: Claims, notes: NoteWriter) -> None:
        self._drafting, self._claims, self._notes = drafting, claims, notes
        self._turns: WeakValueDictionary[tuple[str, tuple[int, ...]], asyncio.Lock] = WeakValueDictionary()

    async def lay(self, helpdesk: Helpdesk, article: Article) -> Outcome | Literal["before"]:
        """The outcome for the message, `before` if it was dealt with earlier; SaldoError if it was not this time."""
        async with self._turns.setdefault((helpdesk.url, article.place), asyncio.Lock()):
            return await self._lay(helpdesk, article)

    async def _lay(self, helpdesk: Helpdesk, article: Article) -> Outcome | Literal["before"]:
        mailbox = f"{helpdesk.name}:{helpdesk.url}"
        claim = await asyncio.to_thread(self._claims.claim, mailbox, str(article.id), article.reference)
        if claim.state == "done":
            return "before"
        if claim.state == "busy":
            raise AtWork
        try:
            incoming = await asyncio.to_thread(helpdesk.read, article)
            drafted = await self._drafting.draft_claimed(claim, lambda: incoming)
            review = drafted.handled.review
            is_due = review.verdict.outcome != "none"
            if is_due and not (claim.again and await asyncio.to_thread(helpdesk.is_laid, article)):
                await asyncio.to_thread(helpdesk.lay, article, drafted, self._notes.words(review))
            handled = drafted.handled
            await asyncio.to_thread(self._claims.finish, claim, drafted.outcome, handled.sender, handled.day)
        except BaseException:
            await asyncio.to_thread(self._claims.release, claim)
            raise
        return review.verdict.outcome


def helpdesks_of(environ: Mapping[str, str], engine: Engine) -> list[Helpdesk]:
    """The helpdesks that are set; BadSetting if one is set only in part."""
    found: list[Helpdesk] = []
    if given := _given("ZAMMAD", environ):
        found.append(Zammad(*given, LaidDrafts(engine)))
    if given := _given("CHATWOOT", environ):
        found.append(Chatwoot(*given))
    return found


def _given(name: str, environ: Mapping[str, str]) -> tuple[str, str, str] | None:
    names = [f"SALDO_{name}_{setting}" for setting in SETTINGS]
    url, token, secret = (environ.get(each, "").strip() for each in names)
    if not (url or token or secret):
        return None
    for each, value in zip(names, (url, token, secret), strict=True):
        if not value or not value.isascii() or not value.isprintable():
            raise BadSetting(each, "…" if value else "", f"a value, since another SALDO_{name}_… is set")
    return address_of(names[0], url), token, secret
