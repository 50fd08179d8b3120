"""The line that a reply begins with, about the old matter: "Die factuur is intussen betaald." It asks nothing."""

from __future__ import annotations

import re

from saldo.language import detect
from saldo.nlu.segmentation.split import Segment, split

LONGEST = 14
"""Words of such a line."""
_PARAGRAPH = re.compile(r"\n\s*\n")


def past_reaction(text: str) -> str | None:
    """What stands below that line; None if a reply does not begin with one, or what follows goes on from it.

    A line that asks, or names an invoice or a date, is a matter of its own; so is what "besides" adds to.
    """
    segments = split(text, detect(text, "nl").code)
    telling = [segment for segment in segments if segment.role != "courtesy"]
    parted = next((segment.start for segment in telling[1:] if segment.apart), None)
    if parted is None:
        return None
    first, rest = [each for each in telling if each.start < parted], [each for each in telling if each.start >= parted]
    return text[parted:] if _reacts(text[first[0].start : parted], first) and _asks_anew(rest) else None


def _reacts(line: str, segments: list[Segment]) -> bool:
    asks = any(segment.role == "question" or segment.fresh for segment in segments)
    return not asks and len(line.split()) <= LONGEST and not any(map(str.isdigit, line))


def _asks_anew(segments: list[Segment]) -> bool:
    asked = next((index for index, segment in enumerate(segments) if segment.role == "question"), None)
    return asked is not None and not any(segment.fresh or segment.joined for segment in segments[: asked + 1])
