"""A mail handed in by its fields, as a helpdesk keeps it, instead of as it came over the wire.

It is read as any other mail. What it lacks are the headers of our own mail server, so it proves nobody: whoever fills
in the fields can write any sender into them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from saldo.mail.parse.bodies import Attachment
from saldo.mail.parse.incoming import IncomingMail, read
from saldo.text import printable

BOUNDARY = "=_saldo"
"""Never in base64, and the same each time, so that the same mail is the same mail."""
UNBELIEVED = "authentication results prove something only in the mail as it came; hand that in (message/rfc822)"


@dataclass(frozen=True)
class WrittenMail:
    """The fields of a mail; addresses as in a mail (`Aino <aino@example.com>`), empty where there is nothing."""

    sender: str
    subject: str = ""
    text: str = ""
    html: str = ""
    to: str = ""
    cc: str = ""
    reply_to: str = ""
    date: str = ""
    """When it was written, as in a mail or as in ISO 8601."""
    message_id: str = ""
    in_reply_to: str = ""
    is_automatic: bool = False
    """Whether the helpdesk holds it to be an automatic reply."""
    claims_proof: bool = False
    """Whether it came with somebody's word that its sender is proven; that is told, and not believed."""
    attachments: tuple[Attachment, ...] = ()
    """What came with it and is not handed in."""


def as_incoming(written: WrittenMail) -> IncomingMail:
    """The mail as Saldo reads it."""
    fields = {
        "From": written.sender,
        "To": written.to,
        "Cc": written.cc,
        "Reply-To": written.reply_to,
        "Subject": written.subject,
        "Date": _date(written.date),
        "Message-ID": _id(written.message_id),
        "In-Reply-To": _id(written.in_reply_to),
        "Auto-Submitted": "auto-replied" if written.is_automatic else "",
    }
    lines = (f"{name}: {_line(value)}\r\n" for name, value in fields.items() if _line(value))
    incoming = read("".join(lines).encode() + _body(written))
    notes = (*incoming.notes, *([UNBELIEVED] if written.claims_proof else []))
    return replace(incoming, attachments=(*incoming.attachments, *written.attachments), notes=notes)


def _body(written: WrittenMail) -> bytes:
    message = EmailMessage()
    text, html = (each.encode("utf-8", "replace").decode() for each in (written.text, written.html))
    if text or not html:
        message.set_content(text, cte="base64")
    if html:
        add = message.add_alternative if text else message.set_content
        add(html, subtype="html", cte="base64")
    if message.is_multipart():
        message.set_boundary(BOUNDARY)
    return message.as_bytes()


def _line(value: str) -> str:
    """A field's value on one line, whatever was in it: no field can begin another."""
    return " ".join(printable(value).split()).encode("utf-8", "replace").decode()


def _id(value: str) -> str:
    """A Message-ID in the brackets that some helpdesks keep it without."""
    bare = value.strip()
    return f"<{bare}>" if bare and not bare.startswith("<") else bare


def _date(value: str) -> str:
    try:
        return format_datetime(datetime.fromisoformat(value.strip().replace("Z", "+00:00")).astimezone())
    except (ValueError, OverflowError):
        return value  # as mails have it, or nothing that anybody can read
