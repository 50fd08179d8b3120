"""A customer who writes, and a team that edits, sends and saves with its own clients, in a real Dovecot."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from imap_tools import MailMessageFlags

from tests.mail.dovecot import Dovecot
from tests.mail.mails import CONTACT, mail_bytes

EVERY_SERVER = pytest.mark.parametrize("dovecot", [{"sent": True}, {"sent": True, "idle": "no"}], indirect=True)
WITH_SENT = pytest.mark.parametrize("dovecot", [{"sent": True}], indirect=True)
OLDER = "older_draft"
Watch = Callable[[], None]


def write(dovecot: Dovecot, number: int, *to: int, body: str = "Miten irtisanon palvelun?", **headers: str) -> None:
    """The customer writes, in the thread of other mails."""
    thread = " ".join(f"<{each:05}@x.example>" for each in to) or None
    data = mail_bytes(
        body, None, message_id=f"<{number:05}@x.example>", subject=f"Lasku {number}", references=thread, **headers
    )
    dovecot.deliver(f"{number:05}", data)


def reviews(tmp_path: Path) -> dict[str, dict[str, Any]]:
    """By the number of the mail; of copies the last."""
    found = [json.loads(path.read_text()) for path in sorted((tmp_path / "out").glob("*.review.json"))]
    return {each["message_id"][1:6]: each for each in found}


def stem(tmp_path: Path, number: str) -> str:
    return str(reviews(tmp_path)[number]["draft"]).removesuffix(".eml")


def lying(dovecot: Dovecot, number: str) -> EmailMessage:
    """The draft that answers a mail."""
    [data] = [each for each in dovecot.drafts() if f"In-Reply-To: <{number}@".encode() in each]
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def change(message: EmailMessage, old: str, new: str) -> EmailMessage:
    """The letter with other words, in plain text alone, as many a client writes it."""
    plain = message.get_body(("plain",))
    assert plain is not None
    text = str(plain.get_content())
    assert old in text
    message.clear_content()
    message.set_content(text.replace(old, new))
    return message


def letter(message: EmailMessage, text: str) -> EmailMessage:
    message.clear_content()
    message.set_content(text)
    return message


def save(dovecot: Dovecot, message: EmailMessage) -> None:
    """A client saves a draft: the new version is laid beside, the old one taken out."""
    with dovecot.login() as box:
        box.folder.set("Luonnokset")
        old = box.uids(f'HEADER Message-ID "{message["Message-ID"]}"')
        box.append(message.as_bytes(), "Luonnokset", flag_set=[MailMessageFlags.DRAFT])
        box.delete(old)


def send(dovecot: Dovecot, message: EmailMessage, folder: str = "Uit", *, new_id: bool = True) -> None:
    """A client sends: the draft is gone, and what went out lies in Sent, mostly under a Message-ID of its own."""
    with dovecot.login() as box:
        box.folder.set("Luonnokset")
        box.delete(box.uids(f'HEADER Message-ID "{message["Message-ID"]}"'))
        if new_id:
            message.replace_header("Message-ID", f"<{random.random()}@client.example>")
        box.append(message.as_bytes(), folder, flag_set=[MailMessageFlags.SEEN])


def own_answer(number: int, text: str = "Hei, soitan sinulle.", **fields: str) -> EmailMessage:
    """What somebody of the team writes by themselves."""
    message = EmailMessage()
    values = {
        "From": "severa.support@visma.com", "To": CONTACT, "Subject": "Re: Lasku",
        "Message-ID": f"<own-{number}@client.example>", "In-Reply-To": f"<{number:05}@x.example>", **fields,
    }  # fmt: skip
    for name, value in values.items():
        if value:
            message[name] = value
    message.set_content(text)
    return message


def append(dovecot: Dovecot, message: EmailMessage, folder: str = "Uit") -> None:
    with dovecot.login() as box:
        box.append(message.as_bytes(), folder)


def message_of(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def capabilities(dovecot: Dovecot) -> str:
    with dovecot.login() as box:
        return str(box.client.capability()[1])
