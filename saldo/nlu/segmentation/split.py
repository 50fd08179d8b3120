"""Cuts a message where another matter may begin: at sentences, list items, lines and clauses that ask.

Cuts are generous; `saldo.nlu.segmentation.merge` joins what belongs together. Offsets are exact: `text[start:end]` is
the segment. Every character is looked at a fixed number of times, so the time grows with the length alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from saldo.nlu.segmentation.cues import Cues, Mark, phrases

Role = Literal["question", "statement", "courtesy", "settled"]
Span = tuple[int, int]
LINE_AT_MOST = 60  # characters of a line that ends where it is broken
SIGNATURE_AT_MOST = 8  # words
NAME_AT_MOST = 5  # words below the last question, where no closing line stands
REMEMBERED = 16
"""Messages: one after another component asks for the segments of the same."""

_LIST_ITEM = r"(?:(?:\(?\d{1,2}\)|\d{1,2}\.(?=\s+\D)|[a-e]\))\s+|[-*•–]\s*(?=[^\W\d]))"
_BREAK = re.compile(
    rf"(?P<line>\n\s*\n|\n(?=\s*{_LIST_ITEM})|(?<=[\s:])(?=\(?[1-9a-e]\)\s))"
    rf"|(?P<stop>[.?!…]+[\"'”)]*)(?=\s)|(?P<wrap>\n)"
)
_BULLET = re.compile(rf"\s*(?:{_LIST_ITEM})?")
_BLANK_LINE = re.compile(r"\n\s*\n\W*(?:(?:\d{1,2}|[a-e])\W+)?$")
_NUMBERED = re.compile(r"(?:^|\n)\s*\(?\d{1,2}$")
_LAST_WORD = re.compile(r"[^\s(]+$")
_DAY = re.compile(r"(?:\d{1,2}\.)?\d{1,2}")
_PARTING = "/+;"
_WORD = re.compile(r"[^\W\d_]+(?:[.:'’-][^\W\d_]+)*")


@dataclass(frozen=True)
class Segment:
    """A piece of a message: its text, where it stands (characters) and what it does; `settled` asks nothing any more.

    `fresh` says that it announces another matter ("daarnaast", "2)"), `closed` that it ends its
    sentence, `joined` that it begins with "en" or "ja", `pointing` that it points back to what came before,
    `apart` that a blank line stands before it.
    """

    text: str
    start: int
    end: int
    role: Role
    fresh: bool = False
    closed: bool = True
    joined: bool = False
    pointing: bool = False
    apart: bool = False


@lru_cache(maxsize=REMEMBERED)
def split(text: str, language: str) -> tuple[Segment, ...]:
    """The segments of a message in their order; language `nl` or `fi` (another is read as Dutch)."""
    known = phrases(language)
    found = [
        replace(segment, apart=_is_apart(text, segment.start))
        for start, end, listed in _sentences(text, known)
        for segment in _clauses(text, (start, end), listed, known)
    ]
    return tuple(_without_signature(found, known))


def _is_apart(text: str, start: int) -> bool:
    """Whether a blank line stands before this offset, and at most a list item's mark between."""
    return bool(_BLANK_LINE.search(text[max(0, start - LINE_AT_MOST) : start]))


def _without_signature(segments: list[Segment], known: Cues) -> Iterator[Segment]:
    """The segments; short ones below the closing line are its writer's name and function, so courtesy too."""
    last = max((index for index, segment in enumerate(segments) if segment.role == "question"), default=-1)
    closing = False
    for index, segment in enumerate(segments):
        words = _words(segment.text)
        below = index > last >= 0 and index + 1 == len(segments) and segment.apart
        if (closing and len(words) <= SIGNATURE_AT_MOST) or (below and _is_name(segment.text)):
            segment = replace(segment, role="courtesy")
        closing = index > last and segment.role == "courtesy" and (closing or known.closes(words))
        yield segment


def _is_name(text: str) -> bool:
    """Whether a line is nothing but capitalised words, such as a writer's name and company."""
    words = _WORD.findall(text)
    return 0 < len(words) <= NAME_AT_MOST and all(word[0].isupper() for word in words)


def _sentences(text: str, known: Cues) -> Iterator[tuple[int, int, bool]]:
    """Spans of sentences, lines and list items, and whether each is a list item."""
    begin = 0
    for end in [*_boundaries(text, known), len(text)]:
        mark = _BULLET.match(text, begin, end)
        start = mark.end() if mark else begin
        stop = start + len(text[start:end].rstrip())
        if (stop > start and _WORD.search(text, start, stop)) or any(map(str.isdigit, text[start:stop])):
            yield start, stop, bool(mark and mark.group().strip())
        begin = end


