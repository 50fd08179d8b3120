"""A place where something of people is kept, and what every such place can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["customer", "conversation", "address"]
Pause = Callable[[], bool]
"""Called between two small steps of a long work; False where it has to end for today."""


@dataclass(frozen=True)
class Who:
    """Whose it is: a customer, one conversation or the owner of a mail address; and all by which it is found."""

    name: str
    """What the person at the command wrote."""
    kind: Kind
    customer: str | None = None
    conversations: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()
    """In lower case; a customer's are those that are a contact of no other."""
    shared: frozenset[str] = frozenset()
    """Addresses that are a contact of other customers too: what came from them is not known to be this one's."""
    references: frozenset[str] = frozenset()
    """Of handovers."""
    stems: frozenset[str] = frozenset()
    """What the files of their mails are called in the review."""
    mails: frozenset[str] = frozenset()
    """The keys by which their mails were claimed."""

    @property
    def names(self) -> frozenset[str]:
        """What a log would call them by."""
        return self.conversations | self.addresses | ({self.customer} if self.customer else set()) | self.references


@dataclass(frozen=True)
class Kept(ABC):
    """One place: in the documentation a row, in a receipt a line."""

    what: str
    where: str
    why: str
    until: str
    """How long it stays, in words."""

    @property
    def place(self) -> str:
        """Where it is, as a terminal shows it."""
        return self.where.replace("`", "")

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables that it is kept in."""
        return ()

    @property
    def files(self) -> tuple[str, ...]:
        """The files below `var/` that it is kept in, as patterns."""
        return ()

    @abstractmethod
    def count(self, who: Who) -> int:
        """How much there is of somebody."""

    @abstractmethod
    def erase(self, who: Who) -> int:
        """Remove all there is of somebody; how much it was."""

    @abstractmethod
    def count_before(self, moment: float) -> int:
        """How much was last touched before that time, in seconds since 1970."""

    @abstractmethod
    def purge(self, moment: float, pause: Pause) -> int:
        """Remove that in small steps; how much it was."""

    @abstractmethod
    def export(self, who: Who) -> list[Json]:
        """All there is of somebody, so that people can read it."""


@dataclass(frozen=True)
class Stays:
    """What is kept and not erased here, and why that is so."""

    what: str
    where: str
    why: str
    until: str
    tables: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
