"""The snippets of the documents, as a developer copies them."""

from __future__ import annotations

import re

from tests.support import CHECKOUT

EXAMPLE = "https://saldo.example.com"
"""Where the documents' Saldo is."""


def snippet(document: str, section: str, language: str) -> str:
    """The one snippet of a language in a section of a document in docs/."""
    text = (CHECKOUT / "docs" / document).read_text(encoding="utf-8")
    part = text.partition(f"## {section}\n")[2].partition("\n## ")[0]
    (found,) = re.findall(rf"```{language}\n(.*?)```", part, re.DOTALL)
    return str(found)


def table(document: str, heading: str) -> set[str]:
    """The names in backquotes that begin the rows of the tables in a section of a document in docs/."""
    text = (CHECKOUT / "docs" / document).read_text(encoding="utf-8")
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+) \|", section, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}
