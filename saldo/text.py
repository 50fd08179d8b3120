"""What a person typed, before anything reads it: cleaned of what is not for reading, and neither empty nor endless."""

from __future__ import annotations

from saldo.errors import SaldoError

LONGEST = 2000
"""Characters that a message may have."""


class EmptyText(SaldoError):
    """A message with nothing in it to read."""

    def __init__(self) -> None:
        super().__init__('The question is empty; write one, such as: saldo ask "Hoe zeg ik op?"')


class TextTooLong(SaldoError):
    """A message longer than one turn reads."""

    def __init__(self, length: int) -> None:
        super().__init__(f"The question has {length:,} characters; at most {LONGEST:,} are read.")


def usable(text: str) -> str:
    """The text without control and invisible characters; EmptyText or TextTooLong if it cannot be answered."""
    clean = "".join(char for char in text if char.isprintable() or char in "\n\t").strip()
    if not clean:
        raise EmptyText()
    if len(clean) > LONGEST:
        raise TextTooLong(len(clean))
    return clean
