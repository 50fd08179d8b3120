"""What can go wrong by a user's hand: each cause a class, each message one sentence with the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb


class SaldoError(Exception):
    """A mistake that the person who reads it can mend; shown as one line, never as a traceback."""


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake in a file: where it stands, what is wrong and what would be right."""

    file: str
    line: int
    text: str
    column: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}{f', {self.column}' if self.column else ''}: {self.text}"


MOST_FAULTS = 1000
"""So many mistakes are told at once; a file of another form has one on every line."""


class FaultyFiles(SaldoError):
    """Files with mistakes; carries all of them, so that one round of mending is enough.

    Of so many that nobody would read them, the first are told and the rest counted; `more` were only counted before.
    """

    def __init__(self, faults: list[Fault], more: int = 0) -> None:
        self.faults = sorted(faults)
        count = len(faults) + more
        noun = "mistake" if count == 1 else "mistakes"
        told = self.faults[:MOST_FAULTS]
        rest = [f"… and {count - len(told)} more"] if count > len(told) else []
        super().__init__("\n".join([f"{count} {noun}:", *map(str, told), *rest]))


class UnknownCustomer(SaldoError):
    """No customer has this id."""

    def __init__(self, customer: str) -> None:
        super().__init__(f"No customer has the id {customer!r}; `saldo billing show` lists them.")


class UnusableFile(SaldoError):
    """A file that is missing, unreadable or not what it should be."""

    def __init__(self, path: Path | str, why: str) -> None:
        super().__init__(f"{path}: {why}")


class BadSetting(SaldoError):
    """An environment variable with a value that makes no sense."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        super().__init__(f"{name} is {value!r}; allowed: {allowed}.")


class DatabaseUnusable(SaldoError):
    """A database is missing, locked, full, of another layout, away, or not a database."""


class WrongLayout(DatabaseUnusable):
    """A store is there and in order, and another Saldo's."""


class NewerLayout(WrongLayout):
    """A newer Saldo made it; this one would write into tables that it does not know."""

    def __init__(self, store: str, found: object, known: object) -> None:
        super().__init__(f"{store} was made by a newer Saldo (layout {found}, this one knows {known}); update Saldo.")


class OlderLayout(WrongLayout):
    """An older Saldo made it, and it is migrated by a command, not by itself."""

    def __init__(self, store: str, found: object, now: object, command: str) -> None:
        super().__init__(f"{store} was made by an older Saldo (layout {found}, now {now}); run `{command}`.")


def place_of(error: BaseException) -> str:
    """What failed and where, for a log; not the message, which may hold what a customer wrote."""
    frames = extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
