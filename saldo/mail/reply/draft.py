"""A reply as an unsent message (RFC 5322), in the thread of the mail that it answers. It is only ever laid down."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from saldo.mail.parse.headers import Address
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.parse.words import any_of, word_lists

LONGEST_REFERENCES = 1500
"""Characters; of a longer thread the first and the latest mails are kept."""
_WIRE = SMTP.clone(max_line_length=998)
"""Lines end as on the wire; folding earlier would tear long Message-IDs apart."""


def reply(incoming: IncomingMail, sender: str, text: str, html: str, made: datetime) -> EmailMessage:
    """The draft to the customer. Whoever the mail names for replies gets it, and nobody else."""
    to = incoming.reply_to[:1] or incoming.senders[:1]
    return _message(incoming, sender, to, f"Re: {bare_subject(incoming.subject)}".strip(), text, html, made)


def note(incoming: IncomingMail, colleague: str, subject: str, text: str, html: str, made: datetime) -> EmailMessage:
    """The draft to a colleague, of a mail that Saldo does not answer."""
    return _message(incoming, colleague, (Address("", colleague),), subject, text, html, made)


def bare_subject(subject: str) -> str:
    """The subject without any "Re:" of any language in front; a forward's "Fwd:" stays."""
    return re.sub(
        rf"^(?:\s*(?:{any_of(word_lists().replies)})\s*(?:\[\d+\])?\s*:)+\s*", "", subject, flags=re.I
    ).strip()


def draft_id(incoming: IncomingMail, mailbox: str, domain: str) -> str:
    """The draft's own Message-ID: the same for the same mail in the same mailbox, so that a second one shows."""
    digest = hashlib.sha256(f"{mailbox}\0{incoming.message_id}".encode()).hexdigest()
    return f"<{digest[:40]}@{domain}>"


def references(incoming: IncomingMail) -> str:
    """The thread so far and the mail answered; the first and the latest of it where it is long."""
    thread = [each for each in dict.fromkeys(incoming.references) if each != incoming.message_id]
    thread.append(incoming.message_id)
    while len(" ".join(thread)) > LONGEST_REFERENCES and len(thread) > 2:
        del thread[1]
    return " ".join(thread)


def _message(
    incoming: IncomingMail, sender: str, to: Sequence[Address], subject: str, text: str, html: str, made: datetime
) -> EmailMessage:
    message = EmailMessage(policy=_WIRE)
    message["From"] = HeaderAddress(addr_spec=sender)
    message["To"] = [HeaderAddress(display_name=each.name, addr_spec=each.email) for each in to]
    message["Subject"] = subject
    message["Date"] = format_datetime(made)
    if not incoming.message_id.endswith("@no-message-id.invalid>"):
        message["In-Reply-To"] = incoming.message_id
        message["References"] = references(incoming)
    message["X-Unsent"] = "1"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message
