"""What one turn says, whatever the channel: a part for each topic answered, and what stands beside the parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from saldo.answers.blocks import Block, Heading, block_from_json, block_to_json


@dataclass(frozen=True)
class FactRecord:
    """A computed figure for machines and support agents: a plain value, its formula and its source as text."""

    name: str
    value: int | float | str
    formula: str | None
    source: str


@dataclass(frozen=True)
class AnswerPart:
    """The answer to one topic: its heading, its blocks without it, its figures, and the content file it is made of."""

    topic: str
    language: str
    heading: str
    blocks: tuple[Block, ...]
    facts: tuple[FactRecord, ...]
    source: str
    risks: tuple[str, ...] = ()
    """What a support agent is to look at in it, such as `records_disagree`."""
    figures_of: str | None = None
    """The day for which the customer's own figures were told, as ISO 8601."""


@dataclass(frozen=True)
class Answer:
    """Parts in the order asked, and the blocks that belong to none of them."""

    kind: str
    """answer, clarify, small_talk, handover, out_of_scope or unsupported_language"""
    language: str
    parts: tuple[AnswerPart, ...] = ()
    rest: tuple[Block, ...] = ()
    """All of an answer without parts; else what is said of the questions that stay unanswered."""
    named: tuple[str, ...] = ()
    """The topics or intents of an answer without parts: the choices it offers, the small talk it replies to."""
    files: tuple[str, ...] = ()
    """The content files of an answer without parts."""

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All blocks in a row, each part under its heading where more than one thing was asked."""
        if len(self.parts) == 1 and not self.rest:
            return self.parts[0].blocks
        parts = (block for part in self.parts for block in (Heading(part.heading), *part.blocks))
        return (*parts, *self.rest)

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(part.topic for part in self.parts) or self.named

    @property
    def facts(self) -> tuple[FactRecord, ...]:
        return tuple(fact for part in self.parts for fact in part.facts)

    @property
    def figures_of(self) -> str | None:
        """The day of the customer's own figures, if there are any."""
        return next((part.figures_of for part in self.parts if part.figures_of), None)

    @property
    def sources(self) -> tuple[str, ...]:
        """The content files that the answer is made of."""
        return tuple(part.source for part in self.parts) or self.files

    def published(self) -> dict[str, Any]:
        """The answer flattened, in the shape that `ask --json` and the widget's messages are made of."""
        return {
            "kind": self.kind,
            "language": self.language,
            "topics": list(self.topics),
            "blocks": [block_to_json(block) for block in self.blocks],
            "facts": [asdict(fact) for fact in self.facts],
            "sources": list(self.sources),
        }

    def to_json(self) -> dict[str, Any]:
        """What the tracker keeps: each thing once."""
        parts = [
            {
                "topic": part.topic,
                "language": part.language,
                "heading": part.heading,
                "blocks": [block_to_json(block) for block in part.blocks],
                "facts": [asdict(fact) for fact in part.facts],
                "source": part.source,
                "risks": list(part.risks),
                "figures_of": part.figures_of,
            }
            for part in self.parts
        ]
        return {
            "kind": self.kind,
            "language": self.language,
            "parts": parts,
            "rest": [block_to_json(block) for block in self.rest],
            "named": list(self.named),
            "files": list(self.files),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Answer:
        """What `to_json` wrote; other keys are passed over.

        Conversations that Saldo 0.1 stored hold answers as `published` makes them, without parts.
        """
        if "parts" not in content:
            blocks = tuple(map(block_from_json, content["blocks"]))
            topics, sources = tuple(content["topics"]), tuple(content["sources"])
            return cls(content["kind"], content["language"], (), blocks, topics, sources)
        parts = tuple(
            AnswerPart(
                part["topic"],
                part["language"],
                part["heading"],
                tuple(map(block_from_json, part["blocks"])),
                tuple(FactRecord(**fact) for fact in part["facts"]),
                part["source"],
                tuple(part.get("risks", ())),
                part.get("figures_of"),
            )
            for part in content["parts"]
        )
        rest = tuple(map(block_from_json, content["rest"]))
        return cls(content["kind"], content["language"], parts, rest, tuple(content["named"]), tuple(content["files"]))
