"""A letter's blocks as plain text and as HTML. All text is escaped, and nothing is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from saldo.answers.plain_text import plain_text

Block = Mapping[str, Any]
FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5"
CELL = "padding:5px 20px 5px 0;line-height:1.4;border-bottom:1px solid #e3e6ea;vertical-align:top;text-align:left"
UNBROKEN, SHORT = ";white-space:nowrap", 24
"""A number or a day is never broken over two lines; a value of more letters than this may be."""
CAPTION = "text-align:left;font-weight:600;padding:0 0 4px"
QUIET = "color:#5c6670;font-size:13px"


def as_text(blocks: Sequence[Block], quote: tuple[str, str]) -> str:
    """The plain part: the letter, then the quoted mail."""
    letter = "\n\n".join(filter(None, (TEXT.get(block["type"], _plain)(block) for block in blocks)))
    return f"{letter}\n\n\n{quote[0]}\n{_marked(quote[1])}\n"


def _plain(block: Block) -> str:
    return plain_text([block])


def _line(block: Block) -> str:
    """A heading as people write one where there is no bold type: a line of its own."""
    return str(block["text"])


def _stretches(block: Block) -> str:
    """A period with a change in it as a small table, without the marks that only align in a fixed width."""
    days = [f"{row['start']} – {row['end']}" for row in block["rows"]]
    width = max(map(len, days), default=0)
    lines = [f"  {each:<{width}}  {row['label']}" for each, row in zip(days, block["rows"], strict=True)]
    return "\n".join([f"{block['title']} {block['start']} – {block['end']}:", *lines])


def _figures(block: Block) -> str:
    """Figures as a small table."""
    width = max((len(row["label"]) for row in block["rows"]), default=0)
    lines = [
        " ".join(filter(None, (f"  {label:<{width}}  {value}", formula, document and f"({document})")))
        for label, value, formula, document in _told(block)
    ]
    return "\n".join([f"{block['title']}:", *lines])


def as_html(blocks: Sequence[Block], quote: tuple[str, str], language: str) -> str:
    """The HTML part: the same letter, the figures as a table."""
    lines = "<br>\n".join(escape(line) for line in quote[1].splitlines())
    edge = "margin:8px 0 0;padding-left:12px;border-left:2px solid #c9d0d6"
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"></head>',
            f'<body style="{FONT};color:#1c2329;max-width:680px">',
            *_all(blocks),
            f'<p style="{QUIET};margin:24px 0 0">{escape(quote[0])}</p>',
            f'<blockquote type="cite" style="{QUIET};{edge}">{lines}</blockquote>',
            "</body></html>\n",
        ]
    )


def _all(blocks: Iterable[Block]) -> list[str]:
    return [HTML[block["type"]](block) for block in blocks if block["type"] in HTML]


def _marked(text: str) -> str:
    return "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.splitlines())


def _paragraph(block: Block) -> str:
    text = escape(block["text"]).replace("\n", "<br>\n")
    return f'<p style="margin:0 0 12px">{text}</p>'


def _aligned(block: Block) -> str:
    """Indented lines whose cells stand two blanks apart, as plain text has its tables."""
    rows = [re.split(" {2,}", line.strip()) for line in block["text"].splitlines()]
    lines = "\n".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f'<table style="border-collapse:collapse;margin:4px 0 16px;{FONT}">\n{lines}\n</table>'


def _cell(text: str) -> str:
    return f'<td style="{CELL}">{escape(text)}</td>'


def _heading(block: Block) -> str:
    return f'<h3 style="font-size:15px;margin:20px 0 6px">{escape(block["text"])}</h3>'


def _steps(block: Block) -> str:
    items = "".join(f"<li>{escape(item)}</li>" for item in block["items"])
    return f'<ol style="margin:0 0 12px;padding-left:24px">{items}</ol>'


def _facts(block: Block) -> str:
    rows = [(label, value, " · ".join(filter(None, origin))) for label, value, *origin in _told(block)]
    return _table(block["title"], rows)


def _timeline(block: Block) -> str:
    """A period with a change in it: from which day to which day, and what is billed then."""
    title = f"{block['title']} {block['start']} – {block['end']}"
    return _table(title, [(f"{row['start']} – {row['end']}", row["label"], "") for row in block["rows"]])


def _table(title: str, rows: Sequence[tuple[str, str, str]]) -> str:
    caption = f'<caption style="{CAPTION}">{escape(title)}</caption>'
    lines = "\n".join(_row(*row) for row in rows)
    return f'<table style="border-collapse:collapse;margin:4px 0 16px;{FONT}">{caption}\n{lines}\n</table>'


def _row(label: str, value: str, origin: str) -> str:
    return (
        f'<tr><th scope="row" style="{CELL};font-weight:400;color:#5c6670">{escape(label)}</th>'
        f'<td style="{CELL};font-weight:600{UNBROKEN if len(value) <= SHORT else ""}">{escape(value)}</td>'
        f'<td style="{CELL};{QUIET}">{escape(origin)}</td></tr>'
    )


def _told(block: Block) -> Iterator[tuple[str, str, str, str]]:
    """Each figure's label, value, how it is reckoned and the document it stands in.

    The document is named once in a table, and not where label and value say it ("Factuur", "2026-0142").
    """
    named = set()
    for row in block["rows"]:
        itself = f"{row['label']} {row['value']}".casefold() == row["source"].casefold()
        is_document = any(map(str.isdigit, row["source"])) and not itself and row["source"] not in named
        named.add(row["source"])
        yield (
            row["label"],
            row["value"],
            f"= {row['formula']}" if row["formula"] else "",
            row["source"] if is_document else "",
        )


def _contacts(block: Block) -> str:
    people = "<br>\n".join(f"{escape(person['label'])}: {_reach(person)}" for person in block["items"])
    return f'<p style="margin:0 0 12px">{people}</p>'


def _reach(person: Block) -> str:
    url, email = person["url"], person["email"]
    return _link(url, url) if url else _link(f"mailto:{email}", email)


def _links(block: Block) -> str:
    links = "<br>\n".join(_link(one["url"], one["label"]) for one in block["items"])
    return f'<p style="margin:0 0 12px">{links}</p>'


def _link(url: str, text: str) -> str:
    """A link to follow by hand; any other scheme than these is shown as text."""
    if not url.startswith(("https://", "mailto:")):
        return escape(text)
    return f'<a href="{escape(url, quote=True)}">{escape(text)}</a>'


TEXT: Mapping[str, Callable[[Block], str]] = {"heading": _line, "timeline": _stretches, "facts": _figures}
"""What reads differently in a letter than in a terminal."""
HTML: Mapping[str, Callable[[Block], str]] = {
    "paragraph": _paragraph,
    "aligned": _aligned,
    "heading": _heading,
    "steps": _steps,
    "facts": _facts,
    "timeline": _timeline,
    "contacts": _contacts,
    "links": _links,
}
