"""Mails from a few lines, a bot that answers by a word, and customers in a dictionary: no Rasa, no files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from saldo.answers.answer import Answer, AnswerPart
from saldo.answers.blocks import Paragraph
from saldo.mail.parse.incoming import IncomingMail, read

CONTACT = "aino.ahovaara@kurkiaura-konsultointi.example"
PROVEN = "mx.saldo.example; dmarc=pass header.from=kurkiaura-konsultointi.example"
HEADERS = {
    "From": f"Aino Ahovaara <{CONTACT}>",
    "To": "severa.support@visma.com",
    "Subject": "Lasku",
    "Message-ID": "<1@kurkiaura-konsultointi.example>",
    "Date": "Mon, 02 Nov 2026 10:12:00 +0200",
}


class Customers:
    """Who is a contact of whom."""

    def __init__(self, contacts: Mapping[str, list[str]]) -> None:
        self._contacts = contacts

    def customers_of_contact(self, email: str) -> list[str]:
        return self._contacts.get(email, [])

    def name_of_contact(self, customer: str, email: str) -> str | None:
        return "Ahovaara, Aino" if customer in self._contacts.get(email, []) else None


class WordBot:
    """Answers `cancel_service` to "opzeggen" and "irtisan…", and any topic that is picked; else `out_of_scope`.

    It remembers what it was told, and stumbles over "struikel", as over a fault of ours that nobody has foreseen.
    """

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.told: list[Mapping[str, Any]] = []

    async def turn(
        self, text: str, conversation: str | None = None, metadata: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        self.texts.append(text)
        self.told.append(metadata or {})
        if "struikel" in text:
            raise KeyError(text)
        language = "fi" if "irtisan" in text else "nl"
        picked = (metadata or {}).get("option")
        known = bool(picked) or "opzeggen" in text or "irtisan" in text
        topic = picked or ("cancel_service" if known else "out_of_scope")
        said = "Per e-mail." if topic == "cancel_service" else f"Over {topic}."
        part = AnswerPart(topic, language, "Opzeggen", (Paragraph(said),), (), f"faq/{language}/{topic}.yml")
        answer = Answer("answer", language, (part,)) if known else Answer("out_of_scope", language, named=(topic,))
        return {**answer.to_json(), "questions": [{"text": text[:80], "topic": topic, "confidence": 0.9}]}


def mail(body: str = "Miten irtisanon palvelun?", raw: bytes | None = None, **headers: str | None) -> IncomingMail:
    """A mail; `reply_to=…` sets Reply-To, None leaves a header out."""
    return read(mail_bytes(body, raw, **headers))


def mail_bytes(body: str = "Miten irtisanon palvelun?", raw: bytes | None = None, **headers: str | None) -> bytes:
    fields: dict[str, str | None] = {**HEADERS, "Content-Type": "text/plain; charset=utf-8"}
    fields.update({name.replace("_", "-").title(): value for name, value in headers.items()})
    fields = {("Message-ID" if name == "Message-Id" else name): value for name, value in fields.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value is not None)
    return lines.encode("utf-8", "surrogateescape") + b"\r\n" + (body.encode() if raw is None else raw)
