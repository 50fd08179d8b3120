"""What the adapters have in common: a customer's message in a helpdesk, and what an adapter can do with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from saldo.answers.formats import fill
from saldo.mail.helpdesk.drafted import Drafted, Letter
from saldo.mail.helpdesk.written import WrittenMail
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.review.words import NoteWords


@dataclass(frozen=True)
class Article:
    """One message of a customer's."""

    id: int
    place: tuple[int, ...]
    """The ticket or conversation, as its API numbers it."""
    written: WrittenMail

    @property
    def reference(self) -> str:
        """What marks its note, so that it is found again."""
        return f"saldo-{self.id}"


class Helpdesk(Protocol):
    """An adapter. All but `is_signed` and `article` take their time and raise HelpdeskFault."""

    name: str
    url: str

    def is_signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a call is the helpdesk's own; header names are in lower case."""

    def article(self, payload: Any) -> Article | None:
        """The customer's message that a call tells of; None if it tells of something else."""

    def read(self, article: Article) -> IncomingMail:
        """The message as a mail."""

    def is_laid(self, article: Article) -> bool:
        """Whether its note stands there already."""

    def lay(self, article: Article, drafted: Drafted, words: NoteWords) -> None:
        """Lay the draft and the note where only colleagues see them."""


def heading(letter: Letter, words: NoteWords) -> str:
    """The line above a letter that stands in a note."""
    return fill(words.letter, {"to": letter.to, "subject": letter.subject}, "en")


def with_reference(note: str, article: Article, words: NoteWords) -> str:
    """A note that says which message it is for."""
    return f"{note.rstrip()}\n\n{fill(words.reference, {'reference': article.reference}, 'en')}"
