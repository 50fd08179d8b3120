"""The folder of drafts and reviews as the desk works on it: what became of each mail is kept beside its review.

`<stem>.desk.json` holds that; `<stem>.eml.first` is the draft as Saldo wrote it, of one that a person has edited, and
`<stem>.review.json.first` the review as it was before a person picked other topics.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timezone
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from saldo.errors import SaldoError, UnusableFile
from saldo.mail.desk.letter import fingerprint, letter_of, parsed, with_text
from saldo.mail.desk.queue import STATES, Row, State, row_of, with_older_drafts
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.review.review import Review
from saldo.mail.store.draft_folder import json_lines, write_whole
from saldo.mail.store.file_names import DESK, FIRST, REVIEW
from saldo.mail.store.kept_mail import kept_in

Json = Mapping[str, Any]


class NoSuchMail(SaldoError):
    """A mail that is not in the folder, or not any more."""

    def __init__(self) -> None:
        super().__init__("There is no such mail in the folder.")


class DraftChanged(SaldoError):
    """A draft that is not what the page shows any more."""

    def __init__(self) -> None:
        super().__init__("The draft was changed meanwhile, elsewhere; nothing was overwritten.")


class NoDraft(SaldoError):
    """A mail without a letter, where one is needed."""

    def __init__(self) -> None:
        super().__init__("There is no letter for this mail; pick a topic first.")


@dataclass(frozen=True)
class DeskState:
    """What a person did with a mail."""

    state: State = "open"
    edited: bool = False
    """Whether the letter's text is a person's; the first version stands beside it."""
    topics: tuple[str, ...] = ()
    """The topics that a person picked."""
    versions: tuple[str, ...] = ()
    """The fingerprints of earlier drafts of this mail: any of them may lie in the mailbox's Drafts."""
    changed: str = ""
    """When, in ISO 8601."""


@dataclass(frozen=True)
class DeskMail:
    """One mail with all that the desk shows of it."""

    row: Row
    review: Json
    incoming: IncomingMail | None
    draft: bytes | None
    desk: DeskState

    @property
    def revision(self) -> str:
        """What tells this version of the draft from others; empty without one."""
        return hashlib.sha256(self.draft).hexdigest()[:16] if self.draft is not None else ""

    @property
    def versions(self) -> tuple[str, ...]:
        """The fingerprints of all drafts of this mail so far."""
        now = (fingerprint(parsed(self.draft)),) if self.draft is not None else ()
        return tuple(dict.fromkeys((*self.desk.versions, *now)))


class DeskFolder:
    """The folder; what others write into it meanwhile is seen at the next look."""

    def __init__(self, folder: Path) -> None:
        """UnusableFile if there is no such folder."""
        self.folder = folder.absolute()
        if not self.folder.is_dir():
            raise UnusableFile(folder, "there is no such folder; `saldo mail draft … --out` makes one.")
        self._seen: dict[str, tuple[tuple[int, ...], Row | None]] = {}
        """By stem, the time and size of its files when they were read, and the row; None for what is no review."""

    def rows(self) -> list[Row]:
        """All mails, in no order. A file that is no review is passed over."""
        files = {path.name: path.stat() for path in self.folder.iterdir() if path.name.endswith((REVIEW, DESK))}
        seen = {}
        for name, status in files.items():
            if not name.endswith(REVIEW):
                continue
            stem = name.removesuffix(REVIEW)
            desk = files.get(f"{stem}{DESK}")
            mark = (status.st_mtime_ns, status.st_size, *((desk.st_mtime_ns, desk.st_size) if desk else ()))
            known = self._seen.get(stem)
            seen[stem] = known if known and known[0] == mark else (mark, self._row(stem, status.st_mtime))
        self._seen = seen
        return with_older_drafts([row for _, row in seen.values() if row])

    def mail(self, stem: str) -> DeskMail:
        """One mail. NoSuchMail if it is not in the folder."""
        row = next((row for row in self.rows() if row.stem == stem), None)
        if row is None:  # only what was found in the folder is ever opened, so no name leads out of it
            raise NoSuchMail()
        review = self._review(stem) or {}
        return DeskMail(row, review, kept_in(self.folder, stem), self._draft(stem, review), self._desk(stem))

    def set_state(self, mail: DeskMail, state: State) -> None:
        """Keep what became of a mail. CannotWrite if it cannot be kept."""
        self._keep(mail, replace(mail.desk, state=state))

    def edit(self, mail: DeskMail, text: str) -> None:
        """Put a person's letter in place of the draft's; the first version stays beside it. NoDraft, CannotWrite."""
        if mail.draft is None:
            raise NoDraft()
        path = self._eml(mail)
        first = path.with_name(f"{path.name}{FIRST}")
        if not first.exists():
            write_whole(first, mail.draft)
        edited = with_text(parsed(mail.draft), text, str(mail.review.get("language") or "nl"))
        write_whole(path, edited.as_bytes())
        saldos = letter_of(parsed(first.read_bytes())).text
        edits = text.strip() != saldos.strip()
        self._keep(mail, replace(mail.desk, edited=edits, state="open", versions=mail.versions))

    def replace_draft(self, mail: DeskMail, draft: EmailMessage, review: Review, topics: tuple[str, ...]) -> None:
        """Lay down the draft on topics that a person picked; the first review stays beside it. CannotWrite."""
        path, stem = self._eml(mail), mail.row.stem
        if mail.draft is not None and (before := parsed(mail.draft)["Message-ID"]):
            del draft["Message-ID"]
            draft["Message-ID"] = str(before)
        reviewed = self.folder / f"{stem}{REVIEW}"
        first = reviewed.with_name(f"{reviewed.name}{FIRST}")
        if not first.exists():
            write_whole(first, reviewed.read_bytes())
        path.with_name(f"{path.name}{FIRST}").unlink(missing_ok=True)
        write_whole(path, draft.as_bytes())
        write_whole(reviewed, json_lines({**mail.review, **review.as_json()}))
        self._keep(mail, replace(mail.desk, topics=topics, edited=False, state="open", versions=mail.versions))

    def _row(self, stem: str, written: float) -> Row | None:
        review = self._review(stem)
        if review is None:
            return None
        desk = self._desk(stem)
        return replace(row_of(stem, review, written), state=desk.state, edited=desk.edited)

    def _review(self, stem: str) -> Json | None:
        try:
            found = json.loads((self.folder / f"{stem}{REVIEW}").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) and "message_id" in found else None

    def _desk(self, stem: str) -> DeskState:
        try:
            found = json.loads((self.folder / f"{stem}{DESK}").read_text(encoding="utf-8"))
            state: State = next((each for each in STATES if each == found["state"]), "open")
            topics, versions = (tuple(map(str, found[name])) for name in ("topics", "versions"))
            return DeskState(state, bool(found["edited"]), topics, versions, str(found["changed"]))
        except (OSError, ValueError, KeyError, TypeError):
            return DeskState()

    def _draft(self, stem: str, review: Json) -> bytes | None:
        path = self.folder / f"{stem}.eml"
        try:
            return path.read_bytes() if review.get("draft") else None
        except OSError:
            return None

    def _eml(self, mail: DeskMail) -> Path:
        return self.folder / f"{mail.row.stem}.eml"

    def _keep(self, mail: DeskMail, desk: DeskState) -> None:
        kept = replace(desk, changed=datetime.now(timezone.utc).isoformat(timespec="seconds"))
        write_whole(self.folder / f"{mail.row.stem}{DESK}", json_lines(asdict(kept)))
