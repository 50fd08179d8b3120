"""An answer as plain text: what a pipe, a stock Rasa channel and the text part of a letter show.

Works on the JSON form of the blocks, as it arrives from Rasa.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

Json = Mapping[str, Any]
TIMELINE_WIDTH = 24
"""Marks in a timeline."""


def plain_text(blocks: Iterable[Json]) -> str:
    """All blocks, a blank line between them; blocks of an unknown type are left out."""
    parts = (RENDERERS[block["type"]](block) for block in blocks if block.get("type") in RENDERERS)
    return "\n\n".join(part for part in parts if part)


def _steps(block: Json) -> str:
    return "\n".join(f"{number}. {step}" for number, step in enumerate(block["items"], 1))


def _facts(block: Json) -> str:
    width = max((len(row["label"]) for row in block["rows"]), default=0)
    lines = [f"  {row['label']:<{width}}  {_value(row)}" for row in block["rows"]]
    return "\n".join([f"{block['title']}:", *lines])


def _value(row: Json) -> str:
    reckoned = f" = {row['formula']}" if row["formula"] else ""
    return f"{row['value']}{reckoned}  ({row['source']})"


def _seats(block: Json) -> str:
    picture = "■" * block["used"] + "□" * block["free"]
    words = f"{block['label_used']}, {block['label_free']}"
    return f"{picture}  {words}" if len(picture) <= 60 else words


def _timeline(block: Json) -> str:
    """The period as a line of as many marks for each row, those that the row fills told apart by their shape."""
    width = max((len(row["label"]) for row in block["rows"]), default=0)
    lines = [f"  {bar(row, block)}  {row['label']:<{width}}  {row['start']} – {row['end']}" for row in block["rows"]]
    return "\n".join([f"{block['title']}, {block['start']} – {block['end']}:", *lines])


def bar(row: Json, block: Json) -> str:
    """A timeline's row as marks: ■ for the days it fills, · before them."""
    before = min(round(TIMELINE_WIDTH * int(row["from_day"]) / int(block["days"])), TIMELINE_WIDTH - 1)
    return "·" * before + "■" * (TIMELINE_WIDTH - before)


def _contacts(block: Json) -> str:
    return "\n".join(f"{person['label']}: {person['email'] or person['url']}" for person in block["items"])


def _links(block: Json) -> str:
    return "\n".join(f"{link['label']}: {link['url']}" for link in block["items"])


def _options(block: Json) -> str:
    return "\n".join(f"{number}) {option['label']}" for number, option in enumerate(block["items"], 1))


RENDERERS: Mapping[str, Callable[[Json], str]] = {
    "paragraph": lambda block: str(block["text"]),
    "heading": lambda block: f"— {block['text']}",
    "steps": _steps,
    "facts": _facts,
    "seats": _seats,
    "timeline": _timeline,
    "contacts": _contacts,
    "links": _links,
    "options": _options,
    "sources": lambda block: "\n".join(item["label"] for item in block["items"]),
    "more": lambda block: plain_text(block["blocks"]),
}
