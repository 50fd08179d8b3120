"""The one place where text meets the terminal: what records, mails and people wrote is text there and nothing else.

Markup is off, so that a customer called `[/b]` is shown so; control and escape characters, and those that turn the
direction of writing, are shown as a mark. Styles come from our own `Text` and table styles only.
"""

from __future__ import annotations

import json
import re
from typing import Any

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""Control characters but tab and line feed, invisible ones, bidirectional overrides, and halves of characters."""
MARK = "\N{REPLACEMENT CHARACTER}"


def terminal(*, stderr: bool = False, width: int | None = None, soft_wrap: bool = False) -> Console:
    """A console that renders text as it is written."""
    console = Console(stderr=stderr, width=width, soft_wrap=soft_wrap, markup=False, emoji=False, highlight=False)
    console.push_render_hook(_Printable())
    return console


def as_text(text: str) -> str:
    """A text without what a terminal would obey."""
    return UNPRINTABLE.sub(MARK, text)


def json_line(value: Any) -> str:
    """One line of JSON; what a terminal would obey is escaped in it, as JSON can."""
    written = json.dumps(value, ensure_ascii=False)
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", written)


class _Printable(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Cleaned(each) for each in renderables]


class _Cleaned:
    """A renderable whose text is cleaned once it is laid out; what rich itself says to the terminal stays."""

    def __init__(self, renderable: ConsoleRenderable) -> None:
        self._renderable = renderable

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._renderable, options):
            yield segment if segment.control else Segment(as_text(segment.text), segment.style)
