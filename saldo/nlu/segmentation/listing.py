"""Parts what names one matter after another, as telegram style does: "uitstel mogelijk, abonnement opzeggen hoe"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from saldo.nlu.decision import is_topic
from saldo.nlu.segmentation.cues import linking_words
from saldo.nlu.segmentation.split import Segment

Classify = Callable[[str], tuple[str, float]]
"""Topic and confidence (0 to 1) of a text."""

LONGEST = 16
"""Words of a text that may be such a list."""
CLEAR = 0.9
"""Confidence from which a part is a matter of its own."""
REASONS = {("paid_twice", "refund_requirements"), ("paid_twice", "payment_reminder")}
"""What is told first is the reason for what is asked then, and no question of its own."""
TOGETHER = REASONS | {("payment_reminder", "paid_twice"), ("licence_change", "refund_requirements")}
"""What goes together in one question: "a reminder, though it is paid", "money back for a licence removed"."""
_AFTER_COMMA = re.compile(r",\s+(\w+)")
_BETWEEN_COMMAS = re.compile(r"[^\s,][^,]*")


def parts(segment: Segment, classify: Classify | None) -> list[Segment]:
    """The segment, or its parts where clearly different topics follow each other; a part has two words or more.

    What ends with a full stop, or goes on with "if" or "but", is a sentence and no list.
    """
    if classify is None or not _may_be_list(segment.text):
        return [segment]
    starts = [0, *_cuts(segment.text, classify)]
    if len(starts) == 1:
        return [segment]
    ends = [*starts[1:], len(segment.text)]
    return [_part(segment, start, end) for start, end in zip(starts, ends, strict=True)]


def _may_be_list(text: str) -> bool:
    if "," not in text or text.count(" ") >= LONGEST or text.endswith("."):
        return False
    return not linking_words() & {word.lower() for word in _AFTER_COMMA.findall(text)}


def _cuts(text: str, classify: Classify) -> Iterator[int]:
    """Where another topic begins."""
    last: str | None = None
    for found in _BETWEEN_COMMAS.finditer(text):
        topic, confidence = classify(found.group())
        if not is_topic(topic) or confidence < CLEAR or " " not in found.group():
            continue
        if last and topic != last and (last, topic) not in TOGETHER:
            yield found.start()
        last = topic


def _part(segment: Segment, start: int, end: int) -> Segment:
    """A part of a segment; what follows the first announces itself."""
    text = segment.text[start:end].rstrip(" ,")
    begin = segment.start + start
    closed = segment.closed or end < len(segment.text)
    fresh = segment.fresh or start > 0
    return replace(segment, text=text, start=begin, end=begin + len(text), role="question", closed=closed, fresh=fresh)
