"""A conversation as the widget shows it: both sides, numbered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import Any

from saldo.answers.answer import Answer
from saldo.answers.blocks import block_to_json
from saldo.rasa_runtime.channel import Utterance

Json = dict[str, Any]


def transcript(spoken: Iterable[Utterance]) -> list[Json]:
    """Every message so far, oldest first; its place is the cursor."""
    return [
        {"id": each.id, "from": "customer", "text": each.text} if each.answer is None else as_message(each.answer)
        for each in spoken
    ]


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


def offered(messages: list[Json]) -> list[Json]:
    """The choices of the last answer, if it offered any."""
    last: Json = next((message for message in reversed(messages) if message["from"] == "saldo"), {"blocks": []})
    return [item for block in last["blocks"] if block["type"] == "options" for item in block["items"]]


def answers_to(messages: list[Json], name: str | None) -> Json | None:
    """What was answered to the customer's message of that id, if it was said before; a body as the first time."""
    place = next((at for at, one in enumerate(messages) if one["from"] == "customer" and one["id"] == name), None)
    if place is None:
        return None
    answers = list(takewhile(lambda one: one["from"] == "saldo", messages[place + 1 :]))
    return {"messages": answers, "cursor": place + 1 + len(answers)}
