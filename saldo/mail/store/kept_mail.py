"""A mail as it was read, kept beside its review, so that a person sees it and can have it drafted again.

Its headers, its text and what was read of it are kept, and of attachments name, type and size: never their content.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from email.message import Message
from pathlib import Path
from typing import Any

from saldo.errors import UnusableFile
from saldo.mail.parse.addresses import Address
from saldo.mail.parse.bodies import Attachment
from saldo.mail.parse.forwards import Forwarded
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.store.file_names import MAIL

MOST_FIELDS = 500
"""Header fields that are kept; mails have a few dozen."""
SAME = ("message_id", "subject", "own", "body", "calendar", "content")
"""What is kept under its own name, as it is."""


def to_bytes(mail: IncomingMail) -> bytes:
    """The mail as JSON in ASCII: broken fields hold halves of characters, which no other writing keeps."""
    kept = {
        **{name: getattr(mail, name) for name in SAME},
        "headers": [(name, str(value)) for name, value in list(mail.message.raw_items())[:MOST_FIELDS]],
        "senders": [asdict(each) for each in mail.senders],
        "attachments": [asdict(each) for each in mail.attachments],
        "notes": mail.notes,
        "unread": mail.unread,
        "forwarded": asdict(mail.forwarded) if mail.forwarded else None,
    }
    return json.dumps(kept).encode()


def from_bytes(data: bytes) -> IncomingMail:
    """The mail that `to_bytes` kept; ValueError, KeyError or TypeError if it kept none."""
    kept = json.loads(data)
    message = Message()
    for name, value in kept["headers"]:
        message.set_raw(str(name), str(value))
    return IncomingMail(
        **{name: str(kept[name]) for name in SAME},
        message=message,
        senders=tuple(Address(**each) for each in kept["senders"]),
        attachments=tuple(Attachment(**each) for each in kept["attachments"]),
        notes=tuple(kept["notes"]),
        unread=tuple(kept["unread"]),
        forwarded=_forwarded(kept["forwarded"]),
    )


def kept_in(folder: Path, stem: str) -> IncomingMail | None:
    """The mail of that stem; None if an earlier Saldo kept none. UnusableFile if something else is there."""
    path = folder / f"{stem}{MAIL}"
    try:
        return from_bytes(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableFile(path, f"this is no mail that was kept ({type(error).__name__}).") from None


def _forwarded(kept: Mapping[str, Any] | None) -> Forwarded | None:
    if kept is None:
        return None
    return Forwarded(kept["text"], Address(**kept["writer"]) if kept["writer"] else None)
