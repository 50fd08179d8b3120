"""Marks in a mail's text what was read of it, and where each question stands. Pure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_QUOTE = 2000
"""Characters of a question that is looked for."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a mail's text."""

    text: str
    read: bool
    """Whether it was read as the writer's own words; quotes and signatures are not."""
    question: int | None = None
    """Which question stands in it, by its place in the review."""


def pieces(body: str, own: str, quotes: Sequence[str]) -> list[Piece]:
    """The text in order, parted where a question or what was read begins or ends."""
    read, asked = _own_spans(body, own), _questions(body, quotes)
    borders = sorted({0, len(body), *(each for span in (*read, *asked.values()) for each in span)})
    found = []
    for start, end in itertools.pairwise(borders):
        question = next((number for number, (first, last) in asked.items() if first <= start < last), None)
        is_read = question is not None or any(first <= start < last for first, last in read)
        found.append(Piece(body[start:end], is_read, question))
    return found


def _own_spans(body: str, own: str) -> list[tuple[int, int]]:
    """Where the lines of `own` stand in the text, in their order; neighbours as one."""
    spans: list[tuple[int, int]] = []
    wanted = [line.strip() for line in own.splitlines() if line.strip()]
    place = 0
    for start, line in _lines(body):
        if place == len(wanted):
            break
        text = re.sub(r"^[>\s]+", "", line).rstrip()
        if not line.strip() and spans:
            continue
        if text != wanted[place] and line.strip() != wanted[place]:
            continue
        place += 1
        end = start + len(line)
        between = body[spans[-1][1] : start] if spans else "x"
        if between.strip():
            spans.append((start, end))
        else:
            spans[-1] = (spans[-1][0], end)
    return spans


def _lines(text: str) -> Iterator[tuple[int, str]]:
    start = 0
    for line in text.split("\n"):
        yield start, line
        start += len(line) + 1


def _questions(body: str, quotes: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Where each quote stands, however its blanks and lines were joined; what stands nowhere is left out."""
    found: dict[int, tuple[int, int]] = {}
    for number, quote in enumerate(quotes):
        words = quote[:LONGEST_QUOTE].split()
        match = re.search(r"[\s>]+".join(map(re.escape, words)), body) if words else None
        if match and not any(start < match.end() and match.start() < end for start, end in found.values()):
            found[number] = match.span()
    return found
