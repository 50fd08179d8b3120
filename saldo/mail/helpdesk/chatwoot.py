"""Chatwoot: a signed webhook comes in; letter and review become a private note in the conversation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from saldo.mail.helpdesk.article import Article, heading, with_reference
from saldo.mail.helpdesk.drafted import Drafted
from saldo.mail.helpdesk.fields import at, list_at, number_at, text_at
from saldo.mail.helpdesk.private import CHATWOOT_NOTE, Server, json_of
from saldo.mail.helpdesk.signing import is_recent, is_same, timed_signature
from saldo.mail.helpdesk.written import WrittenMail, as_incoming
from saldo.mail.parse.bodies import Attachment
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.review.words import NoteWords

NOBODY = "chatwoot.invalid"
"""The domain that stands for contacts of whom no address is known, in a chat."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#~|!])")


class Chatwoot:
    """One Chatwoot, as an agent or a bot of it that has a token."""

    name = "chatwoot"

    def __init__(self, url: str, token: str, secret: str) -> None:
        self.url, self._secret = url, secret
        self._server = Server(url, {"api_access_token": token})

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        timestamp = headers.get("x-chatwoot-timestamp", "")
        right = timed_signature(self._secret, timestamp, body)
        return is_recent(timestamp) and is_same(headers.get("x-chatwoot-signature", ""), right)

    def article(self, payload: Any) -> Article | None:
        account, number = number_at(payload, "account", "id"), number_at(payload, "id")
        conversation = number_at(payload, "conversation", "id")
        conversation = number_at(payload, "conversation", "display_id") if conversation is None else conversation
        is_customers = text_at(payload, "message_type") == "incoming" and not at(payload, "private")
        if text_at(payload, "event") != "message_created" or not is_customers:
            return None
        if account is None or conversation is None or number is None:
            return None
        mail = at(payload, "content_attributes", "email")
        written = WrittenMail(
            sender=_sender(payload),
            subject=text_at(mail, "subject"),
            text=text_at(mail, "text_content", "full") or text_at(payload, "content"),
            html=text_at(mail, "html_content", "full"),
            to=text_at(mail, "to"),
            cc=text_at(mail, "cc"),
            date=text_at(mail, "date") or text_at(payload, "created_at"),
            message_id=text_at(mail, "message_id"),
            in_reply_to=text_at(mail, "in_reply_to"),
            is_automatic=at(mail, "auto_reply") is True,
            attachments=tuple(
                Attachment(text_at(each, "data_url").rpartition("/")[2], text_at(each, "file_type"), 0)
                for each in list_at(payload, "attachments")
            ),
        )
        return Article(number, (account, conversation), written)

    def read(self, article: Article) -> IncomingMail:
        return as_incoming(article.written)

    def is_laid(self, article: Article) -> bool:
        account, conversation = article.place
        found = json_of(self._server.read(f"/api/v1/accounts/{account}/conversations/{conversation}/messages"))
        mark = re.compile(rf"\b{article.reference}\b")
        return any(
            at(each, "private") is True and mark.search(text_at(each, "content")) for each in list_at(found, "payload")
        )

    def lay(self, article: Article, drafted: Drafted, words: NoteWords) -> None:
        note = _plain(drafted.note)
        if drafted.letter:
            note = "\n\n".join([note, _plain(heading(drafted.letter, words)), _fenced(drafted.letter.plain)])
        self._server.lay(CHATWOOT_NOTE, article.place, {"content": with_reference(note, article, words)})


def _sender(payload: Any) -> str:
    """The contact's address; in a chat there may be none."""
    name = re.sub(r'[<>"@,;:\\]', " ", text_at(payload, "sender", "name"))
    places = (("content_attributes", "email", "from"), ("conversation", "meta", "sender", "email"), ("sender", "email"))
    known = next(filter(None, (text_at(payload, *place) for place in places)), "")
    email = known or f"contact-{number_at(payload, 'sender', 'id') or 0}@{NOBODY}"
    return email if "," in email or "<" in email or not name.strip() else f'"{name.strip()}" <{email}>'


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: what customers wrote is no markup, and calls nobody by name."""
    return _MARKDOWN.sub(r"\\\1", text).replace("\n", "  \n")


def _fenced(text: str) -> str:
    """A text to copy, in a fence that it cannot break out of."""
    fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", text)), default=0))
    return f"{fence}\n{text.rstrip()}\n{fence}"
