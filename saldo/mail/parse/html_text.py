"""The text of an HTML mail as its reader sees it, quoted blocks marked with ">" as in a plain mail."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from inscriptis import Inscriptis
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from lxml import etree
from lxml.html import HTMLParser, document_fromstring

LONGEST = 500_000
"""Characters of HTML that are read; a letter has a few thousand."""
INTO, OUT_OF = "\ue000", "\ue001"
"""Private characters that stand for the beginning and the end of a quoted block."""
MOST_ELEMENTS = 20_000
"""Elements that are read; each costs time, and a letter with a long thread below has a few thousand."""
RULE = "_" * 32
"""What a line across the page becomes."""
_DROPPED = ("script", "style", "head", "title", "template", "noscript", "object", "svg", "img")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)


def text_of(html: str) -> str:
    """The text; empty if there is none in it or it cannot be read."""
    html = html[:LONGEST].replace(INTO, "").replace(OUT_OF, "").replace("\0", "")
    try:
        tree = document_fromstring(html.encode("utf-8", "replace"), parser=HTMLParser(encoding="utf-8"))
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    _prepare(tree)
    try:
        text = Inscriptis(tree, _config()).get_text()
    except RecursionError:  # thousands of nested elements: no letter
        return ""
    return "\n".join(_marked(text)).strip("\n")


def _prepare(tree: Any) -> None:
    """Take out what is not shown, and put a mark where a quoted block begins and ends."""
    for number, element in enumerate(list(tree.iter(etree.Element))):
        if number > MOST_ELEMENTS or element.tag in _DROPPED or _HIDDEN.search(element.get("style") or ""):
            if element.getparent() is not None:
                element.drop_tree()
        elif element.tag == "blockquote":
            _enclose(element)
        elif element.tag == "hr":
            element.tag, element.text = "div", RULE


def _enclose(quote: Any) -> None:
    opening, closing = etree.Element("div"), etree.Element("div")
    opening.text, closing.text = INTO, OUT_OF
    opening.tail, quote.text = quote.text, None
    quote.insert(0, opening)
    quote.append(closing)


def _marked(text: str) -> list[str]:
    """The lines with ">" in front as often as they are quoted, and without the spaces of the layout."""
    lines: list[str] = []
    depth = 0
    for line in text.splitlines():
        depth += line.count(INTO)
        bare = line.replace(INTO, "").replace(OUT_OF, "").strip()
        if bare or (lines and lines[-1].strip("> ")):
            lines.append(f"{'>' * depth} {bare}".strip() if depth else bare)
        depth = max(depth - line.count(OUT_OF), 0)
    return lines


@cache
def _config() -> ParserConfig:
    return ParserConfig(css=CSS_PROFILES["strict"].copy(), display_images=False, display_links=False)
