"""Another folder of the mailbox, opened for a moment beside the one that is watched: Drafts, or what was sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from imap_tools import BaseMailBox

from saldo.mail.imap.failures import MailServerFailed, told
from saldo.mail.imap.server import MailServer
from saldo.mail.parse.incoming import LARGEST

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AT_ONCE = 200
"""Mails whose heads are asked for in one command."""
_NUMBER = re.compile(rb"\bUID (\d+)")


class Beside:
    """The folder. Its methods raise MailServerFailed."""

    def __init__(self, box: BaseMailBox, server: MailServer, can: frozenset[str]) -> None:
        self._box, self._server, self._can = box, server, can

    @property
    def validity(self) -> str:
        """The mark of its numbering."""
        told_of: dict[str, list[bytes | None]] = self._box.client.untagged_responses  # type: ignore[assignment]
        return (told_of.get("UIDVALIDITY", [None])[-1] or b"").decode("ascii", "replace")

    def found(self, criteria: str) -> list[str]:
        """The numbers of the mails that fit a search."""
        with told(self._server, "search the folder"):
            return self._box.uids(f"({criteria})")

    def heads(self, numbers: Sequence[str], names: str) -> Iterator[tuple[str, bytes]]:
        """Number and head of each mail; of the head the fields of those names."""
        todo = iter(numbers)
        while some := list(islice(todo, AT_ONCE)):
            yield from self._fetched(some, f"(UID BODY.PEEK[HEADER.FIELDS ({names})])")

    def mails(self, numbers: Sequence[str]) -> dict[str, bytes]:
        """The bytes of each mail that is still there, as many as are read of any mail."""
        return dict(self._fetched(numbers, f"(UID BODY.PEEK[]<0.{LARGEST + 1}>)")) if numbers else {}

    def take_out(self, numbers: Sequence[str]) -> None:
        """Delete these mails and no others: where the server can only clear all that is deleted, they stay marked."""
        which = ",".join(numbers)
        with told(self._server, "take a draft out"):
            status, _ = self._box.client.uid("store", which, "+FLAGS.SILENT", "(\\Deleted)")
            if status == "OK" and "UIDPLUS" in self._can:
                status, _ = self._box.client.uid("expunge", which)
        if status != "OK":
            raise MailServerFailed(f"The mail server {self._server.host} does not let a draft be taken out.")

    def _fetched(self, numbers: Sequence[str], what: str) -> Iterator[tuple[str, bytes]]:
        with told(self._server, "hand out mails"):
            _, found = self._box.client.uid("fetch", ",".join(numbers), what)
        for index, each in enumerate(found):
            if not isinstance(each, tuple):
                continue
            behind = found[index + 1] if index + 1 < len(found) else b""  # some servers tell the number there
            number = _NUMBER.search(each[0]) or _NUMBER.search(behind if isinstance(behind, bytes) else b"")
            if number:
                yield number[1].decode(), each[1]


def header(name: str, value: str) -> str:
    """A search for mails with a field that holds a text."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'HEADER {name} "{quoted}"'


def imap_day(day: date) -> str:
    """A day as IMAP writes it, such as 2-Nov-2026."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year:04}"
