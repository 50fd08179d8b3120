"""Reviews in the terminal: a line for each mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

Json = Mapping[str, Any]
STYLES = {"answered": "green", "needs_person": "yellow", "out_of_scope": "dim"}
IDENTITIES = {"authenticated": "green", "known": "yellow"}


def table(reviews: Iterable[tuple[str, Json]]) -> Table:
    """Mail, language, identity, each question with its status and confidence, and what was drafted."""
    shown = Table("mail", "from", "language", "identity", "questions", "draft", box=box.SIMPLE_HEAD, padding=(0, 1))
    shown.columns[4].no_wrap = True
    for stem, review in reviews:
        shown.add_row(
            Text(stem), Text(str(review.get("from") or "")), review["language"] or "", _identity(review),
            _questions(review), _draft(review),
        )  # fmt: skip
    return shown


def _identity(review: Json) -> Text:
    """The level; of a mail that was not answered nothing was looked up."""
    return Text("" if review["skipped"] else review["identity"], IDENTITIES.get(review["identity"], ""))


def _questions(review: Json) -> Text:
    lines = [
        Text(f"{each['topic']} {each['confidence']:.2f} {each['status'].replace('_', ' ')}", STYLES[each["status"]])
        for each in review["questions"]
    ]
    return Text("\n").join(lines)


def _draft(review: Json) -> Text:
    if review["skipped"]:
        return Text(f"skipped: {review['skipped']}", style="dim")
    note = review.get("addressed_to") == "colleague"
    return Text(f"{review['draft']}{' (to a colleague)' if note else ''}", style="yellow" if note else "")
