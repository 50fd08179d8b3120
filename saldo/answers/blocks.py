"""The typed blocks of an answer. A renderer can only place their text; none of them carries markup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Union

NONE_OF_THESE = "human"
"""The last choice of a clarification: like every choice an intent, here the one that leads to a person."""


@dataclass(frozen=True)
class Paragraph:
    type: ClassVar[str] = "paragraph"
    text: str


@dataclass(frozen=True)
class Heading:
    """Parts several questions of one message."""

    type: ClassVar[str] = "heading"
    text: str


@dataclass(frozen=True)
class Steps:
    type: ClassVar[str] = "steps"
    items: tuple[str, ...]


@dataclass(frozen=True)
class FactRow:
    """A figure as the customer reads it; `formula` is None where it was read as it stands."""

    label: str
    value: str
    formula: str | None
    source: str


@dataclass(frozen=True)
class Facts:
    type: ClassVar[str] = "facts"
    title: str
    rows: tuple[FactRow, ...]


@dataclass(frozen=True)
class SeatsPicture:
    """The billed licences, used and free, with their labels."""

    type: ClassVar[str] = "seats"
    used: int
    free: int
    label_used: str
    label_free: str


@dataclass(frozen=True)
class TimelineRow:
    """What is billed for some days of a period; the days are counted from the period's first, the end excluded."""

    label: str
    start: str
    end: str
    from_day: int
    to_day: int


@dataclass(frozen=True)
class Timeline:
    """A period with a change in it: from the first to the last day, the day of the change, what is billed from when."""

    type: ClassVar[str] = "timeline"
    title: str
    start: str
    end: str
    days: int
    change: str
    change_day: int
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True)
class LinkItem:
    label: str
    url: str


@dataclass(frozen=True)
class Links:
    type: ClassVar[str] = "links"
    items: tuple[LinkItem, ...]


@dataclass(frozen=True)
class ContactItem:
    """People who can help, by e-mail or on a page."""

    label: str
    email: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Contacts:
    type: ClassVar[str] = "contacts"
    title: str
    items: tuple[ContactItem, ...]


@dataclass(frozen=True)
class Option:
    """A choice to tap; `id` is an intent: a topic, or NONE_OF_THESE."""

    id: str
    label: str


@dataclass(frozen=True)
class Options:
    type: ClassVar[str] = "options"
    items: tuple[Option, ...]


@dataclass(frozen=True)
class SourceItem:
    """Where the general part comes from: the article's heading, our content file, and where the article is read."""

    label: str
    file: str
    url: str | None = None


@dataclass(frozen=True)
class Sources:
    type: ClassVar[str] = "sources"
    title: str
    items: tuple[SourceItem, ...]


@dataclass(frozen=True)
class More:
    """What stands behind "meer / lisää"."""

    type: ClassVar[str] = "more"
    label: str
    blocks: tuple[Block, ...]


Block = Union[Paragraph, Heading, Steps, Facts, SeatsPicture, Timeline, Links, Contacts, Options, Sources, More]


def block_to_json(block: Block) -> dict[str, Any]:
    """A block as JSON: its fields and its `type`."""
    if isinstance(block, More):
        return {"type": block.type, "label": block.label, "blocks": [block_to_json(inner) for inner in block.blocks]}
    return {"type": block.type, **asdict(block)}


def block_from_json(content: Mapping[str, Any]) -> Block:
    """The block that `block_to_json` wrote; KeyError for a type that there is not."""
    fields = {name: value for name, value in content.items() if name != "type"}
    kind = _KINDS[content["type"]]
    if kind is More:
        return More(fields["label"], tuple(map(block_from_json, fields["blocks"])))
    for name, item in _ITEMS.get(content["type"], {}).items():
        fields[name] = tuple(each if item is str else item(**each) for each in fields[name])
    return kind(**fields)  # type: ignore[no-any-return]


_KINDS: Mapping[str, Any] = {
    kind.type: kind
    for kind in (Paragraph, Heading, Steps, Facts, SeatsPicture, Timeline, Links, Contacts, Options, Sources, More)
}
_ITEMS: Mapping[str, Mapping[str, Any]] = {
    "steps": {"items": str},
    "facts": {"rows": FactRow},
    "timeline": {"rows": TimelineRow},
    "links": {"items": LinkItem},
    "contacts": {"items": ContactItem},
    "options": {"items": Option},
    "sources": {"items": SourceItem},
}
"""The fields that hold several things, and what each of them is."""
