"""A reply as an unsent message (RFC 5322), in the thread of the mail that it answers. It is only ever laid down."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from saldo.mail.parse.addresses import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.parse.words import any_of, word_lists

UNSENT = "X-Unsent"
"""Has mail programs open the file as a letter to edit; where a draft lies in Drafts nothing takes it out again."""
LONGEST_REFERENCES = 1500
"""Characters; of a longer thread the first and the latest mails are kept."""
WIRE = SMTP.clone(max_line_length=998)
"""Lines end as on the wire; folding earlier would tear long Message-IDs apart."""


@dataclass(frozen=True)
class Written:
    """A letter as plain text and as HTML; None for a form in which it is not to be sent."""

    text: str | None
    html: str | None


def reply(
    incoming: IncomingMail, sender: str, to: Address, readers: frozenset[str], written: Written, made: datetime
) -> EmailMessage:
    """The draft to the customer, and of the mail's Cc to those in `readers` only."""
    copied = [each for each in incoming.copied if each.email in readers - {to.email}]
    return _message(incoming, sender, to, f"Re: {bare_subject(incoming.subject)}".strip(), written, made, copied)


def note(incoming: IncomingMail, colleague: str, subject: str, written: Written, made: datetime) -> EmailMessage:
    """The draft to a colleague, of a mail that Saldo does not answer."""
    return _message(incoming, colleague, Address("", colleague), subject, written, made)


def bare_subject(subject: str) -> str:
    """The subject without any "Re:" of any language in front; a forward's "Fwd:" stays."""
    return re.sub(
        rf"^(?:\s*(?:{any_of(word_lists().replies)})\s*(?:\[\d+\])?\s*:)+\s*", "", subject, flags=re.I
    ).strip()


def draft_id(incoming: IncomingMail, mailbox: str, domain: str) -> str:
    """The draft's own Message-ID: the same for the same mail in the same mailbox, so that a second one shows."""
    digest = hashlib.sha256(f"{mailbox}\0{incoming.key}".encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def references(incoming: IncomingMail) -> str:
    """The thread so far and the mail answered; the first and the latest of it where it is long."""
    thread = [each for each in dict.fromkeys(incoming.references) if each != incoming.message_id]
    thread.append(incoming.message_id)
    while len(" ".join(thread)) > LONGEST_REFERENCES and len(thread) > 2:
        del thread[1]
    return " ".join(thread)


def _message(
    incoming: IncomingMail, sender: str, to: Address, subject: str, written: Written, made: datetime,
    copied: Sequence[Address] = (),
) -> EmailMessage:  # fmt: skip
    # a local part with ä has no other form than UTF-8 (SMTPUTF8); the domain has, and is written so
    plain = all(each.local.isascii() for each in (to, *copied))
    message = EmailMessage(policy=WIRE.clone(utf8=not plain))
    message["From"] = HeaderAddress(addr_spec=sender)
    message["To"] = [HeaderAddress(to.name, to.local, to.domain)]
    if copied:
        message["Cc"] = [HeaderAddress(each.name, each.local, each.domain) for each in copied]
    message["Subject"] = subject
    message["Date"] = format_datetime(made)
    if not incoming.message_id.endswith("@no-message-id.invalid>"):
        message["In-Reply-To"] = incoming.message_id
        message["References"] = references(incoming)
    message[UNSENT] = "1"
    write(message, written)
    return message


def write(message: EmailMessage, written: Written) -> None:
    """Give a message that letter, in place of what it said."""
    message.clear_content()
    if written.text is not None:
        message.set_content(written.text, cte="quoted-printable")
    if written.html is not None:
        add = message.set_content if written.text is None else message.add_alternative
        add(written.html, subtype="html", cte="quoted-printable")
