"""The order in which mails are worked off, and why each stands where it stands. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import Any, Literal, get_args

Json = Mapping[str, Any]
State = Literal["open", "handled", "not_a_question", "in_drafts"]
STATES: tuple[State, ...] = get_args(State)
Shown = Literal["open", "done", "skipped"]
SHOWN: tuple[Shown, ...] = get_args(Shown)
PER_PAGE = 50

OLDER_DRAFT = "older_draft"
GRAVEST: Sequence[str] = (
    "account_number_changed", "account_number_given", "legal_step", "complaint", "bereavement", "insolvency",
    "polite_order", "document_handed_in", "figure_contradicts", "records_disagree", "number_not_found",
    "not_a_question", "reply_to_elsewhere", "stranger_in_cc", "unread_part", "low_confidence", "unread_attachment",
    OLDER_DRAFT, "foreign_language",
)  # fmt: skip
"""The risks of a review, the gravest first; others come after them."""


@dataclass(frozen=True)
class Row:
    """One mail in the queue."""

    stem: str
    subject: str
    sender: str
    language: str
    outcome: str
    urgent: bool
    skipped: bool
    has_draft: bool
    risks: tuple[str, ...]
    topics: tuple[str, ...]
    arrived: float
    """Seconds since 1970."""
    thread: str
    answered: str | None
    """How a colleague answered it in the mailbox, if it was looked for: `as drafted`, `edited` or `replaced`."""
    overtaken: bool = False
    """Whether the thread went on with another mail before this one was answered."""
    state: State = "open"
    edited: bool = False

    @property
    def shown(self) -> Shown:
        """In which part of the queue it stands."""
        if self.state != "open" or self.answered or self.overtaken:
            return "done"
        return "skipped" if self.skipped else "open"

    @property
    def order(self) -> tuple[int, int, int, float, str]:
        """Urgent mails, those for a person, drafts with the gravest risk first, drafts without one, nothing to answer.

        Among equals the one that waits longest.
        """
        gravest = min((_weight(risk) for risk in self.risks), default=len(GRAVEST) + 1)
        if self.urgent:
            group = 0
        elif self.outcome == "person":
            group = 1
        elif self.outcome == "draft":
            group = 2
        else:
            group = 3
        return group, gravest, -len(self.risks), self.arrived, self.stem


@dataclass(frozen=True)
class Page:
    """A page of the queue."""

    rows: tuple[Row, ...]
    number: int
    """From 0."""
    pages: int
    total: int
    counts: Mapping[Shown, int]


def row_of(stem: str, review: Json, written: float) -> Row:
    """A review as a row; `written` is when its file was, for reviews that do not tell when the mail came."""
    questions = review.get("questions") or ()
    return Row(
        stem=stem,
        subject=str(review.get("subject") or ""),
        sender=str(review.get("from") or ""),
        language=str(review.get("language") or ""),
        outcome=str(review.get("outcome") or ("draft" if review.get("draft") else "person")),
        urgent=bool(review.get("urgent")),
        skipped=bool(review.get("skipped")),
        has_draft=bool(review.get("draft")),
        risks=tuple(map(str, review.get("risks") or ())),
        topics=tuple(dict.fromkeys(str(each["topic"]) for each in questions)),
        arrived=_seconds(review.get("arrived"), written),
        thread=str(review.get("thread") or review.get("message_id") or stem),
        answered=str(review["answered"]) if review.get("answered") else None,
        overtaken=bool(review.get("overtaken_by")),
    )


def with_older_drafts(rows: Sequence[Row]) -> list[Row]:
    """The rows, those marked in whose thread an earlier mail still has an open draft."""
    earliest: dict[str, float] = {}
    for row in rows:
        if row.has_draft and row.shown == "open":
            earliest[row.thread] = min(row.arrived, earliest.get(row.thread, row.arrived))
    return [
        replace(row, risks=tuple(dict.fromkeys((*row.risks, OLDER_DRAFT))))
        if earliest.get(row.thread, row.arrived) < row.arrived
        else row
        for row in rows
    ]


def page(rows: Iterable[Row], shown: Shown, find: str, number: int, names: Mapping[str, str]) -> Page:
    """The rows of one part of the queue that hold all words of `find`, in order; the last page if there is none such.

    `names` are what topics and risks are called on the page, so that they can be found by that, too.
    """
    found = list(rows)
    words = find.casefold().split()
    here = sorted((row for row in found if row.shown == shown and _holds(row, words, names)), key=lambda row: row.order)
    pages = max(1, -(-len(here) // PER_PAGE))
    number = max(0, min(number, pages - 1))
    counts = Counter(row.shown for row in found)
    start = number * PER_PAGE
    return Page(tuple(here[start : start + PER_PAGE]), number, pages, len(here), {name: counts[name] for name in SHOWN})


def _holds(row: Row, words: Collection[str], names: Mapping[str, str]) -> bool:
    if not words:
        return True
    called = (names.get(each, each) for each in (*row.topics, *row.risks))
    text = " ".join((row.subject, row.sender, *called)).casefold()
    return all(word in text for word in words)


def _weight(risk: str) -> int:
    return GRAVEST.index(risk) if risk in GRAVEST else len(GRAVEST)


def _seconds(arrived: object, otherwise: float) -> float:
    try:
        moment = datetime.fromisoformat(str(arrived))
        return (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    except (ValueError, OverflowError):
        return otherwise
