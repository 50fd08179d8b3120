"""Typing errors as a keyboard makes them, the same in every run: what understanding is worth to hurried fingers."""

from __future__ import annotations

import random
import re

ROWS = ("qwertyuiopå", "asdfghjklöä", "zxcvbnm")
"""The letters of a keyboard; Dutch and Finnish ones differ at their ends alone."""
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_BESIDE = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in ROWS
    for place, letter in enumerate(row)
}


def mistyped(text: str) -> str:
    """The text with one error in one of its longer words: a key beside the right one, left out, twice, or too early.

    The text alone decides which; one without a longer word stays as it is.
    """
    chance = random.Random(text)
    found = list(_LONG_WORD.finditer(text))
    if not found:
        return text
    word = chance.choice(found)
    place = chance.randrange(word.start() + 1, word.end() - 1)  # the first letter is seldom wrong
    letter, following = text[place], text[place + 1]
    beside = _BESIDE.get(letter.lower()) or letter
    typed = chance.choice(
        (chance.choice(beside) + following, following, letter + letter + following, following + letter)
    )
    return text[:place] + typed + text[place + 2 :]
