"""The folder that drafts and reviews are laid in. A file is there whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from saldo.errors import SaldoError, UnusableFile
from saldo.mail.review.review import SUFFIX, Review


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

    def has_review(self, stem: str) -> bool:
        return self._review(stem).is_file()

    def lay(self, stem: str, draft: EmailMessage | None, review: Review) -> None:
        """The draft, then the review: where the review stands, the mail is done."""
        if draft is not None:
            self._write(self.folder / f"{stem}.eml", draft.as_bytes())
        text = json.dumps(review.as_json(), ensure_ascii=False, indent=1)
        self._write(self._review(stem), f"{text}\n".encode())

    def _review(self, stem: str) -> Path:
        return self.folder / f"{stem}{SUFFIX}"

    def _write(self, path: Path, data: bytes) -> None:
        """To a file beside it that takes its place at the end; drafts hold customers' figures, so mode 0600."""
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


def reviews_in(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each review in a folder with its stem, by name. UnusableFile if there is no folder, or a file is no review."""
    if not folder.is_dir():
        raise UnusableFile(folder, "there is no such folder; `saldo mail draft … --out` makes one.")
    for path in sorted(folder.glob(f"*{SUFFIX}")):
        try:
            review = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise UnusableFile(path, f"this is no review ({error}).") from None
        if not isinstance(review, dict) or "message_id" not in review:
            raise UnusableFile(path, "this is no review.")
        yield path.name.removesuffix(SUFFIX), review
