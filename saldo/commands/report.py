"""`saldo report`: what became of what Saldo has written."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer
from rich.table import Table

from saldo.commands.terminal import json_line, terminal
from saldo.settings import from_environment

if TYPE_CHECKING:
    from saldo.mail.store.followed_drafts import TopicCount

WHEN_PIPED = 200
"""Columns of a table that no terminal limits."""


def report(as_json: bool = typer.Option(False, "--json", help="As one JSON object.")) -> None:
    """What the team sent in the place of drafts, by topic: the draft as it was, with changes, or another letter."""
    from dataclasses import asdict

    from saldo.billing import open_database
    from saldo.mail.store.followed_drafts import FollowedDrafts

    drafts = FollowedDrafts(open_database(from_environment().database_url))
    counts, proposals = drafts.counts(), len(drafts.proposals())
    if as_json:
        print(json_line({"drafts": [asdict(each) for each in counts], "proposals": proposals}))
        return
    out = terminal(width=None if sys.stdout.isatty() else WHEN_PIPED)
    if not counts:
        out.print("No draft was laid into a mailbox yet; `saldo mail watch` lays them.")
        return
    out.print(table(counts))
    if proposals:
        pairs = "1 edited letter is" if proposals == 1 else f"{proposals:,} edited letters are"
        out.print(f"{pairs} kept beside the draft, as proposals for content and examples.")


def table(counts: list[TopicCount]) -> Table:
    """A line for each topic; a draft on several topics stands in each of them."""
    found = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), title="Drafts", title_justify="left")
    found.add_column("topic")
    for head in ("drafted", "sent as it was", "edited", "words changed", "replaced", "overtaken", "not answered"):
        found.add_column(head, justify="right")
    for each in counts:
        share = "" if each.changed is None else f"{each.changed:.0%}"
        numbers = (each.replaced, each.overtaken, each.open)
        found.add_row(each.topic, str(each.drafted), str(each.as_drafted), str(each.edited), share, *map(str, numbers))
    return found
