"""What can be done at the desk, and what it shows: the folder, the words, drafting anew, and a mailbox's Drafts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Optional

from saldo.errors import SaldoError
from saldo.faq import Faq
from saldo.mail.desk.folder import DeskFolder, DeskMail, DraftChanged, NoDraft
from saldo.mail.desk.letter import letter_of, parsed
from saldo.mail.desk.mailbox import DraftsOfMailbox
from saldo.mail.desk.marking import pieces
from saldo.mail.desk.queue import Page, Row, Shown, State, page
from saldo.mail.desk.words import DeskWords
from saldo.mail.handler import MailHandler
from saldo.text import printable

LONGEST_SHOWN = 100_000
"""Characters of a mail that the page shows."""
LONGEST_LETTER = 50_000
"""Characters of a letter that a person writes."""
Json = Mapping[str, Any]
OpenDrafts = Callable[[], DraftsOfMailbox]


class BadTopics(SaldoError):
    """Topics that nothing can be drafted on."""

    def __init__(self) -> None:
        super().__init__("Pick at least one topic of the list.")


class NotKept(SaldoError):
    """A mail that cannot be drafted again."""

    def __init__(self) -> None:
        super().__init__("This mail was not kept, so it cannot be drafted again.")


class LetterTooLong(SaldoError):
    """A letter longer than any that is sent."""

    def __init__(self) -> None:
        super().__init__(f"A letter may have at most {LONGEST_LETTER:,} characters, and not be empty.")


class Office:
    """The mail handler, made when it is first needed: its model takes seconds to load."""

    def __init__(self, make: Callable[[], MailHandler]) -> None:
        self._make = make
        self._made: Optional[asyncio.Task[MailHandler]] = None

    def prepare(self) -> asyncio.Task[MailHandler]:
        """Begin to make it, so that nobody waits for it later; where that failed, begin anew."""
        if self._made is None or (self._made.done() and self._made.exception()):
            self._made = asyncio.create_task(asyncio.to_thread(self._make))
        return self._made

    async def handler(self) -> MailHandler:
        """The handler. Whatever making it raises is raised here."""
        return await asyncio.shield(self.prepare())


@dataclass(frozen=True)
class Desk:
    """One folder with its desk; `mailbox` is how mails of this folder's mailbox are named in their drafts' ids."""

    folder: DeskFolder
    words: DeskWords
    faq: Faq
    office: Office
    mailbox: str
    open_drafts: Optional[OpenDrafts] = None
    """Opens the mailbox's Drafts, where one is configured."""

    def queue(self, shown: Shown, find: str, number: int) -> Json:
        """A page of the queue."""
        names = {**self.words.texts.topics, **self.words.risks}
        found = page(self.folder.rows(), shown, find, number, names)
        return _page(found)

    def mail(self, stem: str) -> Json:
        """One mail with all that is shown of it."""
        return self._shown(self.folder.mail(stem))

    def set_state(self, stem: str, state: State) -> Json:
        """Keep what became of a mail."""
        self.folder.set_state(self.folder.mail(stem), state)
        return self.mail(stem)

    def edit(self, stem: str, text: str, revision: str) -> Json:
        """Keep a person's letter; DraftChanged if the draft is not that revision any more."""
        if not text.strip() or len(text) > LONGEST_LETTER:
            raise LetterTooLong()
        mail = self._at(stem, revision)
        self.folder.edit(mail, printable(text.replace("\r\n", "\n"), keep="\n\t"))
        return self.mail(stem)

    async def draft_on(self, stem: str, topics: Sequence[str], revision: str) -> Json:
        """Draft anew on these topics, in the order of the list."""
        wanted = [topic for topic in self.faq.topics if topic in topics]
        if not wanted or {*topics} - {*wanted}:
            raise BadTopics()
        mail = self._at(stem, revision)
        if mail.incoming is None:
            raise NotKept()
        handler = await self.office.handler()
        handled = await handler.draft_on(mail.incoming, wanted, f"{stem}.eml", self.mailbox)
        if handled.draft is None:
            raise NoDraft()
        self.folder.replace_draft(self._at(stem, revision), handled.draft, handled.review, tuple(wanted))
        return self.mail(stem)

    async def to_drafts(self, stem: str, revision: str) -> Json:
        """Lay the letter into the mailbox's Drafts. NoDraft without a letter or a mailbox."""
        mail = self._at(stem, revision)
        if mail.draft is None or self.open_drafts is None:
            raise NoDraft()
        name = await asyncio.to_thread(self._laid, mail.draft, mail.versions)
        self.folder.set_state(self._at(stem, revision), "in_drafts")
        return {**self.mail(stem), "folder": name}

    def draft(self, stem: str) -> bytes:
        """The draft's bytes. NoDraft if there is none."""
        mail = self.folder.mail(stem)
        if mail.draft is None:
            raise NoDraft()
        return mail.draft

    def _label(self, fact: str) -> str:
        """What a figure is called; as the review names it in a language that has no content."""
        words = self.faq.words.get(self.words.language)
        return words.facts.get(fact, fact) if words else fact.replace("_", " ")

    def _laid(self, draft: bytes, earlier: Sequence[str]) -> str:
        assert self.open_drafts is not None
        with self.open_drafts() as drafts:
            drafts.lay(draft, earlier)
            return drafts.name

    def _at(self, stem: str, revision: str) -> DeskMail:
        mail = self.folder.mail(stem)
        if mail.revision != revision:
            raise DraftChanged()
        return mail

    def _shown(self, mail: DeskMail) -> Json:
        review, texts = mail.review, self.words.texts
        letter = letter_of(parsed(mail.draft)) if mail.draft is not None else None
        questions = list(review.get("questions") or ())
        body, own = (mail.incoming.body, mail.incoming.own) if mail.incoming else ("", "")
        if mail.incoming is None and letter:
            body = own = letter.quote[1]
        marked = pieces(printable(body[:LONGEST_SHOWN], keep="\n\t"), own, [str(each["quote"]) for each in questions])
        sender = mail.incoming.sender if mail.incoming else None
        return {
            **_row(mail.row),
            "revision": mail.revision,
            "from_name": sender.name if sender else "",
            "body": [asdict(piece) for piece in marked] if body else None,
            "kept": mail.incoming is not None,
            "letter": letter.text if letter else None,
            "outcome_reason": self.words.reason(str(review.get("outcome_reason") or review.get("skipped") or "")),
            "identity": texts.identities.get(str(review.get("identity")), ""),
            "identity_reason": self.words.reason(str(review.get("identity_reason") or "")),
            "questions": [_question(each, answered=letter is not None) for each in questions],
            "facts": [{**fact, "label": self._label(str(fact["name"]))} for fact in review.get("facts") or ()],
            "attachments": list(review.get("attachments") or ()),
            "notes": [self.words.reason(str(note)) for note in review.get("notes") or ()],
            "picked": list(mail.desk.topics) or [each for each in mail.row.topics if each in self.faq.topics],
        }


def _page(found: Page) -> Json:
    return {
        "rows": [_row(row) for row in found.rows],
        "page": found.number,
        "pages": found.pages,
        "total": found.total,
        "counts": dict(found.counts),
    }


def _row(row: Row) -> dict[str, Any]:
    return {**asdict(row), "subject": printable(row.subject, keep=""), "sender": printable(row.sender, keep="")}


def _question(question: Json, *, answered: bool) -> Json:
    """A question as the page shows it; what could be answered is a person's where no letter does."""
    status = str(question.get("status", ""))
    return {
        "quote": printable(str(question.get("quote", "")), keep="\n\t"),
        "topic": str(question.get("topic", "")),
        "confidence": float(question.get("confidence", 0)),
        "act": str(question.get("act") or "ask"),
        "status": status if answered or status != "answered" else "needs_person",
        "sources": list(question.get("sources") or ()),
    }
