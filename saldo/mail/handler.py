"""Handles one mail: what is not to be answered is skipped; else who wrote it, what the bot says, letter and review.

Whatever goes wrong with a mail stays with that mail: it gets a review that says so, and the next one its turn.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.message import EmailMessage
from typing import Literal

from saldo.answers.formats import fill
from saldo.errors import SaldoError, place_of
from saldo.faq import Faq
from saldo.identity import key_of, mint
from saldo.insight import metrics, turn
from saldo.mail.ask_bot import Answering, MailUnderstanding, understand
from saldo.mail.handover.from_mail import handover_of
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.reply import draft, letter, wording
from saldo.mail.reply.own_address import as_reply_from
from saldo.mail.reply.render import as_html, as_text
from saldo.mail.review.review import Review, skipped, unanswered
from saldo.mail.sender.identity import Customers, Identity, Ourselves, identify
from saldo.mail.sender.skipping import correspondent, without_letter
from saldo.mail.triage import Verdict, verdict
from saldo.settings import Settings

log = logging.getLogger(__name__)
COLLEAGUES = "support"
"""The contact in the content files whom mails without an answer go to."""
PICKED = "a person picked the topics"
DraftsOf = Callable[[str, date], int]
"""How many drafts an address has got on a day."""


class NobodyToAnswer(SaldoError):
    """A mail that no reply can go to."""

    def __init__(self) -> None:
        super().__init__("There is nobody to reply to: neither From nor Reply-To names one person who reads mail.")


@dataclass(frozen=True)
class Handled:
    """One mail's result; no draft where none is due."""

    review: Review
    draft: EmailMessage | None
    sender: str
    day: date


@dataclass(frozen=True)
class Drafted:
    """A draft, and whom it is for."""

    to: Literal["customer", "colleague"]
    message: EmailMessage


