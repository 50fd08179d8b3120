"""What is kept of a conversation's events: what a reload and the next turn need, and nothing twice.

A customer's words are kept once, as they were typed: in the text of their own message, which they see again after a
reload, and which whoever takes over has to read. What was found in them is not kept, nor is the capability of the turn:
it is worthless minutes later, and who spoke is in the register of conversations. An answer's questions, which quote the
message before it, are kept as places in that message.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from saldo.insight.redaction import redacted
from saldo.storage.conversations import content_of

Json = Mapping[str, Any]
VOUCHED = ("language", "language_chosen", "option", "mail", "model_id", "assistant_id")
"""What is kept of a message's metadata; a stock channel may write anything beside it."""
BEGUN_WITH = "session_started_metadata"
"""The slot in which Rasa keeps the metadata of the first message."""
DECIDED = ("name", "confidence")
"""What is kept of an intent: Rasa's rules go by the intents that were."""


def kept(events: Iterable[Json]) -> Iterator[dict[str, Any]]:
    """The events of a conversation, in order, as they are to be stored; what was kept already stays as it is."""
    said = ""
    for event in events:
        if event.get("event") == "user":
            said = str(event.get("text") or "")
        yield kept_event(event, said)


def kept_event(event: Json, said: str) -> dict[str, Any]:
    """One event as it is to be stored; `said` is the customer's message that it belongs to."""
    kind = event.get("event")
    if kind == "user":
        return _message(event)
    content = content_of(event)
    if isinstance(content, Mapping) and isinstance(content.get("questions"), list):
        questions = [_quoting(question, said) for question in content["questions"]]
        return {**event, "data": {**event["data"], "custom": {**content, "questions": questions}}}
    if kind == "slot" and event.get("name") == BEGUN_WITH:
        return {**event, "value": _vouched(event.get("value"))}
    return {**event, "entities": []} if kind == "entities" else dict(event)


def restored(content: Json, said: str) -> Json:
    """An answer's content with the quotes that `kept_event` has made places of."""
    if not any("at" in question for question in content.get("questions") or ()):
        return content
    return {**content, "questions": [_quoted(question, said) for question in content["questions"]]}


def _message(event: Json) -> dict[str, Any]:
    found = event.get("parse_data") or {}
    intent = found.get("intent") or {}
    read: dict[str, Any] = {
        "intent": {name: intent[name] for name in DECIDED if name in intent},
        "entities": [],
        "message_id": event.get("message_id"),
        "metadata": {},
    }
    return {**event, "metadata": _vouched(event.get("metadata")), "parse_data": read}


def _vouched(metadata: Json | None) -> dict[str, Any]:
    return {name: value for name, value in (metadata or {}).items() if name in VOUCHED}


def _quoting(question: Json, said: str) -> Json:
    """The place of a quote, or the quote without what is one customer's alone where it is not in the message."""
    text = question.get("text")
    if not isinstance(text, str):
        return question
    rest = {name: value for name, value in question.items() if name != "text"}
    start = said.find(text)
    return {**rest, "at": [start, start + len(text)]} if start >= 0 else {**rest, "text": redacted(text)}


def _quoted(question: Json, said: str) -> Json:
    if "at" not in question:
        return question
    start, end = question["at"]
    return {"text": said[start:end], **{name: value for name, value in question.items() if name != "at"}}
