"""Whole messages whose segments are marked with act, topic and facet: what acts and asking are learnt from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from saldo.nlu.decision import OUT_OF_SCOPE

Act = Literal["ask", "tell", "negate", "notice", "withdraw", "settle", "escalate", "courtesy"]
"""What a person does with a topic (see docs/glossary.md)."""
ACTS: tuple[Act, ...] = get_args(Act)
CLOSING: tuple[Act, ...] = ("withdraw", "settle")
"""What takes back or settles what was said before it."""
Facet = Literal["how", "when", "why", "whether", "how_many", "how_much", "who", "what_if", "general"]
"""What about a topic is asked."""
FACETS: tuple[Facet, ...] = get_args(Facet)


@dataclass(frozen=True)
class MarkedSegment:
    """A run of words in which one thing is done with one topic, and where it stands in its message (characters)."""

    start: int
    end: int
    act: Act
    topic: str | None
    facet: Facet | None


@dataclass(frozen=True)
class MarkedMessage:
    """A message as one hand wrote it; `before` is the topic that was answered just before."""

    hand: str
    language: str
    mail: bool
    text: str
    segments: tuple[MarkedSegment, ...]
    before: str | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """What is asked, each once, in the order asked."""
        return tuple(dict.fromkeys(one.topic for one in self.segments if one.act == "ask" and one.topic))

    @classmethod
    def from_json(cls, content: dict[str, Any], language: str) -> MarkedMessage:
        """One line of a language's file; what is marked "other" is out of scope."""
        text, segments = "", []
        for words, act, topic, *rest in content["segments"]:
            text += "" if not text or words.startswith("\n") else " "
            text += words
            start = len(text) - len(words.lstrip())
            topic = OUT_OF_SCOPE if topic == "other" else topic
            segments.append(MarkedSegment(start, len(text.rstrip()), act, topic, rest[0] if rest else None))
        mail = content.get("channel") == "mail"
        return cls(content.get("hand", ""), language, mail, text, tuple(segments), content.get("before"))


def read_all_messages(folder: Path) -> list[MarkedMessage]:
    """The messages of all languages, from `<folder>/<language>.jsonl`."""
    return [message for path in sorted(folder.glob("*.jsonl")) for message in read_messages(path, path.stem)]


def read_messages(path: Path, language: str) -> Iterator[MarkedMessage]:
    """The messages of a JSONL file, all in one language."""
    for line in path.read_text(encoding="utf-8").splitlines():
        yield MarkedMessage.from_json(json.loads(line), language)
