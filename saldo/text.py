"""Text from people and programs: cleaned of what is not for reading, and folded for comparing."""

from __future__ import annotations

import unicodedata

from saldo.errors import SaldoError

LONGEST = 2000
"""Characters that a message may have."""
MOST_ADDED = 100
"""Characters by which a folded text may be longer."""


class EmptyText(SaldoError):
    """A message with nothing in it to read."""

    def __init__(self) -> None:
        super().__init__('The question is empty; write one, such as: saldo ask "Hoe zeg ik op?"')


class TextTooLong(SaldoError):
    """A message longer than one turn reads."""

    def __init__(self, length: int) -> None:
        super().__init__(f"The question has {length:,} characters; at most {LONGEST:,} are read.")


def printable(text: str, keep: str = "\n\t") -> str:
    """The text without characters that are not for reading, such as those that turn the direction of writing.

    White space of any other kind than `keep` becomes a blank.
    """
    return "".join(
        char if char in keep or char.isprintable() else " " if char.isspace() else ""
        for char in text
    )  # fmt: skip


def fold(text: str) -> str:
    """Lower case without diacritics, for telling words apart or alike: "Määrä" becomes "maara".

    It grows by no more than MOST_ADDED characters, of which some signs become many, and loose diacritics go first,
    for a long row of them takes long to be put in order.
    """
    if text.isascii():
        return text.lower()
    bare = "".join(sign for sign in text.casefold() if not unicodedata.combining(sign))
    decomposed = unicodedata.normalize("NFKD", bare)[: 4 * len(text) + MOST_ADDED]
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))[: len(text) + MOST_ADDED]


def usable(text: str) -> str:
    """The text without control and invisible characters; EmptyText or TextTooLong if it cannot be answered."""
    clean = printable(text).strip()
    if not clean:
        raise EmptyText()
    if len(clean) > LONGEST:
        raise TextTooLong(len(clean))
    return clean
