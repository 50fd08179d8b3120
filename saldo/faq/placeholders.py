"""The placeholders of a wording: ``{name}``, or ``{count|one|other}`` for a number and its noun in the right form."""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}")


def placeholders(wording: str) -> set[str]:
    """The names that a wording wants filled."""
    return {match.group(1) for match in PLACEHOLDER.finditer(wording)}


def stray_braces(wording: str) -> bool:
    """Whether braces stand in a wording that are no placeholder, as after a slip of the pen."""
    return bool(set("{}") & set(PLACEHOLDER.sub("", wording)))
