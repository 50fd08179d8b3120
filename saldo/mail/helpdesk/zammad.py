"""Zammad: a signed webhook comes in; the letter becomes the ticket's shared draft, the review an internal note."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from saldo.mail.helpdesk.article import Article, heading, with_reference
from saldo.mail.helpdesk.drafted import Drafted, Letter
from saldo.mail.helpdesk.fields import at, list_at, number_at, text_at
from saldo.mail.helpdesk.laid_drafts import LaidDrafts
from saldo.mail.helpdesk.private import ZAMMAD_DRAFT, ZAMMAD_NOTE, HelpdeskFault, Server, json_of
from saldo.mail.helpdesk.signing import is_same, sha1_signature
from saldo.mail.helpdesk.written import WrittenMail, as_incoming
from saldo.mail.parse.bodies import Attachment
from saldo.mail.parse.incoming import IncomingMail, UnreadableMail, read
from saldo.mail.review.words import NoteWords

_BODY = re.compile(r"<body[^>]*>(.*)</body>", re.DOTALL)


class Zammad:
    """One Zammad, as an agent of it who has a token."""

    name = "zammad"

    def __init__(self, url: str, token: str, secret: str, drafts: LaidDrafts) -> None:
        self.url, self._secret, self._drafts = url, secret, drafts
        self._server = Server(url, {"Authorization": f"Token token={token}"})

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        return is_same(headers.get("x-hub-signature", ""), sha1_signature(self._secret, body))

    def article(self, payload: Any) -> Article | None:
        ticket, number = number_at(payload, "ticket", "id"), number_at(payload, "article", "id")
        article = at(payload, "article")
        if ticket is None or number is None or text_at(article, "sender") != "Customer" or at(article, "internal"):
            return None
        is_html = text_at(article, "content_type") == "text/html"
        body = text_at(article, "body")
        written = WrittenMail(
            sender=text_at(article, "from"),
            subject=text_at(article, "subject") or text_at(payload, "ticket", "title"),
            text="" if is_html else body,
            html=body if is_html else "",
            to=text_at(article, "to"),
            cc=text_at(article, "cc"),
            reply_to=text_at(article, "reply_to"),
            date=text_at(article, "created_at"),
            message_id=text_at(article, "message_id"),
            in_reply_to=text_at(article, "in_reply_to"),
            is_automatic=at(article, "preferences", "is-auto-response") is True,
            attachments=tuple(map(_attachment, list_at(article, "attachments"))),
        )
        return Article(number, (ticket,), written)

    def read(self, article: Article) -> IncomingMail:
        """The mail as it came, which Zammad keeps; an article that was no mail by its fields."""
        try:
            return read(self._server.read(f"/api/v1/ticket_article_plain/{article.id}"))
        except UnreadableMail:
            return as_incoming(article.written)
        except HelpdeskFault as fault:
            if fault.status not in (404, 406, 422):
                raise
            return as_incoming(article.written)

    def is_laid(self, article: Article) -> bool:
        found = json_of(self._server.read(f"/api/v1/ticket_articles/by_ticket/{article.place[0]}"))
        mark = re.compile(rf"\b{article.reference}\b")
        return any(
            at(each, "internal") is True and mark.search(text_at(each, "body"))
            for each in (found if isinstance(found, list) else [])
        )

    def lay(self, article: Article, drafted: Drafted, words: NoteWords) -> None:
        note = drafted.note
        if drafted.letter and not self._lay_draft(article, drafted.letter):
            note = "\n\n".join([f"{note}\n{words.kept}", heading(drafted.letter, words), drafted.letter.plain])
        content = {"ticket_id": article.place[0], "subject": "Saldo", "body": with_reference(note, article, words)}
        self._server.lay(ZAMMAD_NOTE, (), content)

    def _lay_draft(self, article: Article, letter: Letter) -> bool:
        """Whether the letter is the ticket's draft now: not if a colleague's is there, or the group has none."""
        ticket = article.place[0]
        try:
            there = _draft_in(json_of(self._server.read(f"/api/v1/tickets/{ticket}/shared_draft")))
            if there is not None and not self._drafts.is_own(self.url, ticket, there):
                return False
            content = {
                "type": "email", "content_type": "text/html", "body": _html(letter), "to": letter.to, "cc": letter.cc,
                "subject": letter.subject, "in_reply_to": article.written.message_id,
            }  # fmt: skip
            reply = self._server.lay(ZAMMAD_DRAFT, (ticket,), {"new_article": content})
        except HelpdeskFault as fault:
            if fault.status not in (403, 404, 422):
                raise
            return False
        kept = _draft_in(reply)
        self._drafts.keep(self.url, ticket, _html(letter) if kept is None else kept)
        return True


def _draft_in(reply: Any) -> str | None:
    """The text of the shared draft that an answer shows; None if there is no draft."""
    number = number_at(reply, "shared_draft_id")
    if number is None:
        return None
    return text_at(reply, "assets", "TicketSharedDraftZoom", str(number), "new_article", "body")


def _html(letter: Letter) -> str:
    """The letter for an editor that has a page of its own around it."""
    found = _BODY.search(letter.html or "")
    if found:
        return f"<div>{found[1].strip()}</div>"
    return f"<div>{'<br>'.join(escape(letter.plain).splitlines())}</div>"


def _attachment(found: Any) -> Attachment:
    kind = text_at(found, "preferences", "Mime-Type") or text_at(found, "preferences", "Content-Type")
    return Attachment(text_at(found, "filename"), kind, number_at(found, "size") or 0)
