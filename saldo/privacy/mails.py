"""Folders of reviews, drafts and mails as places: whose a mail is stands in its review."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saldo.mail.store.file_names import ALL, DRAFT, MAIL, REVIEW
from saldo.privacy.kept import Json, Kept, Pause, Who

HANDOVER = "handover-"
PROVEN = re.compile(r"(?:; contact of |signed in where the chat is: )(\S+?)(?: only)?$")
"""How a review of an older Saldo says whose mail it is."""
STEP = 100


@dataclass(frozen=True)
class Mail:
    """Whose one mail is, as its review tells."""

    stem: str
    customer: str | None
    addresses: frozenset[str]

    @property
    def reference(self) -> str | None:
        """The reference of the handover that it is, if it is one of a chat or the shell."""
        return self.stem.removeprefix(HANDOVER) if self.stem.startswith(HANDOVER) else None


def mails_in(folder: Path) -> Iterator[Mail]:
    """All mails of a folder; a review that cannot be read is nobody's."""
    for path in sorted(folder.glob(f"*{REVIEW}")):
        review = _json(path)
        handover = review.get("handover") or {}
        proven = PROVEN.search(str(review.get("identity_reason") or ""))
        customer = review.get("customer") or (handover.get("customer") or {}).get("id") or (proven and proven[1])
        given = (review.get("from"), handover.get("address"))
        addresses = frozenset(str(each).casefold() for each in given if each)
        yield Mail(path.name.removesuffix(REVIEW), str(customer) if customer else None, addresses)


@dataclass(frozen=True)
class Mails(Kept):
    """The mails of one folder: review, draft, the mail as it was read, and what was done with it at the desk."""

    folder: Path

    @property
    def files(self) -> tuple[str, ...]:
        return tuple(f"{self.folder.name}/*{suffix}" for suffix in ALL)

    def count(self, who: Who) -> int:
        return len(self._of(who))

    def erase(self, who: Who) -> int:
        stems = self._of(who)
        for stem in stems:
            self._remove(stem)
        return len(stems)

    def count_before(self, moment: float) -> int:
        return sum(1 for _ in self._before(moment))

    def purge(self, moment: float, pause: Pause) -> int:
        removed = 0
        for stem in list(self._before(moment)):
            self._remove(stem)
            removed += 1
            if removed % STEP == 0 and not pause():
                break
        return removed

    def export(self, who: Who) -> list[Json]:
        return [self._shown(stem) for stem in self._of(who)]

    def _of(self, who: Who) -> list[str]:
        return sorted(stem for stem in who.stems if self._path(stem, REVIEW).is_file())

    def _before(self, moment: float) -> Iterator[str]:
        for path in sorted(self.folder.glob(f"*{REVIEW}")):
            stem = path.name.removesuffix(REVIEW)
            times = [_touched(self._path(stem, suffix)) for suffix in ALL]
            if max(times) < moment:
                yield stem

    def _remove(self, stem: str) -> None:
        for suffix in ALL:
            self._path(stem, suffix).unlink(missing_ok=True)

    def _shown(self, stem: str) -> Json:
        found: Json = {"name": stem, "review": dict(_json(self._path(stem, REVIEW)))}
        with suppress(OSError):
            found["draft"] = self._path(stem, DRAFT).read_text(encoding="utf-8", errors="replace")
        if mail := _json(self._path(stem, MAIL)):
            found["mail"] = mail
        return found

    def _path(self, stem: str, suffix: str) -> Path:
        return self.folder / f"{stem}{suffix}"


def _touched(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
    except OSError:
        return time.time()


def _json(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
