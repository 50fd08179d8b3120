"""The folder that drafts and reviews are laid in. A file is there whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from saldo.errors import SaldoError, UnusableFile
from saldo.mail.parse.incoming import IncomingMail
from saldo.mail.review.review import Review
from saldo.mail.store import kept_mail
from saldo.mail.store.file_names import MAIL, REVIEW
from saldo.private_files import remove_leftovers


class CannotWrite(SaldoError):
    """A draft that cannot be laid down."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} cannot be written ({error.strerror}). Nothing is lost: mend that and run again.")


class DraftFolder:
    """Drafts `<stem>.eml` and reviews `<stem>.review.json` in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CannotWrite(self.folder, error) from None
        remove_leftovers(self.folder)

    def has_review(self, stem: str) -> bool:
        return self._review(stem).is_file()

    def lay(self, stem: str, draft: EmailMessage | None, review: Review, incoming: IncomingMail | None = None) -> None:
        """The draft and the mail as it was read, then the review: where the review stands, the mail is done."""
        if draft is not None:
            write_whole(self.folder / f"{stem}.eml", draft.as_bytes())
        if incoming is not None:
            write_whole(self.folder / f"{stem}{MAIL}", kept_mail.to_bytes(incoming))
        write_whole(self._review(stem), json_lines(review.as_json()))

    def amend(self, stem: str, **fields: Any) -> None:
        """Write fields into a review, beside those that it has; nothing where another machine keeps it."""
        try:
            review = json.loads(self._review(stem).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(review, dict) and {**review, **fields} != review:
            write_whole(self._review(stem), json_lines({**review, **fields}))

    def _review(self, stem: str) -> Path:
        return self.folder / f"{stem}{REVIEW}"


def json_lines(content: Mapping[str, Any]) -> bytes:
    """Content as JSON that people can read, too."""
    return f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode("utf-8", "replace")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside it that takes its place at the end; drafts hold customers' figures, so mode 0600."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise CannotWrite(path, error) from None


def is_draft(path: Path) -> bool:
    """Whether a file is a draft that Saldo laid down: its review stands beside it."""
    return path.with_name(f"{path.stem}{REVIEW}").is_file()


def reviews_in(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each review in a folder with its stem, by name. UnusableFile if there is no folder, or a file is no review."""
    if not folder.is_dir():
        raise UnusableFile(folder, "there is no such folder; `saldo mail draft … --out` makes one.")
    for path in sorted(folder.glob(f"*{REVIEW}")):
        try:
            review = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnusableFile(path, f"this is no review ({error}).") from None
        if not isinstance(review, dict) or "message_id" not in review:
            raise UnusableFile(path, "this is no review.")
        yield path.name.removesuffix(REVIEW), review