def _boundaries(text: str, known: Cues) -> Iterator[int]:
    """Offsets where a sentence, a line that stands alone or a list item ends."""
    for found in _BREAK.finditer(text):
        kind = found.lastgroup
        if kind == "wrap" and not _line_ends(text, found.start(), known):
            continue
        if kind == "stop" and found.group() == "." and _abbreviated(text, found.start(), known):
            continue
        yield found.end() if kind == "stop" else found.start()


def _line_ends(text: str, at: int, known: Cues) -> bool:
    """Whether a single line break ends what stands before it: a short line before a capital."""
    line = text[max(text.rfind("\n", 0, at) + 1, at - LINE_AT_MOST) : at].strip()
    if len(line) >= LINE_AT_MOST - 1:
        return False
    return text[at + 1 : at + 2].isupper() or known.is_courtesy(_words(line)) or line.endswith((".", "?", "!", ":"))


def _abbreviated(text: str, at: int, known: Cues) -> bool:
    """Whether the full stop at this offset belongs to an abbreviation, an ordinal, a date or a list's number."""
    last = _LAST_WORD.search(text[max(0, at - 30) : at])
    word = last.group().lower() if last else ""
    following = text[at + 1 : at + 3].strip()[:1]
    if _NUMBERED.search(text[max(0, at - 30) : at]):
        return True
    if _DAY.fullmatch(word):
        return following.islower() or following.isdigit()
    return word in known.abbreviations or bool(re.fullmatch(r"[^\W\d_]", word))


def _clauses(text: str, span: Span, listed: bool, known: Cues) -> Iterator[Segment]:
    """The clauses of a sentence, each with its role; those but the last are not closed."""
    starts: list[tuple[int, Mark]] = [(span[0], "joined"), *_cuts(text, span, known)]
    for index, (begin, mark) in enumerate(starts):
        last = index + 1 == len(starts)
        end = span[1] if last else starts[index + 1][0]
        end = begin + len(text[begin:end].rstrip(" ,;:\n\t"))
        words = _words(text[begin:end])
        if not words and not any(map(str.isdigit, text[begin:end])):
            continue
        role = _role(text[begin : span[1]] if last else text[begin:end], words, known)
        fresh = (listed and index == 0) or known.is_fresh(words) or mark == "parting"
        yield Segment(text[begin:end], begin, end, role, fresh, last, known.is_joined(words), known.points_back(words))


def _cuts(text: str, span: Span, known: Cues) -> Iterator[tuple[int, Mark]]:
    """Offsets inside a sentence where a clause begins that asks or asks for something of its own, and what parts it."""
    begin, told = span[0], _is_told(text, span)
    for found in known.cutting.finditer(text, *span):
        at = found.end()
        words = _words(text[at : min(span[1], at + 60)])[:6]
        earlier = _words(text[begin : found.start()][:60])[:6]
        mark = _mark(found.group().strip())
        if known.opens(words, earlier, mark, told) and (at > begin) and earlier:
            yield at, mark
            begin = at


def _mark(sign: str) -> Mark:
    """What stands between two clauses: a sign that parts a list, another sign, or none before a joining word."""
    if not sign:
        return "joined"
    return "parting" if sign in _PARTING else "comma"


def _is_told(text: str, span: Span) -> bool:
    """Whether a sentence ends as one that tells; what has its verb first in it is no question."""
    return text[slice(*span)].rstrip("\"'”) ").endswith((".", "!"))


def _role(piece: str, words: list[str], known: Cues) -> Role:
    """What a clause does: asks (or asks for), is polite, says that a matter is settled, or tells."""
    if known.is_courtesy(words) and not piece.rstrip("\"'”)").endswith("?"):
        return "courtesy"
    if piece.rstrip("\"'”) ").endswith("?") or known.asks(_past_greeting(words, known)):
        return "question"
    return "settled" if known.settles(piece) else "statement"


def _past_greeting(words: list[str], known: Cues) -> list[str]:
    """The words after those that greet ("moi saisko …"); all of them if there are no others."""
    first = next((index for index, word in enumerate(words) if word not in known.opening), 0)
    return words[first:]


def _words(text: str) -> list[str]:
    """Words in lower case."""
    return [word.lower() for word in _WORD.findall(text)]