class MailHandler:
    """Everything at hand to answer mails; makes drafts, and cannot do more than that.

    With `notes`, a mail for a person leaves a note to a colleague as a draft.
    """

    def __init__(
        self, settings: Settings, faq: Faq, bot: Answering, customers: Customers, *, notes: bool = False
    ) -> None:
        self._key = key_of(settings)
        self._limit = settings.mail_daily_limit
        self._bot, self._customers = bot, customers
        self._faq: Faq = faq
        self._words = wording.load(settings.faq)
        self._ours = ourselves(settings, faq)
        self._form, self._signatures, self._notes = settings.mail_form, settings.mail_signatures, notes

    async def handle(self, incoming: IncomingMail, name: str, mailbox: str, drafts_of: DraftsOf) -> Handled:
        """The review, and the draft where there is one; `name` is what the draft will be called.

        SaldoError if something fails that is not this mail's affair, such as the database.
        """
        turn.begin()
        handled = await self._handled(incoming, name, mailbox, drafts_of)
        outcome = "skipped" if handled.review.skipped else handled.review.verdict.outcome
        metrics.mails.labels(outcome).inc()
        log.info("mail", extra={"outcome": outcome})
        return handled

    async def _handled(self, incoming: IncomingMail, name: str, mailbox: str, drafts_of: DraftsOf) -> Handled:
        now = datetime.now().astimezone()
        day = (incoming.arrived or now).date()
        to = correspondent(incoming, self._ours)
        address = to.email if to else ""
        try:
            decided = without_letter(incoming, self._ours) or self._over_limit(address, day, drafts_of)
            if decided or to is None:
                return Handled(_review_without_letter(incoming, decided), None, address, day)
            review, message = await self._answered(incoming, to, name, mailbox, now)
        except SaldoError:
            raise
        except Exception as error:
            # nobody has foreseen it, so nobody knows what else to do with this mail; the others are not to wait for it
            log.error("a mail could not be drafted: %s", place_of(error))
            failed = Verdict("person", f"could not be drafted ({place_of(error)})", ("unread_part",))
            return Handled(unanswered(incoming, failed), None, address, day)
        return Handled(review, message, address, day)

    async def draft_on(self, incoming: IncomingMail, topics: Sequence[str], name: str, mailbox: str) -> Handled:
        """The review and the letter on topics that a person picked; they have read the mail, so they decide.

        NobodyToAnswer if a reply would go to nobody.
        """
        now = datetime.now().astimezone()
        to = correspondent(incoming, self._ours)
        if to is None:
            raise NobodyToAnswer()
        review, message = await self._answered(incoming, to, name, mailbox, now, topics)
        return Handled(review, message, to.email, (incoming.arrived or now).date())

    async def _answered(
        self, incoming: IncomingMail, to: Address, name: str, mailbox: str, now: datetime, topics: Sequence[str] = ()
    ) -> tuple[Review, EmailMessage | None]:
        identity = identify(incoming, self._customers, self._ours)
        understood = await self._understand(incoming, identity, topics)
        decided = verdict(incoming, understood, identity)
        if topics and understood.parts:
            decided = replace(decided, outcome="draft", reason=PICKED)
        drafted = self._draft(incoming, to, understood, identity, decided, now)
        if drafted:
            message = drafted.message
            message["Message-ID"] = draft.draft_id(incoming, mailbox, message["From"].addresses[0].domain)
            message.as_bytes()  # what cannot be written must show here, where it is this mail's own affair
        review = Review(
            message_id=incoming.message_id,
            language=understood.language,
            identity=identity,
            skipped=None,
            draft=name if drafted else None,
            understood=understood,
            verdict=decided,
            attachments=incoming.attachments,
            notes=(*incoming.notes, *incoming.unread),
            addressed_to=drafted.to if drafted else "customer",
            subject=incoming.subject,
            sender=incoming.sender.email if incoming.sender else to.email,
            arrived=incoming.arrived,
            thread=incoming.thread,
            handover=handover_of(incoming, understood, identity, to) if decided.outcome == "person" else None,
        )
        return review, drafted.message if drafted else None

    def _over_limit(self, address: str, day: date, drafts_of: DraftsOf) -> Verdict | None:
        over = bool(address) and drafts_of(address, day) >= self._limit
        return Verdict("person", f"more than {self._limit} mails of {address} on {day.isoformat()}") if over else None

    async def _understand(self, incoming: IncomingMail, identity: Identity, topics: Sequence[str]) -> MailUnderstanding:
        capability = mint(self._key, identity.customer) if identity.customer else None
        try:
            return await understand(self._bot, incoming, capability, None, topics)
        except SaldoError as error:  # a mail that the bot cannot answer is a person's
            return MailUnderstanding("nl", notes=(f"the bot could not answer: {error}",))

    def _draft(
        self, incoming: IncomingMail, to: Address, understood: MailUnderstanding, identity: Identity, decided: Verdict,
        now: datetime,
    ) -> Drafted | None:  # fmt: skip
        """The letter, a courtesy, or a note where those are wanted."""
        language = understood.language
        words = self._words[language]
        quote = letter.quoted(incoming, language, words)
        colleague = self._faq.words[language].contacts[COLLEAGUES].email or ""
        sender = next((each.email for each in incoming.recipients if self._ours.include(each)), colleague)
        if blocks := self._to_customer(sender, incoming, to, understood, identity, decided):
            written = self._written(blocks, quote, language)
            return Drafted("customer", draft.reply(incoming, sender, to, identity.readers, written, now))
        if decided.outcome == "none" or not self._notes:
            return None
        blocks = letter.note(incoming, map(self._words.risks[language].__getitem__, decided.risks), language, words)
        subject = fill(words.note.subject, {"subject": incoming.subject or words.note.no_subject}, language)
        written = self._written(blocks, quote, language)
        return Drafted("colleague", draft.note(incoming, colleague, subject, written, now))

    def _to_customer(
        self, sender: str, incoming: IncomingMail, to: Address, understood: MailUnderstanding, identity: Identity,
        decided: Verdict,
    ) -> list[letter.Block]:  # fmt: skip
        """The letter, or a courtesy to one who writes in another language or hands something in; empty if none due."""
        language, words = understood.language, self._words[understood.language]
        known_as, signature = identity.name, self._signatures.get(understood.language, "")
        if decided.outcome == "draft":
            parts = tuple(as_reply_from(sender, part, self._faq) for part in understood.parts)
            return letter.letter(to, replace(understood, parts=parts), words, known_as, signature)
        if decided.only_foreign:
            return letter.courtesy(self._words)
        if decided.only_hands_in and not self._notes:
            return letter.receipt(to, incoming.files, language, words, known_as, signature)
        return []

    def _written(self, blocks: Sequence[letter.Block], quote: tuple[str, str], language: str) -> draft.Written:
        """The letter in the forms that drafts have here."""
        text = as_text(blocks, quote) if self._form != "html" else None
        return draft.Written(text, as_html(blocks, quote, language) if self._form != "plain" else None)


def _review_without_letter(incoming: IncomingMail, decided: Verdict | None) -> Review:
    if decided and decided.outcome == "none":
        return skipped(incoming, decided.reason)
    return unanswered(incoming, decided or Verdict("person", "there is nobody to reply to"))


def ourselves(settings: Settings, faq: Faq) -> Ourselves:
    """Our side: what is configured, and the addresses in the content files."""
    named = {person.email.lower() for words in faq.words.values() for person in words.contacts.values() if person.email}
    return Ourselves(
        frozenset(settings.mail_authserv_ids),
        frozenset({*settings.mail_own, *named}),
        frozenset(each.lower() for each in settings.mail_lists),
    )
