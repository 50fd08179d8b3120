"""Handles one mail: finds out who wrote it, asks the bot, writes the letter and the review."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage

from saldo.answers.formats import fill
from saldo.errors import SaldoError
from saldo.faq import Faq
from saldo.identity import key_of, mint
from saldo.mail.ask_bot import Answering, MailUnderstanding, understand
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.reply import draft, letter, wording
from saldo.mail.reply.render import as_html, as_text
from saldo.mail.reply.wording import Wording
from saldo.mail.review.review import Review, skipped
from saldo.mail.sender.identity import Customers, Identity, Ourselves, identify
from saldo.mail.skipping import reason_to_skip
from saldo.settings import Settings

COLLEAGUES = "support"
"""The contact in the content files whom mails without an answer go to."""
DraftsOf = Callable[[str, date], int]
"""How many drafts an address has got on a day."""


@dataclass(frozen=True)
class Handled:
    """One mail's result; no draft where it was skipped."""

    review: Review
    draft: EmailMessage | None
    sender: str
    day: date


class MailHandler:
    """Everything at hand to answer mails; makes drafts, and cannot do more than that."""

    def __init__(self, settings: Settings, faq: Faq, bot: Answering, customers: Customers) -> None:
        self._key = key_of(settings)
        self._limit = settings.mail_daily_limit
        self._bot, self._customers = bot, customers
        self._faq: Faq = faq
        self._words: Mapping[str, Wording] = wording.load(settings.faq)
        self._ours = ourselves(settings, faq)

    async def handle(self, enquiry: IncomingMail, name: str, mailbox: str, drafts_of: DraftsOf) -> Handled:
        """The draft and the review; `name` is what the draft will be called."""
        now = datetime.now().astimezone()
        day, address = (enquiry.arrived or now).date(), enquiry.sender.email if enquiry.sender else ""
        reason = reason_to_skip(enquiry, self._ours) or self._over_limit(address, day, drafts_of)
        if reason:
            return Handled(skipped(enquiry, reason), None, address, day)
        identity = identify(enquiry, self._customers, self._ours)
        understood = await self._understand(enquiry, identity)
        message = self._draft(enquiry, understood, now)
        message["Message-ID"] = draft.draft_id(enquiry, mailbox, message["From"].addresses[0].domain)
        return Handled(self._review(enquiry, identity, understood, name), message, address, day)

    def _over_limit(self, address: str, day: date, drafts_of: DraftsOf) -> str | None:
        over = bool(address) and drafts_of(address, day) >= self._limit
        return f"more than {self._limit} mails of {address} on {day.isoformat()}" if over else None

    async def _understand(self, enquiry: IncomingMail, identity: Identity) -> MailUnderstanding:
        capability = mint(self._key, identity.customer) if identity.customer else None
        try:
            return await understand(self._bot, enquiry, capability, None)
        except SaldoError as error:  # a mail that the bot cannot answer is a person's
            return MailUnderstanding("nl", notes=(f"the bot could not answer: {error}",))

    def _draft(self, enquiry: IncomingMail, understood: MailUnderstanding, now: datetime) -> EmailMessage:
        language = understood.language
        words = self._words[language]
        quote = letter.quoted(enquiry, language, words)
        colleague = self._faq.words[language].contacts[COLLEAGUES].email or ""
        if understood.parts:
            blocks = letter.letter(enquiry, understood, words)
            sender = next((each.email for each in enquiry.recipients if self._ours.include(each)), colleague)
            return draft.reply(enquiry, sender, as_text(blocks, quote), as_html(blocks, quote, language), now)
        blocks = letter.note(enquiry, language, words)
        subject = fill(words.note.subject, {"subject": enquiry.subject or words.note.no_subject}, language)
        return draft.note(enquiry, colleague, subject, as_text(blocks, quote), as_html(blocks, quote, language), now)

    def _review(self, enquiry: IncomingMail, identity: Identity, understood: MailUnderstanding, name: str) -> Review:
        return Review(
            message_id=enquiry.message_id,
            language=understood.language,
            identity=identity,
            skipped=None,
            draft=name,
            understood=understood,
            attachments=enquiry.attachments,
            notes=enquiry.notes,
            addressed_to="customer" if understood.parts else "colleague",
            subject=enquiry.subject,
            sender=enquiry.sender.email if enquiry.sender else "",
        )


def ourselves(settings: Settings, faq: Faq) -> Ourselves:
    """Our side: what is configured, and the addresses in the content files."""
    named = {person.email.lower() for words in faq.words.values() for person in words.contacts.values() if person.email}
    return Ourselves(frozenset(settings.mail_authserv_ids), frozenset({*settings.mail_own, *named}))
