"""Drafts for stored mails (.eml, folders, mbox, Maildir): each mail once, however often it is run or killed."""

from __future__ import annotations

import mailbox
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from saldo.errors import SaldoError, UnusableFile
from saldo.mail.handler import MailHandler
from saldo.mail.parse.incoming import LARGEST, IncomingMail, UnreadableMail, read
from saldo.mail.review.review import skipped, unreadable
from saldo.mail.store.claims import Claim, Claims
from saldo.mail.store.draft_folder import DraftFolder

_UNSAFE = re.compile(r"[^\w.-]+")
MAILBOX_SUFFIXES = (".mbox", ".mbx")


@dataclass(frozen=True)
class StoredMail:
    """One mail in a file; `load` reads its bytes and raises UnreadableMail if it cannot."""

    stem: str
    """What its draft and its review are called."""
    place: str
    load: Callable[[], bytes]


def stored_mails(paths: Iterable[Path]) -> list[StoredMail]:
    """All mails under these paths in a steady order, each under a name of its own. UnusableFile if there are none."""
    found = [mail for path in paths for mail in _in(path)]
    names: dict[str, int] = {}
    unique = []
    for mail in found:
        names[mail.stem] = names.get(mail.stem, 0) + 1
        unique.append(mail if names[mail.stem] == 1 else replace(mail, stem=f"{mail.stem}-{names[mail.stem]}"))
    return unique


def _in(path: Path) -> Iterator[StoredMail]:
    if not path.exists():
        raise UnusableFile(path, "there is no such file or folder.")
    if _is_maildir(path):
        yield from _maildir(path)
    elif path.is_dir():
        yield from _folder(path)
    elif _is_mbox(path):
        yield from _mbox(path)
    else:
        yield StoredMail(_stem(path.stem), str(path), partial(_read, path))


def _folder(path: Path) -> Iterator[StoredMail]:
    inner = sorted(each for each in path.rglob("*") if each.is_file())
    found = [each for each in inner if each.suffix.lower() in (".eml", *MAILBOX_SUFFIXES)]
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
            yield StoredMail(_stem(each.name.partition(":")[0]), str(each), partial(_read, each))


def _is_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"From "
    except OSError as error:
        raise UnusableFile(path, f"it cannot be read ({error.strerror}).") from None


def _mbox(path: Path) -> Iterator[StoredMail]:
    box = mailbox.mbox(path, create=False)
    for number, key in enumerate(box.keys(), 1):
        yield StoredMail(f"{_stem(path.stem)}-{number:04}", f"{path}, mail {number}", partial(_from_box, box, key))


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


def _stem(name: str) -> str:
    return _UNSAFE.sub("-", name).strip(".-")[:120] or "mail"


Result = Literal["drafted", "note", "skipped", "before", "busy"]
"""A reply, a note to a colleague, none, done by an earlier run, or another worker is at it."""
PAUSE = 0.5
"""Seconds between looks at the mails that other workers have claimed."""


class Batch:
    """One run over stored mails."""

    def __init__(self, handler: MailHandler, claims: Claims, folder: DraftFolder) -> None:
        self._clerk, self._ledger, self._outbox = handler, claims, folder
        self._mailbox = f"folder:{folder.folder}"

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
        try:
            incoming = read(mail.load())
        except UnreadableMail as error:
            if self._outbox.has_review(mail.stem):
                return "before"
            self._outbox.lay(mail.stem, None, unreadable(mail.stem, str(error)))
            return "skipped"
        claim = self._ledger.claim(self._mailbox, incoming.message_id, mail.stem)
        if claim.state == "busy":
            return "busy"
        if claim.name != mail.stem:
            return self._duplicate(mail, incoming, claim)
        if claim.state == "done" and self._outbox.has_review(mail.stem):
            return "before"
        return await self._handle(mail, incoming, claim)

    async def _handle(self, mail: StoredMail, incoming: IncomingMail, claim: Claim) -> Result:
        try:
            drafts_of = partial(self._ledger.drafts_for, self._mailbox, but=claim.message_id)
            handled = await self._clerk.handle(incoming, f"{mail.stem}.eml", self._mailbox, drafts_of)
            self._outbox.lay(mail.stem, handled.draft, handled.review)
        except SaldoError:
            self._ledger.release(claim)
            raise
        outcome: Literal["drafted", "skipped"] = "drafted" if handled.draft else "skipped"
        self._ledger.finish(claim, outcome, handled.sender, handled.day)
        return "note" if handled.draft and handled.review.addressed_to == "colleague" else outcome

    def _duplicate(self, mail: StoredMail, incoming: IncomingMail, claim: Claim) -> Result:
        """The same mail lies in two files: it gets one draft, and the other file says so."""
        if claim.state == "mine":  # its first file was claimed by a worker that died, and comes in its turn
            self._ledger.release(claim)
        if self._outbox.has_review(mail.stem):
            return "before"
        self._outbox.lay(mail.stem, None, skipped(incoming, f"the same mail as {claim.name}"))
        return "skipped"
