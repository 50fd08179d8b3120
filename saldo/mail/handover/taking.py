"""Takes handovers: writes them down, lays them into the review, and into the team's mailbox where there is one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from typing import Protocol

from saldo.answers.formats import fill
from saldo.errors import BadSetting, SaldoError
from saldo.faq import Faq
from saldo.insight.handovers import HandoverBook
from saldo.mail.ask_bot import MailUnderstanding
from saldo.mail.handover import letters
from saldo.mail.handover.handover import Handover
from saldo.mail.handover.reviewing import identity_of, verdict_on
from saldo.mail.helpdesk.note import NoteWriter
from saldo.mail.imap.server import EXAMPLE, BadMailServer, MailServer, Secret, secrets_of, server_of
from saldo.mail.imap.team import TeamMailbox
from saldo.mail.inbox import KEYWORD
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail, read
from saldo.mail.reply import draft, wording
from saldo.mail.reply.render import as_html, as_text
from saldo.mail.review.review import Review
from saldo.mail.store.draft_folder import DraftFolder
from saldo.settings import Settings

log = logging.getLogger(__name__)


class Customers(Protocol):
    """The contacts in the records; `saldo.billing.Repository` has them."""

    def customers_of_contact(self, email: str) -> list[str]: ...

    def name_of_contact(self, customer: str, email: str) -> str | None: ...


@dataclass(frozen=True)
class Prepared:
    """A handover with all that is written of it."""

    handover: Handover
    review: Review
    draft: EmailMessage | None
    incoming: IncomingMail
    """The conversation as a mail that came, which is how the desk shows it."""
    to_team: EmailMessage
    link: str
    """A `mailto:` link with which the customer can write the same."""

    @property
    def stem(self) -> str:
        """What its files in the review's folder are called."""
        return f"handover-{self.handover.reference}"


class Handovers:
    """All that is at hand to lay conversations before a person; nothing of it sends."""

    def __init__(self, settings: Settings, faq: Faq, book: HandoverBook, environ: Mapping[str, str]) -> None:
        """BadSetting where the mailbox of the settings is none; SaldoError where there is no password for it."""
        self._faq, self._book, self._settings = faq, book, settings
        self._words = wording.load(settings.faq)
        self._notes = NoteWriter(faq, settings.faq, settings.mail_note_language)
        self._folder = settings.state / "mail"
        self._mailbox: tuple[MailServer, Callable[[], Secret]] | None = None
        if settings.handover_mailbox:
            self._mailbox = _mailbox(settings.handover_mailbox), secrets_of(environ)

    def prepare(self, handover: Handover, understood: MailUnderstanding, customers: Customers) -> Prepared:
        """Everything that is written of a handover; while the records cannot be read, it names no contact of them."""
        now, words = datetime.now().astimezone(), self._words[handover.language]
        team = letters.team_address(self._faq, handover)
        subject = fill(words.handover.subject, {"reference": handover.reference}, handover.language)
        owners, known_as = _contact(handover, customers)
        to = Address("", handover.address) if handover.address else None
        signature = self._settings.mail_signatures.get(handover.language, "")
        blocks = letters.reply_blocks(handover, understood, to, words, known_as, signature)
        quote = letters.quoted(handover, words)
        handover = replace(handover, draft=as_text(blocks, ("", "")).strip())
        identity = identity_of(handover, owners)
        review = Review(
            message_id=letters.message_id(handover, team),
            language=handover.language,
            identity=identity,
            skipped=None,
            draft=None,
            understood=understood,
            verdict=verdict_on(handover, understood, identity),
            subject=subject,
            sender=handover.address or "",
            arrived=now,
            thread=letters.message_id(handover, team),
            handover=handover,
        )
        text = letters.team_text(handover, review, self._notes)
        to_team = letters.team_mail(handover, team, subject, text, review.verdict.urgent, now)
        incoming, letter = letters.as_mail(handover, read(to_team.as_bytes()), quote[1]), None
        if to:
            form = self._settings.mail_form
            written = draft.Written(
                as_text(blocks, quote) if form != "html" else None,
                as_html(blocks, quote, handover.language) if form != "plain" else None,
            )
            letter = draft.reply(incoming, team, to, frozenset(), written, now)
            letter["Message-ID"] = letters.message_id(handover, team, "-draft")
            review = replace(review, draft=f"handover-{handover.reference}.eml")
        return Prepared(handover, review, letter, incoming, to_team, letters.mail_link(handover, team, subject, words))

    def lay(self, conversation: str, prepared: Prepared) -> bool:
        """Write it down and lay it into the review; whether that was done before, in the mailbox too, just as it is.

        DatabaseUnusable and CannotWrite.
        """
        known = self._book.take(conversation, prepared.handover.to_json())
        if not known:
            DraftFolder(self._folder).lay(prepared.stem, prepared.draft, prepared.review, prepared.incoming)
            if prepared.draft is None:
                (self._folder / f"{prepared.stem}.eml").unlink(missing_ok=True)
        return known

    def lay_into_mailbox(self, prepared: Prepared) -> bool:
        """Lay it into the team's mailbox; False if that fails, which is told in the log: it lies in the review."""
        if self._mailbox is None:
            return False
        server, secret = self._mailbox
        try:
            with TeamMailbox(server, secret()) as box:
                box.lay(prepared.to_team.as_bytes(), prepared.review.message_id, (KEYWORD, *prepared.review.keywords))
        except SaldoError as error:
            log.error("a handover is in the review alone: %s", error)
            return False
        self._book.set_in_mailbox(prepared.handover.reference)
        return True


def _contact(handover: Handover, customers: Customers) -> tuple[list[str], str]:
    """Whose contact the given address is, and by what name, if the customer who gave it is among them."""
    if handover.address is None:
        return [], ""
    try:
        owners = customers.customers_of_contact(handover.address)
        name = customers.name_of_contact(handover.customer.id, handover.address) if handover.customer else None
    except SaldoError as error:
        log.error("a handover was laid down without a look at the records: %s", error)
        return [], ""
    return owners, name or ""


def _mailbox(url: str) -> MailServer:
    try:
        return server_of(url)
    except BadMailServer:  # whose words show the address, in which there may be a password
        raise BadSetting("SALDO_HANDOVER_MAILBOX", "…", f"the address of a mailbox, such as {EXAMPLE}") from None
