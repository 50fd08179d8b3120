"""What an HTML mail says as its reader sees it: without what is hidden, with ">" before what is quoted."""

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
MOST_TABLES = 12
"""Tables within each other that are laid out as such: each lays out again all those within it."""
_PARTS_OF_TABLES = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
MOST_ELEMENTS = 10_000
"""Elements that are read; each costs time, and a letter with a long thread below has a few thousand."""
THREAD = "-----Original Message-----"
"""The line that the place where a thread begins becomes."""
RULE = "_" * 32
"""What a line across the page becomes."""
_DROPPED = ("script", "style", "head", "title", "template", "noscript", "object", "svg", "img")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?:font-size|max-height|max-width|opacity)\s*:\s*0*\.?0+(?:px|pt|em|rem|%)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
HISTORY = re.compile(
    r"(?:x_)*(?:divRplyFwdMsg|appendonsend|ms-outlook-mobile-reference-message"
    r"|mail-editor-reference-message-container|replySplit|OLK_SRC_BODY_SECTION)"
)
"""Ids and classes that mail programs give to the place from where on the thread stands."""
QUOTED = re.compile(
    r"(?:x_)*(?:gmail_attr|moz-cite-prefix|yahoo_quoted|protonmail_quote|tutanota_quote|zmail_extra|freshdesk_quote"
    r"|zendesk_quote|mimestream_quote|moz-forward-container|moz-email-headers-table|mail_quote|quote-header)"
)
"""Ids and classes of what is quoted; not of Gmail's whole quote, in which people write between the lines."""


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
    tables: dict[Any, int] = {}
    for number, element in enumerate(list(tree.iter(etree.Element))):
        tables[element] = tables.get(element.getparent(), 0) + (element.tag == "table")
        if tables[element] > MOST_TABLES and element.tag in _PARTS_OF_TABLES:
            element.tag = "div"
        if number > MOST_ELEMENTS or element.tag in _DROPPED or _is_hidden(element):
            if element.getparent() is not None:
                element.drop_tree()
        elif element.tag == "blockquote" or _is_named(element, QUOTED):
            _enclose(element)
        elif _is_named(element, HISTORY):
            _announce(element)
        elif element.tag == "hr":
            element.tag, element.text = "div", RULE


def _is_hidden(element: Any) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _is_named(element: Any, names: re.Pattern[str]) -> bool:
    named = f"{element.get('id') or ''} {element.get('class') or ''}".split()
    return any(names.fullmatch(each) or names.fullmatch(each.partition("_")[2]) for each in named[:20])


def _announce(element: Any) -> None:
    line = etree.Element("div")
    line.text, line.tail, element.text = THREAD, element.text, None
    element.insert(0, line)


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
