"""Drafts for stored mails (.eml, folders, mbox, Maildir): each mail once, however often it is run or killed."""

from __future__ import annotations

import hashlib
import mailbox
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from saldo.errors import SaldoError, UnusableFile
from saldo.mail.handler import MailHandler
from saldo.mail.parse.incoming import LARGEST, IncomingMail, UnreadableMail, read
from saldo.mail.review.review import skipped, unreadable
from saldo.mail.store.claims import Claim, Claims
from saldo.mail.store.draft_folder import DraftFolder, is_draft

_UNSAFE = re.compile(r"[^\w.-]+")
LONGEST_NAME = 100
"""Bytes of a file's name that its draft keeps."""
MAILBOX_SUFFIXES = (".mbox", ".mbx")


@dataclass(frozen=True)
class StoredMail:
    """One mail in a file; `load` reads its bytes and raises UnreadableMail if it cannot."""

    name: str
    """What the names of its draft and its review begin with."""
    place: str
    """The file, and where in it: what no other mail of a run has."""
    load: Callable[[], bytes]


def stored_mails(paths: Iterable[Path]) -> list[StoredMail]:
    """All mails under these paths in a steady order, each once. UnusableFile if there are none."""
    return list({mail.place: mail for path in paths for mail in _in(path)}.values())


def _in(path: Path) -> Iterator[StoredMail]:
    if not path.exists():
        raise UnusableFile(path, "there is no such file or folder.")
    if _is_maildir(path):
        yield from _maildir(path)
    elif path.is_dir():
        yield from _folder(path)
    elif _is_mbox(path):
        yield from _mbox(path)
    elif is_draft(path):
        raise UnusableFile(path, "this is a draft of Saldo's own; name the mails that are to be answered.")
    else:
        yield StoredMail(_plain(path.stem), str(path.absolute()), partial(_read, path))


def _folder(path: Path) -> Iterator[StoredMail]:
    """The mails in a folder; drafts that an earlier run laid into it are none."""
    inner = sorted(each for each in path.rglob("*") if each.is_file())
    found = [each for each in inner if each.suffix.lower() in (".eml", *MAILBOX_SUFFIXES) and not is_draft(each)]
    if not found:
        raise UnusableFile(path, "there are no mails in it: no .eml or .mbox file, and it is no Maildir.")
    for each in found:
        yield from _in(each)


def _is_maildir(path: Path) -> bool:
    return (path / "cur").is_dir() and (path / "new").is_dir()


def _maildir(path: Path) -> Iterator[StoredMail]:
    """The mails of a Maildir by arrival; without the flags in the name, which change when somebody reads one."""
    for each in sorted([*(path / "new").iterdir(), *(path / "cur").iterdir()], key=lambda each: each.name):
        if each.is_file() and not each.name.startswith("."):
            yield StoredMail(_plain(each.name.partition(":")[0]), str(each.absolute()), partial(_read, each))


def _is_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError as error:
        raise UnusableFile(path, f"it cannot be read ({error.strerror}).") from None


def _mbox(path: Path) -> Iterator[StoredMail]:
    box = mailbox.mbox(path, create=False)
    for number, key in enumerate(box.keys(), 1):
        yield StoredMail(_plain(path.stem), f"{path.absolute()}, mail {number}", partial(_from_box, box, key))


def _from_box(box: mailbox.mbox, key: str) -> bytes:
    try:
        return box.get_bytes(key)[: LARGEST + 1]
    except (OSError, KeyError, ValueError) as error:
        raise UnreadableMail(f"it cannot be read ({error})") from None


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise UnreadableMail(f"it cannot be read ({error.strerror})") from None


def _plain(name: str) -> str:
    """A name that any file system takes, also with what comes behind it."""
    return _UNSAFE.sub("-", name).strip(".-").encode()[:LONGEST_NAME].decode("utf-8", "ignore") or "mail"


Result = Literal["drafted", "note", "person", "none", "skipped", "before", "busy"]
"""A reply, a note to a colleague, a person's, nothing to answer, nothing to look at, done by an earlier run, or another
worker is at it."""
PAUSE = 0.5
"""Seconds between looks at the mails that other workers have claimed."""


class Batch:
    """One run over stored mails."""

    def __init__(self, handler: MailHandler, claims: Claims, folder: DraftFolder) -> None:
        self._clerk, self._ledger, self._outbox = handler, claims, folder
        self._mailbox = f"folder:{folder.folder}"
        self._places: dict[str, list[str]] = {}
        """Where the mails lie that have the same name and say the same: copies, which are counted."""

    async def run(self, mails: Sequence[StoredMail], progress: Callable[[], None]) -> Counter[Result]:
        """Handle all, and wait for those that other workers have claimed: they finish them, or they die."""
        count: Counter[Result] = Counter()
        left = list(mails)
        while left:
            busy = []
            for mail in left:
                result = await self._one(mail)
                if result == "busy":
                    busy.append(mail)
                    continue
                count[result] += 1
                progress()
            left = busy
            time.sleep(PAUSE if left else 0)
        return count

    async def _one(self, mail: StoredMail) -> Result:
        data = b""
        try:
            data = mail.load()
            incoming = read(data)
        except UnreadableMail as error:
            digest = hashlib.sha256(data or mail.place.encode("utf-8", "replace")).hexdigest()[:16]
            stem = self._stem(mail, digest)
            if self._outbox.has_review(stem):
                return "before"
            self._outbox.lay(stem, None, unreadable(stem, str(error)))
            return "person"
        stem = self._stem(mail, incoming.short_key)
        claim = self._ledger.claim(self._mailbox, incoming.key, stem)
        if claim.state == "busy":
            return "busy"
        if claim.name != stem:
            return self._copy(stem, incoming, claim)
        if claim.state == "done" and self._outbox.has_review(stem):
            return "before"
        return await self._handle(stem, incoming, claim)

    def _stem(self, mail: StoredMail, digest: str) -> str:
        """What a mail's draft and review are called for ever; wherever in a mailbox it stands, and whatever else has
        its file's name. Further copies of it are numbered."""
        stem = f"{mail.name}-{digest}"
        places = self._places.setdefault(stem, [])
        if mail.place not in places:
            places.append(mail.place)
        number = places.index(mail.place) + 1
        return stem if number == 1 else f"{stem}-{number}"

    async def _handle(self, stem: str, incoming: IncomingMail, claim: Claim) -> Result:
        try:
            drafts_of = partial(self._ledger.drafts_for, self._mailbox, but=claim.message_id)
            handled = await self._clerk.handle(incoming, f"{stem}.eml", self._mailbox, drafts_of)
            self._outbox.lay(stem, handled.draft, handled.review, incoming)
        except SaldoError:
            self._ledger.release(claim)
            raise
        self._ledger.finish(claim, "drafted" if handled.draft else "skipped", handled.sender, handled.day)
        if handled.review.skipped:
            return "skipped"
        if handled.draft is None:
            return "none" if handled.review.verdict.outcome == "none" else "person"
        return "note" if handled.review.addressed_to == "colleague" else "drafted"

    def _copy(self, stem: str, incoming: IncomingMail, claim: Claim) -> Result:
        """The same mail lies in two files: it gets one draft, and the other file says so."""
        if claim.state == "mine":  # its first file was claimed by a worker that died, and comes in its turn
            self._ledger.release(claim)
        if self._outbox.has_review(stem):
            return "before"
        self._outbox.lay(stem, None, skipped(incoming, f"the same mail as {claim.name}"))
        return "skipped"
