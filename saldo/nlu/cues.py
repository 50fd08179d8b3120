"""Looks for cue words in a time that grows with the text alone, whatever it repeats.

`\\bhaal\\w*\\b.*\\bweg\\b` tries the rest of a line anew for every "haal". Here what stands before `.*` is looked for
first, and what follows it from there on, once: the first "haal" with a "weg" behind it is all that matters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

GAP = ".*"


@dataclass(frozen=True)
class Cue:
    """An expression: its alternatives without a gap as one, and the parts of each of the others."""

    plain: re.Pattern[str] | None
    gapped: tuple[tuple[re.Pattern[str], ...], ...]

    @classmethod
    def compile(cls, expression: str) -> Cue:
        """A cue; groups within which `.*` or `|` stands stay whole."""
        alternatives = [_split(each, GAP) for each in _split(expression, "|")]
        plain = "|".join(parts[0] for parts in alternatives if len(parts) == 1)
        gapped = (tuple(map(re.compile, parts)) for parts in alternatives if len(parts) > 1)
        return cls(re.compile(plain) if plain else None, tuple(gapped))

    def search(self, text: str) -> bool:
        """Whether it stands in a text."""
        if self.plain and self.plain.search(text):
            return True
        return any(_in_order(parts, text) for parts in self.gapped) if self.gapped else False


def by_language(
    lists: Mapping[str, Iterable[tuple[str, Iterable[str]]]],
) -> Mapping[tuple[str, str], tuple[Cue, ...]]:
    """The cues of a word file, by language and list."""
    return {
        (language, name): tuple(map(Cue.compile, expressions))
        for language, named in lists.items()
        for name, expressions in named
    }


def says(cues: Iterable[Cue], text: str) -> bool:
    """Whether one of the cues stands in a text."""
    return any(cue.search(text) for cue in cues)


def _in_order(parts: Sequence[re.Pattern[str]], text: str) -> bool:
    """Whether a line has the parts one after another."""
    first, *rest = parts
    found = first.search(text)
    while found:
        line_end = text.find("\n", found.end())
        line_end, end = len(text) if line_end < 0 else line_end, found.end()
        for part in rest:
            following = part.search(text, end)
            if following is None:
                return False
            if following.start() > line_end:  # no earlier line has it
                found = first.search(text, text.rfind("\n", 0, following.start()) + 1)
                break
            end = following.end()
        else:
            return True
    return False


def _split(expression: str, mark: str) -> list[str]:
    """The expression cut at a mark that stands in no group, class or escape."""
    pieces, begin = [], 0
    for place in _outside(expression):
        if place >= begin and expression.startswith(mark, place):
            pieces.append(expression[begin:place])
            begin = place + len(mark)
    return [*pieces, expression[begin:]]


def _outside(expression: str) -> Iterator[int]:
    """The places that are in no group, class or escape."""
    depth, place, in_class = 0, 0, False
    while place < len(expression):
        char = expression[place]
        if char == "\\":
            place += 1
        elif in_class:
            in_class = char != "]"
        elif char == "[":
            in_class = True
        elif char in "()":
            depth += 1 if char == "(" else -1
        elif not depth:
            yield place
        place += 1
