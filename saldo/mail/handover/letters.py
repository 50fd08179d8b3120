"""What is written of a handover: the reply it prepares, the mail to the team, and the customer's own mail. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import quote

from saldo.answers.formats import fill
from saldo.faq import Faq
from saldo.mail.ask_bot import MailUnderstanding
from saldo.mail.handover.handover import Handover, Line
from saldo.mail.helpdesk.note import NoteWriter
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.reply import letter
from saldo.mail.reply.wording import Wording
from saldo.mail.review.review import Review

COLLEAGUES = "support"
"""The contact in the content files whom a handover goes to where no topic names one."""
LONGEST_LINK = 1900
"""Characters of a `mailto:` link; some mail programs take no more than some 2,000."""
Block = letter.Block


def team_address(faq: Faq, handover: Handover) -> str:
    """Who answers: the contact by mail of the latest topic that has one, else support."""
    contacts, texts = faq.words[handover.language].contacts, faq.texts[handover.language]
    topics = [each.topic for each in reversed(handover.questions) if each.topic in texts]
    names = [*(name for topic in topics for name in texts[topic].contacts), COLLEAGUES]
    return next((email for name in names if (email := contacts[name].email)), "")


def reply_blocks(
    handover: Handover, understood: MailUnderstanding, to: Address | None, words: Wording, known_as: str, signature: str
) -> list[Block]:
    """The letter that a colleague completes: what is open with a place to write, what was answered, the closing."""
    wording, language = words.handover, handover.language
    open_questions = dict.fromkeys(each.quote for each in handover.questions if each.status != "answered")
    paragraphs = [
        letter.salutation(to, known_as, language, words),
        fill(wording.opening, {"reference": handover.reference}, language),
    ]
    for question in open_questions:
        paragraphs += [fill(wording.about, {"question": " ".join(question.split())}, language), wording.to_write]
    if not open_questions:
        paragraphs.append(wording.to_write)
    ending = [words.letter.ending, "\n\n".join(filter(None, (words.letter.closing, signature)))]
    return [*_paragraphs(paragraphs), *letter.answers(understood, words), *_paragraphs(ending)]


def quoted(handover: Handover, words: Wording) -> tuple[str, str]:
    """The line above the conversation in the reply, and the conversation."""
    wording = words.handover
    return wording.quoted, "\n\n".join(spoken(handover.transcript, wording.you, wording.saldo))


def spoken(lines: Sequence[Line], customer: str, saldo: str) -> Iterator[str]:
    """Each message under the name of who said it."""
    for line in lines:
        yield f"{customer if line.speaker == 'customer' else saldo}: {line.text}"


def team_text(handover: Handover, review: Review, notes: NoteWriter) -> str:
    """What the team reads, in the language of its notes."""
    return "\n".join(_team_lines(handover, review, notes)) + "\n"


def _team_lines(handover: Handover, review: Review, notes: NoteWriter) -> Iterator[str]:
    words, language = notes.words(review), notes.language(review)
    wording, customer = words.handover, handover.customer

    def filled(key: str, /, **values: str) -> str:
        return fill(wording[key], values, language)

    yield fill(words.reference, {"reference": handover.reference}, language)
    yield filled("customer", name=customer.name, id=customer.id) if customer else wording["nobody"]
    yield filled("address", address=handover.address) if handover.address else wording["no_address"]
    if handover.text:
        yield filled("added", text=handover.text)
    yield from ("", notes.note(review))
    yield from ("", wording["transcript"])
    for line in spoken(handover.transcript, wording["customer_says"], wording["saldo_says"]):
        yield from ("", line)
    if handover.draft:
        yield from ("", wording["draft"], "", handover.draft)


def team_mail(handover: Handover, team: str, subject: str, text: str, urgent: bool, made: datetime) -> EmailMessage:
    """The mail to the team: from itself, since Saldo has no address, with the customer's to reply to."""
    utf8 = bool(handover.address and not handover.address.isascii())
    message = EmailMessage(policy=SMTP.clone(max_line_length=998, utf8=utf8))
    message["From"] = HeaderAddress("Saldo", addr_spec=team)
    message["To"] = HeaderAddress(addr_spec=team)
    if handover.address:
        message["Reply-To"] = HeaderAddress(addr_spec=handover.address)
    message["Subject"] = subject
    message["Date"] = format_datetime(made)
    message["Message-ID"] = message_id(handover, team)
    message["Auto-Submitted"] = "auto-generated"
    if urgent:
        message["Importance"] = "high"
    message.set_content(text, cte="quoted-printable")
    return message


def as_mail(handover: Handover, mail: IncomingMail, conversation: str) -> IncomingMail:
    """The mail to the team as if the customer had written the conversation in it, for the desk."""
    own = [*(line.text for line in handover.transcript if line.speaker == "customer"), handover.text]
    name = handover.customer.name if handover.customer else ""
    sender = Address(name, handover.address) if handover.address else None
    body = "\n\n".join(filter(None, (conversation, handover.text)))
    return replace(mail, senders=(sender,) if sender else (), own="\n\n".join(filter(None, own)), body=body)


def message_id(handover: Handover, team: str, what: str = "") -> str:
    """The Message-ID of a handover's mail, or of `what` else is made of it: the same as often as it is made.

    One that is handed over again with another address or another addition is another mail.
    """
    given = hashlib.sha256(f"{handover.address} {handover.text}".encode()).hexdigest()[:8]
    return f"<saldo-{handover.reference.lower()}-{given}{what}@{team.rpartition('@')[2]}>"


def mail_link(handover: Handover, team: str, subject: str, words: Wording) -> str:
    """A `mailto:` link to the team with the same in it: all of it, or as much of what the customer wrote as fits."""
    start, wording = f"mailto:{quote(team, safe='@')}?subject={quote(subject)}&body=", words.handover
    own, room = [line.text for line in handover.transcript if line.speaker == "customer"], LONGEST_LINK - len(start)
    added = [handover.text] if handover.text else []
    whole = [*added, *spoken(handover.transcript, wording.you, wording.saldo)]
    if len(_body(whole)) <= room:
        return start + _body(whole)
    latest = [*added, *reversed(own)] or [""]
    while len(latest) > 1 and len(_body(latest)) > room:
        latest.pop()
    while len(_body(latest)) > room:
        latest = [latest[0][:-20]]
    return start + _body([*added, *reversed(latest[len(added) :])] if len(latest) > 1 else latest)


def _body(paragraphs: Sequence[str]) -> str:
    """As a link holds it; mail programs want lines to end so (RFC 6068)."""
    return quote("\r\n".join("\n\n".join(paragraphs).splitlines()), safe="")


def _paragraphs(texts: Sequence[str]) -> list[Block]:
    return [{"type": "paragraph", "text": text} for text in texts]
