"""An answer in the terminal: the same blocks, with tables, a seats bar and quiet formulas; plain text when piped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from saldo.answers.plain_text import RENDERERS, bar, plain_text

Json = Mapping[str, Any]
USED, FREE = "■", "□"
WIDEST_BAR = 40


def show(console: Console, blocks: Iterable[Json], *, fold: bool = False) -> None:
    """Print the blocks; with `fold`, what stands behind "meer / lisää" is only announced."""
    if not console.is_terminal:
        console.print(plain_text(blocks), markup=False, highlight=False, soft_wrap=True)
        return
    for block in blocks:
        if block["type"] == "more" and fold:
            console.print(Text(f"/more  {block['label']} …", style="dim"))
        else:
            console.print(rendered(block))
        console.print()


def rendered(block: Json) -> RenderableType:
    """One block for rich."""
    return STYLED.get(block["type"], _plain)(block)


def _plain(block: Json) -> RenderableType:
    return Text(RENDERERS[block["type"]](block)) if block["type"] in RENDERERS else Text()


def _heading(block: Json) -> RenderableType:
    return Text(block["text"], style="bold underline")


def _facts(block: Json) -> RenderableType:
    table = Table(
        title=block["title"], title_justify="left", title_style="bold", show_header=False, box=None, padding=(0, 2)
    )
    table.add_column(style="default")
    table.add_column(justify="right", style="bold", no_wrap=True)
    table.add_column(style="dim")
    for row in block["rows"]:
        reckoned = f"= {row['formula']}  ·  " if row["formula"] else ""
        table.add_row(row["label"], row["value"], f"{reckoned}{row['source']}")
    return table


def _seats(block: Json) -> RenderableType:
    """Used and free seats, told apart by shape as well as by colour."""
    words = Text(f"  {block['label_used']}, {block['label_free']}")
    if block["used"] + block["free"] > WIDEST_BAR:
        return words
    return Text.assemble((USED * block["used"], "cyan"), (FREE * block["free"], "yellow"), words)


def _timeline(block: Json) -> RenderableType:
    """The period's days as one bar per row, with the dates between which it is billed."""
    table = Table(title=block["title"], title_justify="left", title_style="bold", show_header=False, box=None)
    for row in block["rows"]:
        marks = bar(row, block)
        before = marks.count("·")
        drawn = Text.assemble((marks[:before], "dim"), (marks[before:], "cyan"))
        table.add_row(drawn, row["label"], Text(f"{row['start']} – {row['end']}", style="dim"))
    return table


def _options(block: Json) -> RenderableType:
    lines = [
        Text.assemble((f" {number} ", "bold cyan"), item["label"]) for number, item in enumerate(block["items"], 1)
    ]
    return Group(*lines)


def _contacts(block: Json) -> RenderableType:
    table = Table(show_header=False, box=None, padding=(0, 2))
    for person in block["items"]:
        table.add_row(person["label"], Text(person["email"] or person["url"], style="cyan"))
    return table


def _sources(block: Json) -> RenderableType:
    return Text("\n".join(item["label"] for item in block["items"]), style="dim italic")


def _more(block: Json) -> RenderableType:
    return Padding(Group(*(rendered(inner) for inner in block["blocks"])), (0, 0, 0, 2))


STYLED: Mapping[str, Callable[[Json], RenderableType]] = {
    "heading": _heading,
    "facts": _facts,
    "seats": _seats,
    "timeline": _timeline,
    "options": _options,
    "contacts": _contacts,
    "sources": _sources,
    "more": _more,
}
