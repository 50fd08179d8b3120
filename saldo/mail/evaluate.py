"""Measures the drafts on mails whose topics are known: pairs of `<stem>.eml` and `<stem>.json` in a folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from saldo.errors import UnusableFile
from saldo.mail.handler import MailHandler
from saldo.mail.parse.incoming import read

Json = Mapping[str, Any]


@dataclass(frozen=True)
class MailScores:
    """One mail: the topics it asks, those that only its quoted thread is about, and those that the draft answers."""

    path: Path
    asked: frozenset[str]
    quoted: frozenset[str]
    answered: frozenset[str]

    @property
    def leaked(self) -> frozenset[str]:
        return self.answered & (self.quoted - self.asked)


@dataclass(frozen=True)
class MailFigures:
    """What a set of mails came to; skipped mails do not count."""

    mails: Sequence[MailScores]

    @property
    def micro_f1(self) -> float:
        """Over all topics asked and answered; 1 where there are none of either."""
        right = sum(len(mail.asked & mail.answered) for mail in self.mails)
        total = sum(len(mail.asked) + len(mail.answered) for mail in self.mails)
        return 2 * right / total if total else 1.0

    @property
    def exact(self) -> float:
        """Share of mails whose draft answers just what was asked."""
        return 1 - len(self.inexact) / len(self.mails) if self.mails else 1.0

    @property
    def inexact(self) -> list[MailScores]:
        return [mail for mail in self.mails if mail.asked != mail.answered]

    @property
    def leaked(self) -> list[MailScores]:
        return [mail for mail in self.mails if mail.leaked]


def pairs_in(folder: Path) -> list[tuple[Path, Json]]:
    """The mails of a folder, each with what is expected of it. UnusableFile if there are none, or one lacks it."""
    found = [(path, expected(path)) for path in sorted(folder.glob("*.eml"))]
    if not found:
        raise UnusableFile(folder, "there are no .eml files in it, each with a .json of its topics beside it.")
    return found


def expected(path: Path) -> Json:
    """What is expected of a mail: its `topics`, its thread's `quoted_topics`, and why it is `skipped`, or null."""
    beside = path.with_suffix(".json")
    try:
        found = json.loads(beside.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnusableFile(beside, f"what is expected of {path.name} cannot be read ({error}).") from None
    if not isinstance(found, dict) or not isinstance(found.get("topics"), list):
        raise UnusableFile(beside, 'it lacks "topics", the list of topics that the mail asks about.')
    return found


async def measure(handler: MailHandler, pairs: Iterable[tuple[Path, Json]]) -> MailFigures:
    """Handle each mail as if it had just come, and compare."""
    mails = []
    for path, wanted in pairs:
        if wanted.get("skipped"):
            continue
        handled = await handler.handle(read(path.read_bytes()), path.name, "measuring", lambda sender, day: 0)
        mails.append(measured(path, wanted, handled.review.as_json()))
    return MailFigures(mails)


def measured(path: Path, wanted: Json, review: Json) -> MailScores:
    """One mail's review beside what was expected of it."""
    answered = frozenset(each["topic"] for each in review["questions"] if each["status"] == "answered")
    return MailScores(path, frozenset(wanted["topics"]), frozenset(wanted.get("quoted_topics", ())), answered)
