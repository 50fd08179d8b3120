"""Which language a customer asks to be answered in, told from the names of languages in words/spoken.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from saldo.yaml_files import Expression, Strict, read_yaml

WORDS = Path(__file__).parent / "words" / "spoken.yml"


def named_language(text: str, current: str) -> str | None:
    """The language that the text names last, rather one that something is to be in, and none that it denies; the other
    one than now if it names none, None if it names a third.
    """
    words = _words()
    spoken_in = {match.end() for cue in words.spoken_in.values() for match in _all(cue, text)}
    named = [
        (match.start() in spoken_in, match.start(), language)
        for language, name in words.names.items()
        for match in _all(name, text)
    ]
    wanted = [each for each in named if not _denied(text, each[1])]
    if wanted:
        return max(wanted)[-1]
    others = {*words.names} - {language for _, _, language in named}
    if named and others:
        return others.pop()
    return None if any(_all(words.others, text)) else {"nl": "fi", "fi": "nl"}[current]


def _denied(text: str, start: int) -> bool:
    """Whether a language that is named there is not to be spoken: "I know no Dutch"."""
    return any(
        re.search(cue.before, text[:start], re.IGNORECASE) and re.match(cue.name, text[start:], re.IGNORECASE)
        for cue in _words().denied.values()
    )


def _all(cue: Expression, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(cue, text, re.IGNORECASE)


class Denial(Strict):
    """How one language denies the name of a language."""

    before: Expression
    name: Expression


class SpokenWords(Strict):
    """The word file."""

    names: dict[str, Expression]
    others: Expression
    spoken_in: dict[str, Expression]
    denied: dict[str, Denial]


@cache
def _words() -> SpokenWords:
    return read_yaml(WORDS, SpokenWords)
