"""Cuts a message into clauses, generously: `saldo.nlu.acts` reads which of them make one segment.

A clause may begin after a sentence, a line, a list's mark, a comma or a dash, and before the words that were seen to
begin a segment in the middle of a sentence (`Openers`, learnt). Offsets are exact: `text[start:end]` is the clause.
Every character is looked at a fixed number of times, so the time grows with the length alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

from saldo.text import fold
from saldo.yaml_files import WordSet, read_yaml

WORDS = Path(__file__).parent / "words" / "abbreviations.yml"
Cut = Literal["start", "stop", "line", "paragraph", "item", "comma", "colon", "dash", "word"]
Openers = frozenset[str]
"""Folded words before which a segment may begin without any sign."""

_ITEM = r"(?:(?:\(?\d{1,2}\)|\d{1,2}\.(?=\s+\D)|[a-e]\))\s+|[-*•–]\s*(?=[^\W\d]))"
_SIGN = re.compile(
    rf"(?P<paragraph>\n\s*\n)|(?P<item>\n(?=\s*{_ITEM})|(?<=[\s:])(?=\(?[1-9a-e]\)\s))|(?P<line>\n)"
    r"|(?P<stop>(?<![.?!…])[.?!…]+[\"'”)]*)(?=\s)|(?P<colon>[:;])(?=\s)|(?P<comma>,)(?=\s)|(?P<dash>\s[-–—/+]+(?=\s)|\s(?=\()|\)(?=[\s,]))"
)
_BULLET = re.compile(rf"\s*(?:{_ITEM})?")
_LAST_WORD = re.compile(r"[^\s(]+$")
_NUMBERED = re.compile(r"(?:^|\n)\s*\(?\d{1,2}$")
_DAY = re.compile(r"(?:\d{1,2}\.)?\d{1,2}")
_WORD = re.compile(r"[^\W_]+(?:['’:-][^\W_]+)*")
MOST = 48
"""Clauses that are told apart; what follows belongs to the last. Of 14,000 messages none has more than 44."""
_FAR = 30  # characters that are looked back for the word before a full stop


_folded = lru_cache(maxsize=4096)(fold)  # most words of a message are in every other one, too


@dataclass(frozen=True)
class Clause:
    """A piece of a message, where it stands (characters), what stands before it, and the sign that ends it."""

    text: str
    start: int
    end: int
    cut: Cut
    asks: bool
    """Whether a question mark ends it."""

    @property
    def words(self) -> list[str]:
        """The folded words."""
        return _WORD.findall(fold(self.text))


def clauses(text: str, openers: Openers = frozenset()) -> list[Clause]:
    """The clauses of a message in their order; what has neither letter nor digit is none."""
    found: list[Clause] = []
    pending: Cut = "start"
    for begin, end, cut in _pieces(text, openers):
        if len(found) == MOST:
            break
        if len(found) == MOST - 1:
            end = len(text)
        pending = cut if pending != "paragraph" or cut == "start" else pending
        mark = _BULLET.match(text, begin, end)
        start = mark.end() if mark and pending in ("start", "line", "paragraph", "item") else begin
        piece = text[start:end]
        start += len(piece) - len(piece.lstrip(" \t\n,;:-–—/+."))
        stop = start + len(text[start:end].rstrip(" \t\n,;:-–—/+"))
        if not _WORD.search(text, start, stop):
            continue
        if mark and mark.group().strip() and pending in ("line", "paragraph"):
            pending = "item"
        asks = "?" in text[start:end][-4:] or text[end : end + 2].lstrip()[:1] == "?"
        found.append(Clause(text[start:stop], start, stop, pending, asks))
        pending = "comma"
    return found


def _pieces(text: str, openers: Openers) -> Iterator[tuple[int, int, Cut]]:
    """Where pieces begin and end, and what stands before each."""
    cuts: list[tuple[int, Cut]] = [(0, "start")]
    for found in _SIGN.finditer(text):
        kind = found.lastgroup
        if kind == "stop" and found.group() == "." and _abbreviated(text, found.start()):
            continue
        cuts.append((found.end() if kind != "item" else found.start(), kind))  # type: ignore[arg-type]
    if openers:
        taken = {at for at, _ in cuts}
        words = list(_WORD.finditer(text))
        for before, word in pairwise(words):
            between = text[before.end() : word.start()]
            if not between.strip() and _folded(word.group()) in openers and word.start() not in taken:
                cuts.append((word.start(), "word"))
    cuts.sort()
    ends = [*(at for at, _ in cuts[1:]), len(text)]
    for (begin, cut), end in zip(cuts, ends, strict=True):
        yield begin, end, cut


def _abbreviated(text: str, at: int) -> bool:
    """Whether the full stop at this offset belongs to an abbreviation, an ordinal, a date or a list's number."""
    earlier = text[max(0, at - _FAR) : at]
    last = _LAST_WORD.search(earlier)
    word = last.group().lower() if last else ""
    following = text[at + 1 : at + 3].strip()[:1]
    if _NUMBERED.search(earlier):
        return True
    if _DAY.fullmatch(word):
        return following.islower() or following.isdigit()
    return word in word_lists() or bool(re.fullmatch(r"[^\W\d_]", word))


@cache
def word_lists() -> frozenset[str]:
    """The abbreviations of both languages, without their full stop."""
    return frozenset(word for words in read_yaml(WORDS, dict[str, WordSet]).values() for word in words)
